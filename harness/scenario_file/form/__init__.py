"""The structure of the file, declared once: it validates, and it is the JSON Schema."""
