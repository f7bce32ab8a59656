"""From a plan and its keys to a signed request: pure functions of `(plan, secrets, now)`."""
