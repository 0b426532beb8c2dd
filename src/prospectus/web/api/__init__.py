"""The HTTP API, versioned; one router for each resource."""
