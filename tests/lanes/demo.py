"""Check the demo's result: the planted fault was found, proved and explained.

Usage: demo.py RESULT.json EXIT_CODE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PLANTED = {"key": ["shell", "dotenv"]}
CODE = "K08"


def main(path: str, exit_code: str) -> str:
    """Return what is wrong, or "" when all is as planted."""
    if exit_code != "1":
        return f"flip401 left with exit code {exit_code}; an unexpected flip is 1"
    result = json.loads(Path(path).read_text(encoding="utf-8"))
    (run,) = result["runs"]
    found = [
        (item["flip"], item["to"], item["code"], item["confidence"]) for item in run["findings"]
    ]
    if result["exit"] != 1 or not run["lab"] or run["verdict"] != "flip":
        return f"exit {result['exit']}, lab {run['lab']}, verdict {run['verdict']}"
    if found != [(PLANTED, "denied", CODE, "proved")]:
        return f"expected the flip {PLANTED} with cause {CODE}, proved; found {found}"
    if not run["fixes"] or not Path(run["cassette"]).is_file():
        return "there is no fix, or no cassette"
    print(f"demo: ok, {CODE} found and proved with {run['requests_sent']} requests")
    return ""


if __name__ == "__main__":
    # A text would be printed and fail; none is success.
    sys.exit(main(*sys.argv[1:]) or 0)
