"""The cassette's text: one redacted exchange per line, in a form that vcrpy loads."""
