"""Remembers which trust tables a person agreed to, by hash, under the XDG state folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrustStore:
    """One file of hashes, one a line; `path` is None when there is no HOME to keep it in."""

    path: Path | None

    @classmethod
    def at_home(cls, environ: Mapping[str, str]) -> TrustStore:
        """Return the store of this user (XDG Base Directory Specification, state folder)."""
        state = environ.get("XDG_STATE_HOME", "")
        if state.startswith("/"):
            return cls(Path(state) / "flip401" / "trusted")
        home = environ.get("HOME", "")
        if home.startswith("/"):
            return cls(Path(home) / ".local" / "state" / "flip401" / "trusted")
        return cls(None)

    def holds(self, table_hash: str) -> bool:
        """Tell whether the table was agreed to on this machine."""
        if self.path is None:
            return False
        try:
            return table_hash in self.path.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            return False

    def keep(self, table_hash: str) -> bool:
        """Remember the table; False when it could not be kept, so it will be asked again."""
        if self.path is None:
            return False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"{table_hash}\n")
        except OSError:
            return False
        return True
