"""Runs what a search asks for: concurrent, limited, recorded as it happens."""
