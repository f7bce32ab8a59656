"""What holds of every cassette that is written: it loads in vcrpy and replays in file order."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import vcr
from vcr.cassette import Cassette

from harness.cassette_format.line import HEADER

_MOST = 300
"""Exchanges that are replayed: every lookup of vcrpy's goes through all of them."""

_SEEN: set[tuple[Path, int, int]] = set()


def cassettes_below(directory: Path, *, without: Iterable[Path] = ()) -> Iterable[Path]:
    """Every published cassette that the test did not write itself."""
    inputs = set(without)
    for path in sorted(directory.rglob("*.yaml")):
        if path not in inputs and path.is_file():
            with path.open("rb") as file:
                if file.read(len(HEADER)) == HEADER.encode():
                    yield path


def check_promises(path: Path) -> None:
    """Load the file with `record_mode="none"` and default matching, and play it to its end."""
    facts = path.stat()
    if (path, facts.st_mtime_ns, facts.st_size) in _SEEN:
        return
    _SEEN.add((path, facts.st_mtime_ns, facts.st_size))
    logging.getLogger("vcr").setLevel(logging.CRITICAL)
    options: dict[str, Any] = vcr.VCR(record_mode="none").get_merged_config(path=str(path))
    names = ("path", "serializer", "persister", "match_on", "record_mode")
    cassette = Cassette.load(**{name: options[name] for name in names})
    answered = path.read_text(encoding="ascii").count('},"response":{"')
    assert len(cassette) == answered, path
    pairs = list(zip(cassette.requests, cassette.responses, strict=True))[:_MOST]
    for request, response in pairs:
        assert cassette.can_play_response_for(request), path
        assert cassette.play_response(request) is response, path
    assert cassette.play_count == len(pairs), path
