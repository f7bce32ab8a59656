"""Reads a scenario file: strict YAML, one structure, and faults that name their places."""
