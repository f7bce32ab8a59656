"""Record the cassettes of this version that stay in the tests; run once, before its release.

Usage: version_cassettes.py [--again]. What a released version recorded is never recorded again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import harness

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "cassettes_of_versions"
SCENARIOS = (
    "deepseek-401",
    "clock-hmac",
    "redirect",
    "proxy-strips",
    "key-presence",
    "canary-path",
)


def main(*flags: str) -> int:
    for name in SCENARIOS:
        record(f"{name}.lab.yaml", name, again="--again" in flags)
    record("two-runs.lab.yaml", "scheme", again="--again" in flags)
    record("two-runs.lab.yaml", "key-wrong", "--append", again=True)
    return 0


def record(file: str, scenario: str, *options: str, again: bool) -> None:
    path = FOLDER / f"{harness.__version__}-{file}"
    if path.exists() and not again:
        raise SystemExit(f"{path} is there; --again records it anew")
    command = [sys.executable, "-m", "harness", "run", scenario, "--lab", "--cassette", str(path)]
    done = subprocess.run([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{scenario} ended with {done.returncode}")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
