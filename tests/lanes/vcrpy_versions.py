"""Load every recording of this repository in vcrpy 8.2.1 and in the newest release."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from environments import ROOT, fresh, pip, run

OLDEST = "vcrpy==8.2.1"
NEWEST = "vcrpy"

LOAD = """
import importlib.metadata, json, sys, vcr
from vcr.cassette import Cassette
for path in sys.argv[1:]:
    cassette = Cassette.load(path=path, record_mode=vcr.mode.NONE)
    statuses = [response["status"]["code"] for response in cassette.responses]
    assert cassette.requests and len(statuses) == len(cassette.requests)
    version = importlib.metadata.version("vcrpy")
    print(json.dumps({"vcrpy": version, "file": path, "statuses": statuses}))
"""


def main() -> int:
    recordings = sorted((ROOT / "cassettes" / "shown").glob("*.yaml"))
    recordings += sorted((ROOT / "tests" / "cassettes_of_versions").glob("*.yaml"))
    assert recordings, "there is no recording to load"
    seen = []
    with tempfile.TemporaryDirectory(prefix="flip401-vcrpy-") as temporary:
        for wanted in (OLDEST, NEWEST):
            bin_folder = fresh(Path(temporary) / wanted.replace("=", "-"))
            pip(bin_folder, wanted)
            # Its own folder: nothing of this repository may be imported.
            out = run(bin_folder / "python", "-c", LOAD, *recordings, cwd=Path(temporary))
            print(out, end="", flush=True)
            seen.append(len(out.splitlines()))
    return 0 if seen == [len(recordings)] * 2 else 1


if __name__ == "__main__":
    sys.exit(main())
