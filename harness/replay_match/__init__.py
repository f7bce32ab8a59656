"""Which recorded exchange a live request stands for, though the cassette holds no key."""
