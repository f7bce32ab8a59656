"""Build wheel and sdist; run every shipped scenario from wheel, sdist and editable install."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from environments import ROOT, fresh, pip, run

CODES = {0, 1}
"""What a shipped scenario may end with in the lab: as expected, or with a flip to show."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="flip401-package-") as temporary:
        folder = Path(temporary)
        builder = fresh(folder / "builder")
        pip(builder, "build")
        run(builder / "python", "-m", "build", "--outdir", folder / "dist", ROOT)
        (wheel,) = (folder / "dist").glob("*.whl")
        (sdist,) = (folder / "dist").glob("*.tar.gz")
        check_wheel(wheel)
        check_sdist(sdist)
        for name, what in (("wheel", [wheel]), ("sdist", [sdist]), ("editable", ["-e", ROOT])):
            bin_folder = fresh(folder / name)
            pip(bin_folder, *what)
            run_scenarios(name, bin_folder, folder / f"{name}-run")
    return 0


def check_wheel(wheel: Path) -> None:
    """The wheel installs nothing but `harness` at top level, typed, with every scenario."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"harness"}, tops
    packed = {Path(name).name for name in names if name.startswith("harness/scenarios/")}
    assert packed == {path.name for path in (ROOT / "scenarios").glob("*.yaml")}, packed
    assert "harness/py.typed" in names
    print(f"wheel: {len(names)} files, nothing but harness at top level", flush=True)


def check_sdist(sdist: Path) -> None:
    """The sdist holds what the tests need."""
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names
    assert any(name.startswith("tests/") for name in names)
    print(f"sdist: {len(names)} files", flush=True)


def run_scenarios(name: str, bin_folder: Path, folder: Path) -> None:
    """Run every shipped scenario by name in the lab, from an empty folder, in one go."""
    folder.mkdir()
    shipped = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    done = subprocess.run(
        [bin_folder / "flip401", "run", *shipped, "--lab", "--format", "json"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, f"{name}: exit {done.returncode} {done.stderr}"
    runs = json.loads(done.stdout)["runs"]
    assert [item["scenario"] for item in runs] == shipped
    for result in runs:
        assert result["exit"] in CODES, f"{name}: {result}"
        assert (folder / result["cassette"]).is_file(), result["scenario"]
    print(f"{name}: {len(runs)} shipped scenarios ran in the lab", flush=True)


if __name__ == "__main__":
    sys.exit(main())
