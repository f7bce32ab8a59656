"""From a scenario to variants and their requests: pure arithmetic over patches."""
