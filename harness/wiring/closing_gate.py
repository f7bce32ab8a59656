"""The last look at what is about to be published: its bytes, as they stand on the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from harness.errors import LeakError
from harness.model.secret import Secret
from harness.redaction.gate import find_leaks

_FORMS = ("raw", "JSON-escaped", "percent-encoded", "HTML", "mixed escapes", "base64", "hex")
"""What the gate undoes before it looks for a secret."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """What was looked for, and in how many files; nothing of it was found."""

    secrets: int
    files: int

    def __str__(self) -> str:
        """Render as the sentence that stands in a bug report."""
        files = f"{self.files} file{'' if self.files == 1 else 's'}"
        if not self.secrets:
            return f"no secret was at hand to look for: structure and patterns checked in {files}"
        secrets = f"{self.secrets} secret{'' if self.secrets == 1 else 's'}"
        return f"0 of {self.secrets * len(_FORMS)} forms of {secrets} found in {files}"


def check_bundle(data: bytes, name: str, secrets: Sequence[Secret]) -> None:
    """Look for the secrets, and for what looks like one, in a bundle and in all its members.

    Raises:
        LeakError: something was found; the places are named, never a value.
    """
    found = [f"{name} {leak}" for leak in find_leaks(data, secrets)]
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        for member in bundle.namelist():
            leaks = find_leaks(bundle.read(member), secrets)
            found += (f"{name}/{member} {leak}" for leak in leaks)
    if found:
        raise LeakError(tuple(found))
