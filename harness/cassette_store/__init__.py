"""Cassettes on disk: written so that a crash loses nothing, read so that nothing is trusted."""
