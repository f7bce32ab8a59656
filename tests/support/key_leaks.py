"""Look for keys in what a command left behind; shares nothing with the code under test."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(key: str) -> dict[str, bytes]:
    """Every form of a key that must not occur, by its name."""
    raw = key.encode()
    return {
        "raw": raw,
        **{f"base64 at {at}": form for at, form in enumerate(_base64_anywhere(raw))},
        "percent-encoded": quote(key, safe="").encode(),
        "form-encoded": quote_plus(key).encode(),
        "every byte percent-encoded": "".join(f"%{byte:02X}" for byte in raw).encode(),
        "JSON-escaped": json.dumps(key)[1:-1].encode(),
        "JSON-escaped twice": json.dumps(json.dumps(key)[1:-1])[1:-1].encode(),
        "hexadecimal": raw.hex().encode(),
        "capital hexadecimal": raw.hex().upper().encode(),
        "last four characters": raw[-4:],
    }


def leaks(keys: Iterable[str], texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Say what of which key stands where; the keys themselves are not named."""
    forms = [(number, spellings(key)) for number, key in enumerate(keys, 1)]
    return [
        f"key {number} {name} in {place}"
        for place, text in texts
        for number, spelled in forms
        for name, form in spelled.items()
        if form in text
    ]


def files_below(directory: Path, *, without: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file, and every name, but those the test wrote itself."""
    inputs = set(without)
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        yield f"the name {name}", os.fsencode(name)
        if path.is_file() and path not in inputs:
            yield name, path.read_bytes()


def _base64_anywhere(raw: bytes) -> Iterator[bytes]:
    """What base64 text holds of `raw` whatever stands before and behind it, in both alphabets."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            encoded = encode(b"\0" * before + raw + b"\0" * (-(before + len(raw)) % 3))
            first = (before * 8 + 5) // 6
            last = (before + len(raw)) * 8 // 6
            yield encoded[first:last]
