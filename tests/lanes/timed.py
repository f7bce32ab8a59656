"""Run a lane and print how long it took. Usage: timed.py NAME COMMAND…"""

from __future__ import annotations

import subprocess
import sys
import time


def main(name: str, *command: str) -> int:
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    print(f"lane {name}: {time.monotonic() - started:.0f} s, exit {code}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
