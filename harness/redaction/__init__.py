"""Replace every secret by a placeholder that still shows what matters for a diagnosis."""
