"""From redacted exchanges to outcomes, expectations and the exit code: pure."""
