"""The web application: pages and an HTTP API over the same use cases as the command line."""
