"""Read a cassette that is no stream of our lines: what plain vcrpy or a YAML tool wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_format.line import HEADER, LONGEST_LINE, check_variant, decode_item
from harness.cassette_format.vcrpy_body import value_of
from harness.cassette_format.vcrpy_item import recorded_exchanges
from harness.cassette_format.vcrpy_tree import MAX_BYTES, VcrpyTree, read_vcrpy_tree
from harness.judge.classify import classify
from harness.model.exchange import RecordedExchange, RedactedExchange
from harness.model.outcome import OutcomeRules
from harness.model.request import Json
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

_OURS = b'"harness":'
"""Cannot stand in a JSON string, where its quotes would be escaped."""


def is_foreign(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file, left at its start, is no stream of lines of ours.

    A part file always is one. Any other starts with our two lines and an exchange.
    """
    header = file.read(len(HEADER))
    first = file.readline(LONGEST_LINE + 1)
    file.seek(0)
    if path.suffix == ".part":
        return False
    too_long = len(first) > LONGEST_LINE and first.startswith(b"- {")
    return header != HEADER.encode() or not (_OURS in first or too_long)


def read_foreign(file: BinaryIO, path: Path) -> Cassette:
    """Read the whole file; it holds no run of a scenario, unless a tool rewrote one of ours.

    A secret may be met in the last item only: what came before is redacted again. Outcomes are
    by the default rules.

    Raises:
        CassetteError: it is no cassette; the message starts with `file:line:col`.
    """
    tree = read_vcrpy_tree(file.read(MAX_BYTES + 1), str(path))
    if not tree.items:
        raise tree.fault(tree.root, "there is no whole exchange in it")
    redactor = Redactor(SecretRegistry("x"))
    if all(item.get("harness") for item in tree.items):
        return _rewritten(tree, redactor)
    exchanges = _redacted(redactor, recorded_exchanges(tree))
    rules = OutcomeRules()
    records = tuple(Record(exchange, classify(exchange, rules)) for exchange in exchanges)
    return Cassette(tree.file, None, records)


def _rewritten(tree: VcrpyTree, redactor: Redactor) -> Cassette:
    places = [(item, tree.place(item)) for item in tree.items]
    lines = [check_variant(decode_item(value_of(item), at), at) for item, at in places]
    exchanges = _redacted(redactor, (line.exchange for line in lines))
    records = tuple(
        Record(exchange, line.outcome) for exchange, line in zip(exchanges, lines, strict=True)
    )
    runs = [redactor.document(line.run) for line in lines if line.run is not None]
    run: Json = runs[-1] if runs else None
    return Cassette(tree.file, run, records)


def _redacted(
    redactor: Redactor, recorded: Iterable[RecordedExchange]
) -> Iterator[RedactedExchange]:
    """Redact all, and once more what came before the last secret was met."""
    registry = redactor.registry
    first = [(one, redactor.readmit(one), registry.version) for one in recorded]
    known = registry.version
    for one, exchange, version in first:
        yield exchange if version == known else redactor.readmit(one)
