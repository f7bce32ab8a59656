"""What is said before the first request: where the server is, and how to ask it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from harness.redaction.placeholder import NO_ID, Placeholder
from harness.replay_match.facts import Fact
from harness.replay_match.index import Index, Recorded
from harness.replay_match.origin import split_url
from harness.replay_match.shape import in_words
from harness.reports.visible_text import visible

_MOST_LISTED = 10
_LONGEST_EXAMPLE = 300


def announcement(index: Index, cassette: str, address: tuple[str, int]) -> Iterator[str]:
    """Yield lines for people; texts of the cassette in them are made visible."""
    host, port = address
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    number = len(index.by_id)
    yield f"serving {number} exchange{'' if number == 1 else 's'} of {visible(cassette)}"
    yield f"at      {url}"
    origins = list(index.origins)
    for origin in origins[:_MOST_LISTED]:
        place = url if len(origins) == 1 else url + origin.prefix
        yield f"origin  {visible(str(origin))}"
        yield f"        is {visible(place)}"
    keys = _keys(index)
    for key in keys[:_MOST_LISTED]:
        yield f"key     {key.id}: {in_words(key)}"
    if len(keys) > _MOST_LISTED or len(origins) > _MOST_LISTED:
        yield "        and more"
    first = next(iter(index.by_id.values()), None)
    if first is not None:
        yield f"try     {_example(index, first, url)}"


def _keys(index: Index) -> list[Placeholder]:
    """Return each key that stands at the place of a credential once, in recorded order."""
    found: dict[str, Placeholder] = {}
    for one in index.by_id.values():
        for fact in one.facts.credentials(index.places):
            for placeholder in fact.held:
                if placeholder.id != NO_ID:
                    found.setdefault(placeholder.id, placeholder)
    return list(found.values())


def _example(index: Index, one: Recorded, url: str) -> str:
    """Return a curl command that the first exchange answers, its keys by their short names."""
    exchange = one.exchange
    target = split_url(exchange.url)
    prefix = target.origin.prefix if target.origin and len(index.origins) > 1 else ""
    words = ["curl", "-i", url + prefix + target.spelling]
    if exchange.method != ("POST" if exchange.body else "GET"):
        words += ["-X", exchange.method]
    credentials = {fact.place: fact for fact in one.facts.credentials(index.places)}
    for name, value in one.facts.headers:
        fact = credentials.get(f"header {name.lower()}")
        if fact is not None:
            words += ["-H", f"{name}: {_with_short_names(fact)}"]
        elif name.lower() == "content-type" and exchange.body:
            words += ["-H", f"{name}: {value}"]
    if exchange.body:
        words += ["-d", exchange.body if len(exchange.body) <= _LONGEST_EXAMPLE else "@body"]
    return " ".join(shlex.quote(visible(word)) for word in words)


def _with_short_names(fact: Fact) -> str:
    names = [str(one) if one.part or one.id == NO_ID else one.id for one in fact.held]
    pairs = zip(fact.texts, [*names, ""], strict=True)
    return "".join(text + name for text, name in pairs)
