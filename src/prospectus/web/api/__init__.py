"""The HTTP API: everything that the pages do, for programs."""
