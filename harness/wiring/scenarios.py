"""Find a scenario: a path, or the name of one that ships with the package."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import harness
from harness.errors import UsageError

_PACKAGE = Path(harness.__file__).parent
MAX_BYTES = 16 << 20
"""More than any reader accepts: enough to let the reader say that a file is too large."""


@dataclass(frozen=True, slots=True)
class FoundScenario:
    """The bytes of a scenario, the name to show for it, and the folder of its files.

    `shipped` is true only when the bytes are those of the packaged file of that name.
    """

    text: bytes
    shown: str
    directory: Path
    shipped: bool


def find_scenario(name: str) -> FoundScenario:
    """Read the file called `name`; where no such file exists, the shipped scenario.

    Raises:
        UsageError: there is neither, or the file cannot be read.
    """
    path = Path(name)
    shipped = shipped_scenarios()
    try:
        if not path.exists() or (path.is_dir() and name in shipped):
            if name not in shipped:
                raise _not_found(name, shipped)
            path = shipped[name]
        with path.open("rb") as file:
            text = file.read(MAX_BYTES)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UsageError(
            f"cannot read {name}: {reason}", hint="a scenario is a YAML file"
        ) from None
    original = shipped.get(path.stem)
    is_shipped = original is not None and original.read_bytes() == text
    return FoundScenario(text, name, path.parent, is_shipped)


def shipped_scenarios(package: Path = _PACKAGE) -> dict[str, Path]:
    """Return the packaged scenarios by name; from a source tree, those beside the package."""
    for folder in (package / "scenarios", package.parent / "scenarios"):
        if folder.is_dir():
            return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return {}


def _not_found(name: str, shipped: dict[str, Path]) -> UsageError:
    near = get_close_matches(Path(name).stem, shipped, n=1)
    if near:
        hint = f"did you mean {near[0]}? (a shipped scenario)"
    else:
        hint = f"give a path, or a shipped scenario: {', '.join(shipped)}"
    return UsageError(f"no scenario file {name}", hint=hint)
