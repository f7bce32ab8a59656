"""Find the exchange that a person means by `CASSETTE#ID`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_store.reader import read_cassette
from harness.errors import UsageError
from harness.model.exchange import Step
from harness.reports.visible_text import visible_line
from harness.wiring.scenarios import shipped_scenarios

_MOST_NAMED = 8
_LONGEST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Address:
    """A file and the id behind `#`; "" where there is none."""

    file: str
    id: str = ""


def parse_address(text: str) -> Address:
    """Cut at the `#` behind which an id stands; a file name may hold one too."""
    if "#" not in text or _is_there(text):
        return Address(text)
    cuts = [index for index, char in enumerate(text) if char == "#"]
    there = [cut for cut in cuts if _is_there(text[:cut])]
    cut = max(there, default=cuts[-1])
    return Address(text[:cut], text[cut + 1 :])


def find_record(cassette: Cassette, name: str) -> Record:
    """Return the exchange of an exchange id or a variant id; the only one where no id is given.

    A variant stands for its last exchange of the step `main`, or of the step that it came to.
    Where an id is there twice, the later run's is meant.

    Raises:
        UsageError: there is none, or several and no id; the hint lists what there is.
    """
    records = cassette.records
    if not name:
        if len(records) == 1:
            return records[0]
        raise UsageError(
            f"{cassette.file} holds {len(records)} exchanges: say which with #ID",
            hint=_listed(records),
        )
    exact = [record for record in records if str(record.exchange.key) == name]
    if exact:
        return exact[-1]
    of_variant = [record for record in records if record.exchange.key.variant == name]
    if of_variant:
        return max(reversed(of_variant), key=_lateness)  # of equals, the later in the file
    raise _not_found(cassette, name)


@dataclass(frozen=True, slots=True)
class Found:
    """An exchange, the cassette it is in, and the name that a person gave this."""

    shown: str
    cassette: Cassette
    record: Record


def find_pair(left: str, right: str) -> tuple[Found, Found]:
    """Return the exchanges of A and B, of one `Cassette` where they are of one file.

    B may be an id alone: then it is one of A's cassette.

    Raises:
        UsageError: one of them is not there, or is not named clearly.
        CassetteError: a file is no cassette.
    """
    one = find_exchange(left)
    if has_record(one.cassette, right):
        return one, Found(one.shown, one.cassette, find_record(one.cassette, right))
    address = parse_address(right)
    if address.file in shipped_scenarios() and not _is_there(address.file):
        raise UsageError(
            f"{address.file} is a scenario: nothing of it is recorded there",
            hint="with --lab or --trust its variant is sent now",
        )
    if not address.id and not _is_there(address.file):
        raise _not_found(one.cassette, right)
    if _is_same_file(one.shown, address.file):
        return one, Found(address.file, one.cassette, find_record(one.cassette, address.id))
    return one, find_exchange(right)


def find_exchange(text: str) -> Found:
    """Return the exchange of `CASSETTE#ID`; raises as `find_pair` does."""
    address = parse_address(text)
    cassette = read_cassette(Path(address.file))
    return Found(address.file, cassette, find_record(cassette, address.id))


def has_record(cassette: Cassette, name: str) -> bool:
    """Tell whether `name` is an exchange id or a variant id of the cassette."""
    return any(name in _names(record) for record in cassette.records)


def _names(record: Record) -> tuple[str, str]:
    key = record.exchange.key
    return str(key), key.variant


def _lateness(record: Record) -> tuple[bool, int, int, int]:
    key = record.exchange.key
    return key.step is Step.MAIN, key.repeat, key.attempt, key.hop


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _is_same_file(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


def _not_found(cassette: Cassette, name: str) -> UsageError:
    known = [one for record in cassette.records for one in _names(record)]
    near = get_close_matches(name[:_LONGEST_NAMED], [one[:_LONGEST_NAMED] for one in known], n=1)
    hint = f"did you mean {_shown(near[0])}?" if near else _listed(cassette.records)
    return UsageError(f"{cassette.file} has no exchange {_shown(name)}", hint=hint)


def _listed(records: Sequence[Record]) -> str:
    """Name what can be written behind `#`, one a line: variants, or the exchanges of one."""
    names = list(dict.fromkeys(record.exchange.key.variant for record in records))
    if len(names) == 1:
        names = [str(record.exchange.key) for record in records]
    lines = [f"#{_shown(name)}" for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        lines.append(f"and {len(names) - _MOST_NAMED} more")
    return "\n    ".join(lines)


def _shown(name: str) -> str:
    line = visible_line(name)
    return line if len(line) <= _LONGEST_NAMED else f"{line[:_LONGEST_NAMED]}…"
