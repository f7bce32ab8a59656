"""Where the parts written by others are, and what to say when one is not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM_MANIFEST = Path(__file__).with_name("packages.json")
NPM_FOLDER = ROOT / ".real" / "npm"
"""Outside of what git and the packages hold."""

HOW_TO_GET = "run `python tests/real/install.py` (as root, or with sudo for apt)"

# Daemons are installed where a plain user's PATH does not lead.
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
_FAKETIME = "faketime/libfaketime.so.1"


class MissingPartError(Exception):
    """A part that the lane needs is not installed; the lane fails and says how to get it."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part} is not installed: {HOW_TO_GET}")


def find_program(name: str) -> str | None:
    """Return the path of a program, or None."""
    folders = os.pathsep.join((os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS))
    return shutil.which(name, path=folders)


def find_faketime() -> Path | None:
    """Return the path of libfaketime, or None."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib"), Path("/usr/lib64")):
        for found in sorted((*folder.glob(_FAKETIME), *folder.glob(f"*/{_FAKETIME}"))):
            return found
    return None


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        MissingPartError: it is not installed.
    """
    found = find_program(name)
    if found is None:
        raise MissingPartError(name)
    return found


def faketime_library() -> Path:
    """Return the path of libfaketime.

    Raises:
        MissingPartError: it is not installed.
    """
    found = find_faketime()
    if found is None:
        raise MissingPartError("libfaketime")
    return found


def npm_folder() -> Path:
    """Return the folder in which the npm packages are installed.

    Raises:
        MissingPartError: they are not.
    """
    if not (NPM_FOLDER / "node_modules").is_dir():
        raise MissingPartError("the npm part (oidc-provider, express-oauth2-jwt-bearer)")
    return NPM_FOLDER
