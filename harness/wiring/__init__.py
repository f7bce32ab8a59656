"""The composition root: puts the floors together for each verb."""
