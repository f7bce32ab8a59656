"""Two hundred exchanges without a secret, in the shapes of real APIs: nothing in them should go.

Forty answers, listed in `benign.json`, each with five sets of ids, dates and counts; `@name` in
a text is filled in.
"""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = 5
_FILL = re.compile(r"@([a-z]+)(\d*)")
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_HEX = "0123456789abcdef"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Json = Any
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Benign:
    """One exchange: a GET of `url` and its answer."""

    name: str
    url: str
    status: int
    reason: str
    headers: Pairs
    body: str


def benign_exchanges() -> tuple[Benign, ...]:
    """Return all of them, the same each time."""
    return tuple(_all())


def _all() -> Iterator[Benign]:
    listed = json.loads(Path(__file__).with_name("benign.json").read_text(encoding="utf-8"))
    for number in range(SETS):
        for one in listed["answers"]:
            rng = random.Random(f"benign {one['name']} {number}")
            headers = (*listed["common"].get(one.get("common"), ()), *one.get("headers", ()))
            yield Benign(
                f"{one['name']} {number}",
                one["url"],
                one["status"],
                one["reason"],
                tuple((field, _filled(rng, value)) for field, value in headers),
                json.dumps(_document(rng, one["body"]), ensure_ascii=False),
            )


def _document(rng: random.Random, value: Json) -> Json:
    if isinstance(value, str):
        filled = _filled(rng, value)
        return int(filled) if re.fullmatch(r"@(?:int|epoch)\d*", value) else filled
    if isinstance(value, dict):
        return {name: _document(rng, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_document(rng, one) for one in value]
    return value


def _filled(rng: random.Random, text: str) -> str:
    text = text.replace("@HEX", "@bighex")
    return _FILL.sub(lambda match: _value(rng, match[1], int(match[2] or 0), match[0]), text)


def _value(rng: random.Random, name: str, size: int, as_it_is: str) -> str:
    alphabets = {"hex": _HEX, "bighex": _HEX.upper(), "base": _BASE62}
    day = rng.randrange(1, 29)
    time = f"{rng.randrange(24):02}:15:08"
    made: dict[str, str] = {
        "int": str(rng.randrange(10 ** max(size - 1, 0), 10 ** max(size, 1))),
        "epoch": str(rng.randrange(1_763_000_000, 1_796_000_000)),
        "uuid": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "date": f"{_DAYS[day % 7]}, {day:02} Nov 2026 {time} GMT",
        "iso": f"2026-11-{day:02}T{time}.123Z",
        "isoless": f"2026-11-{day:02}T{time}",
    }
    if name in alphabets:
        return "".join(rng.choices(alphabets[name], k=size))
    return made.get(name, as_it_is)
