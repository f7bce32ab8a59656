"""Sends requests: one attempt, one hop at a time, and reports what happened."""
