"""Strict YAML: a tree with places, within limits, that nothing in the file can overstep."""
