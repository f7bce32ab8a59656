"""`flip401 isolate`: `run --strategy isolate`."""

from __future__ import annotations

from harness.cli.run import make_command
from harness.model.scenario import Strategy

command = make_command("isolate", Strategy.ISOLATE)
