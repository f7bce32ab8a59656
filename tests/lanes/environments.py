"""Fresh virtual environments for the lanes that need their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

QUIETLY = ("-q", "--disable-pip-version-check")
ROOT = Path(__file__).parents[2]


def fresh(folder: Path, python: str = sys.executable) -> Path:
    """Make a virtual environment anew and return its `bin` folder."""
    run(python, "-m", "venv", "--clear", folder)
    return folder / "bin"


def pip(bin_folder: Path, *arguments: object) -> None:
    """Install into the environment."""
    run(bin_folder / "python", "-m", "pip", "install", *QUIETLY, *arguments)


def run(*command: object, cwd: Path | None = None) -> str:
    """Run a command, return its stdout; a failure ends the lane with what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shown = " ".join(map(str, command))
        sys.exit(f"{shown}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
