"""The command line: one file per verb; nothing but parsing, wiring, rendering."""
