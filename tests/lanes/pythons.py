"""Run the whole suite on every Python 3.11 to 3.13 that is on this machine.

A Python that is not here is listed; finding none but the current one is no failure. With
`--others` the version that runs this script is left out: another lane has run on it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from environments import ROOT, fresh, pip

VERSIONS = ("3.11", "3.12", "3.13")


def interpreters() -> dict[str, str]:
    """Return a working interpreter for each version that answers `--version`."""
    found: dict[str, str] = {}
    for version in VERSIONS:
        for candidate in candidates(version):
            if answers(candidate, version):
                found[version] = candidate
                break
    return found


def candidates(version: str) -> list[str]:
    """Return where a Python of this version may be: on PATH, or installed by pyenv."""
    named = [path for path in (shutil.which(f"python{version}"),) if path]
    if shutil.which("pyenv"):
        asked = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False)
        installed = Path(asked.stdout.strip(), "versions").glob(f"{version}.*/bin/python")
        named += map(str, sorted(installed))
    return named


def answers(candidate: str, version: str) -> bool:
    """Tell whether the candidate runs and is of this version."""
    done = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.startswith(f"Python {version}.")


def main(*flags: str) -> int:
    here = interpreters()
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    code = 0
    for version in VERSIONS:
        if version == own and "--others" in flags:
            print(f"python {version}: another lane has run on it", flush=True)
            continue
        if version not in here:
            print(f"python {version}: not on this machine", flush=True)
            continue
        bin_folder = fresh(ROOT / f".venv-{version}", here[version])
        pip(bin_folder, "-e", ".[test]")
        print(f"python {version}: {here[version]}", flush=True)
        done = subprocess.run(
            [str(bin_folder / "python"), "-m", "pytest", "-n", "2", "-q"], cwd=ROOT, check=False
        )
        code = code or done.returncode
    return code if here else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
