"""From the validated forms to the frozen values that the rest of the program speaks in."""
