"""Why a flip flips: recognising causes from observations; pure, no I/O."""
