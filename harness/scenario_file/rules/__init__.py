"""The rules of the contract that go beyond structure, one idea per file."""
