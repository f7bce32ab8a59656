"""Install the servers and proxies of the lane `test-real`; does nothing when all are there.

Usage: install.py [--check]. apt needs root or a `sudo` that asks nothing; npm needs Node 20.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from real.places import NPM_FOLDER, NPM_MANIFEST, find_faketime, find_program

PROGRAM_OF = {
    "apache2": "apache2",
    "curl": "curl",
    "dante-server": "danted",
    "microsocks": "microsocks",
    "nginx": "nginx",
    "nodejs": "node",
    "squid": "squid",
    "tinyproxy": "tinyproxy",
}
"""Debian package: the program that shows that it is there."""


def main(*arguments: str) -> int:
    wanted = missing_packages()
    if arguments == ("--check",):
        for name in wanted:
            print(f"missing: {name}")
        print(f"npm packages: {'there' if npm_is_done() else 'missing'}")
        return 1 if wanted or not npm_is_done() else 0
    if wanted:
        install_packages(wanted)
    if not npm_is_done():
        install_npm()
    left = missing_packages()
    print(f"still missing: {', '.join(left)}" if left else "all parts of test-real are there")
    return 1 if left or not npm_is_done() else 0


def missing_packages() -> list[str]:
    missing = [package for package, name in PROGRAM_OF.items() if not find_program(name)]
    if find_faketime() is None:
        missing.append("faketime")
    # Debian's `nodejs` alone has no npm; other distributions of Node bring their own.
    if find_program("npm") is None:
        missing.append("npm")
    return missing


def install_packages(names: list[str]) -> None:
    apt = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    if _apt(apt, check=False) != 0:
        _apt(["apt-get", "update", "-q"], check=True)
        _apt(apt, check=True)


def _apt(command: list[str], *, check: bool) -> int:
    if os.geteuid() != 0:
        command = ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND", *command]
    print("+", *command, flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=check, env=environ, stdin=subprocess.DEVNULL).returncode


def npm_is_done() -> bool:
    """Tell whether each package of the manifest is installed in its version."""
    for name, version in json.loads(NPM_MANIFEST.read_text())["dependencies"].items():
        installed = NPM_FOLDER / "node_modules" / name / "package.json"
        if not installed.is_file() or json.loads(installed.read_text())["version"] != version:
            return False
    return True


def install_npm() -> None:
    NPM_FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(NPM_MANIFEST, NPM_FOLDER / "package.json")
    npm = find_program("npm")
    assert npm is not None
    command = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error"]
    print("+", *command, flush=True)
    subprocess.run(command, check=True, cwd=NPM_FOLDER, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
