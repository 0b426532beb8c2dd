"""Catalog and student files: read, checked, and turned into domain objects."""
