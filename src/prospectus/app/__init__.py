"""One function per use case: each joins catalogs, definition, planner and comparison."""
