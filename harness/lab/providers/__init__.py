"""One file per provider: whose answers the lab's origin gives."""
