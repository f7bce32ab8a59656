"""What a scan found, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass

from harness.leak_scan.known_secrets import Owner
from harness.leak_scan.places import Place


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in a file.

    `file` is safe to show: a name that holds a secret is withheld in it; members of archives
    stand after a `!`. `place` is None for a leak in the name itself. `secret` is where the secret
    was read, or what it is by its form when nobody named it (then `number` is 0).
    """

    file: str
    place: Place | None
    secret: str
    number: int
    spelling: str
    form: str


@dataclass(frozen=True, slots=True)
class NotScanned:
    """A file, or a part of one, that nobody looked into, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """All that a scan has to say.

    `files` counts files and members of archives that were read; an archive and each of its
    members count one. `owners` are the secrets that were named, in their order.
    """

    owners: tuple[Owner, ...]
    files: int
    leaks: tuple[Leak, ...]
    not_scanned: tuple[NotScanned, ...]

    @property
    def searchable(self) -> tuple[Owner, ...]:
        """The named secrets that were looked for."""
        return tuple(owner for owner in self.owners if not owner.unsearchable)

    @property
    def forms_searched(self) -> int:
        """How many forms of how many secrets were looked for, all of them together."""
        return sum(owner.forms for owner in self.searchable)

    @property
    def forms_found(self) -> int:
        """How many of these forms were found at least once."""
        return len({(leak.number, leak.spelling) for leak in self.leaks if leak.number})


def proof_line(report: ScanReport) -> str:
    """Return the closing line, such as `0 of 27 forms of 3 secrets found in 12 files`.

    A form is a way in which the secret itself is written, before anything encodes it: raw,
    reversed, in Latin-1, with plus for space, as its sha256 digest, a piece of it, its last four
    characters … as far as a secret has them (a key of letters and digits has 8). Every form is
    looked for in every reading of every file (percent, escapes, base64 at each alignment, hex,
    compressed, lines joined, nested in any order). Readings are not counted: they have no number.
    """
    where = f"found in {_count(report.files, 'file')}"
    unnamed = sum(not leak.number for leak in report.leaks)
    if report.searchable:
        secrets = _count(len(report.searchable), "secret")
        line = f"{report.forms_found} of {report.forms_searched} forms of {secrets} {where}"
        line += f"; {_count(unnamed, 'key')} that nobody named" if unnamed else ""
    else:
        line = f"no secret was looked for by its value; {_count(unnamed, 'key')} by form {where}"
    if report.not_scanned:
        line += f"; {len(report.not_scanned)} not scanned"
    return line


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
