"""A cassette as an HTTP server on this machine."""
