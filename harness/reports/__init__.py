"""What people and machines read of a run: terminal, JSON, progress, narration."""
