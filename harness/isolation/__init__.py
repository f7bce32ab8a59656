"""Which cells of the matrix to send next, and what the outcomes so far prove."""
