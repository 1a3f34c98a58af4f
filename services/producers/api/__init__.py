"""The HTTP API of producers: parse, use case, status."""
