"""Load a cassette in the vcrpy that is installed, after our own reader has passed it."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.cassette_format.vcrpy_rules import Remark, remarks_on
from harness.cassette_format.vcrpy_tree import MAX_BYTES, VcrpyTree, read_vcrpy_tree
from harness.errors import CassetteError, Place

_SERIALIZERS: Mapping[bool, str] = {
    True: "vcr.serializers.jsonserializer",
    False: "vcr.serializers.yamlserializer",
}


@dataclass(frozen=True, slots=True)
class ReplayCheck:
    """What came of it: the version, how many of the items load, and what there is to know."""

    vcrpy: str
    items: int
    loaded: int
    remarks: tuple[Remark, ...]

    @property
    def replays(self) -> bool:
        """Tell whether every item would replay in every client."""
        return not any(remark.fatal for remark in self.remarks)


def check_replay(path: Path, shown: str) -> ReplayCheck:
    """Check one file; places name it as `shown`.

    vcrpy before 8.2.1 executes what tags say, so that only bytes that our reader took come
    to it, and the very same.

    Raises:
        CassetteError: it cannot be read, or is not safe to load.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise CassetteError(f"cannot read the cassette {shown}: {reason}") from error
    tree = read_vcrpy_tree(data, shown)
    loaded, failure = _load(data, tree)
    remarks = (*remarks_on(tree), *_locale(data, shown))
    if failure and not any(remark.fatal for remark in remarks):
        remarks = (failure, *remarks)
    return ReplayCheck(importlib.metadata.version("vcrpy"), len(tree.items), loaded, remarks)


def _load(data: bytes, tree: VcrpyTree) -> tuple[int, Remark | None]:
    serialize = importlib.import_module("vcr.serialize")
    serializer = importlib.import_module(_SERIALIZERS[tree.is_json])
    try:
        _, responses, *_ = serialize.deserialize(data.decode(), serializer)
    except Exception as error:  # noqa: BLE001 - whatever vcrpy meets, its text may hold a secret
        place = Place(tree.file, 1, 1)
        message = f"vcrpy cannot load the file: {type(error).__name__}"
        return 0, Remark(place, message, "record again with the vcrpy that is to replay it")
    return sum(response is not None for response in responses), None


def _locale(data: bytes, shown: str) -> tuple[Remark, ...]:
    if data.isascii():
        return ()
    before = data[: next(index for index, byte in enumerate(data) if byte > 0x7F)]  # noqa: PLR2004
    column = len(before) - before.rfind(b"\n")
    return (
        Remark(
            Place(shown, before.count(b"\n") + 1, column),
            "vcrpy reads by the locale: an ASCII one cannot read this, and the file is lost",
            "run with PYTHONUTF8=1, or record again",
            fatal=False,
        ),
    )
