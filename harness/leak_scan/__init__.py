"""The gate: an independent reader that looks for secrets in written bytes, by decoding them."""
