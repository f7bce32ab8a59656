"""For people's own `vcr.VCR`: redaction, a gate and identity matching for their cassettes."""
