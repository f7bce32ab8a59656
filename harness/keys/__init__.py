"""Reads keys from where they live; one file per kind of source."""
