"""Match requests by who is asking: method, URL and credentials, redacted or not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.cassette_format.vcrpy_item import recorded_exchanges
from harness.cassette_format.vcrpy_tree import tree_of
from harness.model.exchange import RedactedExchange
from harness.redaction.placeholder import NO_ID, Placeholder, parse_placeholder, split_placeholders
from harness.scenario_file.credential_names import is_credential_header
from harness.vcr_plugin.identity import Mark, Session, same_form
from harness.vcr_plugin.known_secrets import KnownSecrets, redactor_for

_FIRST_LIVE_ID = 900_000
"""Ids of live secrets start behind those of any cassette, so that the two cannot be mixed up."""

_URL = re.compile(r"(?P<place>[^?#]*)(?:\?(?P<query>[^#]*))?(?P<fragment>(?:#.*)?)", re.DOTALL)
_DEFAULT_PORT = re.compile(r"^(http://[^/]*):80(?=/|$)|^(https://[^/]*):443(?=/|$)")
_BARE_HOST = re.compile(r"^[a-z]+://[^/]*$")


@dataclass(frozen=True, slots=True)
class _Part:
    """One text of a request, by a name that may be shown."""

    name: str
    text: str


class IdentityMatcher:
    """Compares requests by identity: different keys never match, although both are redacted."""

    def __init__(self, known: KnownSecrets) -> None:
        """Tell the secrets of `known` by their names, and others by form and equality."""
        self._redactor, self._learn = redactor_for(known, "x", after=_FIRST_LIVE_ID)
        self._shown: tuple[object, RedactedExchange] | None = None

    def flip401(self, one: Any, other: Any) -> None:
        """Compare method, URL and credentials.

        Raises:
            AssertionError: they differ; the text names the part and never a value.
        """
        self._compare(one, other, _identity)

    def flip401_body(self, one: Any, other: Any) -> None:
        """Compare bodies, JSON by value.

        Raises:
            AssertionError: they differ.
        """
        self._compare(one, other, _body)

    def _compare(self, one: Any, other: Any, parts_of: Any) -> None:
        live, recorded = (other, one) if Mark.on(one) and not Mark.on(other) else (one, other)
        names = self._learn()
        left: Sequence[_Part] = parts_of(self._exchange(live))
        right: Sequence[_Part] = parts_of(self._exchange(recorded))
        if [part.name for part in left] != [part.name for part in right]:
            listed = {part.name for part in left} ^ {part.name for part in right}
            raise AssertionError(f"only one of them has {', '.join(sorted(listed)) or 'a part'}")
        pairing = _Pairing(Mark.on(recorded), names)
        for mine, theirs in zip(left, right, strict=True):
            if not pairing.fits(mine.text, theirs.text):
                raise AssertionError(f"{mine.name} differs")
        if not pairing.holds(live):
            raise AssertionError("another key of the same form was recorded")

    def _exchange(self, request: Any) -> RedactedExchange:
        if self._shown is not None and self._shown[0] is request:
            return self._shown[1]
        tree = tree_of([{"request": request._to_dict(), "response": None}], "the request")  # noqa: SLF001 - vcrpy's own way
        shown = self._redactor.readmit(next(recorded_exchanges(tree)))
        if Mark.on(request) is None:
            self._shown = request, shown
        return shown


class _Pairing:
    """The secrets of two requests, taken for each other."""

    def __init__(self, mark: Mark | None, names: Mapping[str, frozenset[str]]) -> None:
        self._session = mark.session if mark else Session()
        self._names = names
        self._pairs: dict[str, str] = {}

    def fits(self, live: str, recorded: str) -> bool:
        """Tell whether two texts say the same, secrets apart, and note which stands for which."""
        left, right = split_placeholders(live), split_placeholders(recorded)
        return len(left) == len(right) and all(
            self._secrets_fit(mine, theirs) if index % 2 else mine == theirs
            for index, (mine, theirs) in enumerate(zip(left, right, strict=True))
        )

    def holds(self, live: object) -> bool:
        return self._session.bind(self._pairs, live)

    def _secrets_fit(self, one: str, other: str) -> bool:
        live, recorded = parse_placeholder(one), parse_placeholder(other)
        assert live is not None
        assert recorded is not None
        if NO_ID in {live.id, recorded.id} or not _is_live(live) or _is_live(recorded):
            return live == recorded
        mine, theirs = self._names.get(live.id, frozenset()), self._session.names(recorded.id)
        if self._session.knows(mine):
            return live.encoding == recorded.encoding and not mine.isdisjoint(theirs)
        if not same_form(live, recorded) or self._has(theirs):
            return False
        return self._pairs.setdefault(live.id, recorded.id) == recorded.id

    def _has(self, names: frozenset[str]) -> bool:
        """Tell whether a secret of one of these names is at hand: then it is no other one."""
        return any(not names.isdisjoint(known) for known in self._names.values())


def _is_live(placeholder: Placeholder) -> bool:
    return int(placeholder.id[1:]) > _FIRST_LIVE_ID


def _identity(exchange: RedactedExchange) -> list[_Part]:
    return [_Part("the method", exchange.method), *_url(exchange.url), *_credentials(exchange)]


def _url(url: str) -> Iterator[_Part]:
    match = _URL.fullmatch(url)
    assert match is not None
    place = _DEFAULT_PORT.sub(lambda found: found[1] or found[2], match["place"])
    yield _Part("the URL", place + "/" if _BARE_HOST.match(place) else place)
    fields = [field for field in re.split("[&;]", match["query"] or "") if field]
    for field in sorted(fields, key=lambda field: field.partition("=")[0]):
        yield _Part("the query", field)


def _credentials(exchange: RedactedExchange) -> list[_Part]:
    named = [
        _Part(f"the header {name.lower()}", value)
        for name, value in exchange.headers
        if is_credential_header(name)
    ]
    return sorted(named, key=lambda part: part.name)


def _body(exchange: RedactedExchange) -> list[_Part]:
    try:
        text = json.dumps(json.loads(exchange.body), sort_keys=True)
    except (ValueError, RecursionError):
        text = exchange.body
    return [_Part("the body", text)]
