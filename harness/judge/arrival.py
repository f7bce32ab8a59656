"""How a made-up key arrived, read from what the answer echoes of it.

Nothing here sees a key: the redactor has marked what it found (a placeholder with the key's id
for the whole or a part of it, one without an id for a masked key that is another's).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from harness.diagnosis.answers import lacks_credential
from harness.model.arrival import Arrival, outcome_of_arrival
from harness.model.exchange import RedactedExchange, RedactedResponse
from harness.model.outcome import Outcome
from harness.redaction.placeholder import Placeholder, find_placeholders

_WHOLE_TAIL = 4
"""Characters of a key that providers echo: a match of fewer means that something follows it."""

_OTHER_MASKED = re.compile(
    r"(?:key|token|secret|credential|received)[^*\u2022\u25cf\n]{0,60}"
    r"(?:\*{3,}|[\u2022\u25cf]{3,})(?!RDX~)[\w.\-]+",
    re.IGNORECASE,
)
_RECEIVED = re.compile(r"\breceived=\s*(?P<value>[^\s,]*)", re.IGNORECASE)
_EMPTY_ECHO = re.compile(r"your api key:\s+(?:\*+ )?\s*is invalid", re.IGNORECASE)
_FORM_COMPLAINT = "auth header format should be"
_NOTHING = frozenset({"", "none", "null", "undefined"})
_REQUEST_LINE = re.compile(r"[A-Z]+ \S+ HTTP/1\.[01]\r?\n")


def arrival_of(exchange: RedactedExchange, canaries: frozenset[str]) -> Arrival:
    """Return how the key arrived; `canaries` are the ids of the made-up keys.

    An echo of the request's headers tells most, then a masked key, then the server's words.
    """
    answer = exchange.response
    if answer is None or answer.from_proxy:
        return Arrival.UNKNOWN
    readings = (
        _from_headers(exchange, answer, canaries),
        _from_masks(answer, canaries),
        _from_received(answer, canaries),
        _from_whole(exchange, answer, canaries),
        _from_words(exchange, answer, canaries),
    )
    return next((reading for reading in readings if reading is not None), Arrival.UNKNOWN)


def arrival_outcome(exchange: RedactedExchange) -> Outcome:
    """Return the arrival of an exchange whose keys are all made up, as an outcome to search by."""
    canaries = frozenset(
        secret_id
        for name, secret_id in exchange.secret_ids.items()
        if not name.startswith("proxy.")
    )
    return outcome_of_arrival(arrival_of(exchange, canaries))


def _from_headers(
    exchange: RedactedExchange, answer: RedactedResponse, canaries: frozenset[str]
) -> Arrival | None:
    """Compare the headers that the server says it got with those that carried the key."""
    echoed = _echoed_headers(answer.body)
    if echoed is None:
        return None
    carrying = {
        name.lower(): value
        for name, value in exchange.headers
        # A Basic credential is a secret of its own, with the key inside.
        if _ids(value) & canaries or value.startswith("Basic RDX~")
    }
    readings = {_compare(sent, echoed.get(name), canaries) for name, sent in carrying.items()}
    worst = (Arrival.ABSENT, Arrival.REPLACED, Arrival.ALTERED, Arrival.INTACT)
    return next((reading for reading in worst if reading in readings), None)


def _compare(sent: str, got: str | None, canaries: frozenset[str]) -> Arrival:
    if got is None:
        return Arrival.ABSENT
    if got == sent:
        return Arrival.INTACT
    parts = _from_parts(got, canaries)
    if parts is not None:
        return parts
    if not _ids(got) & canaries:
        return Arrival.REPLACED
    return Arrival.INTACT if _same_basic(sent, got) else Arrival.ALTERED


def _same_basic(sent: str, got: str) -> bool:
    """Tell whether the echo is the Basic credential, of which the key is only one half."""
    placeholders = find_placeholders(got)
    return (
        sent.startswith("Basic ")
        and got.startswith("Basic ")
        and all(one.encoding == "b64" and not one.part for one in placeholders)
    )


def _from_masks(answer: RedactedResponse, canaries: frozenset[str]) -> Arrival | None:
    for text in _texts(answer):
        reading = _from_parts(text, canaries)
        if reading is not None:
            return reading
    return Arrival.REPLACED if any(map(_OTHER_MASKED.search, _texts(answer))) else None


def _from_parts(text: str, canaries: frozenset[str]) -> Arrival | None:
    """Judge the beginnings and ends of keys that stand beside a mask."""
    found = find_placeholders(text)
    heads = [one for one in found if one.part.startswith("h") and _is_telling(one)]
    tails = [one for one in found if one.part.startswith("t")]
    pieces = [one for one in found if one.part.startswith("p") and one.id in canaries]
    if pieces:
        return Arrival.ALTERED
    if not tails:
        return None
    ours = [one.id in canaries for one in (*tails, *heads)]
    if not any(ours):
        return Arrival.REPLACED
    return Arrival.INTACT if all(ours) and all(map(_is_whole_tail, tails)) else Arrival.ALTERED


def _is_telling(head: Placeholder) -> bool:
    """Tell whether a beginning is long enough to be known as ours."""
    return int(head.part[1:]) >= _WHOLE_TAIL


def _is_whole_tail(tail: Placeholder) -> bool:
    return int(tail.part[1:]) >= _WHOLE_TAIL and not tail.edges


def _from_received(answer: RedactedResponse, canaries: frozenset[str]) -> Arrival | None:
    """Read what a gateway says that it received in place of a key of its own."""
    matched = _RECEIVED.search(answer.body)
    if matched is None:
        return None
    value = matched["value"].strip("'\"")
    if value.lower() in _NOTHING:
        return Arrival.ABSENT
    if not _ids(value) & canaries:
        return Arrival.ALTERED if value.lower() == "bearer" else Arrival.REPLACED
    return Arrival.INTACT if all(map(_is_plain, find_placeholders(value))) else Arrival.ALTERED


def _from_whole(
    exchange: RedactedExchange, answer: RedactedResponse, canaries: frozenset[str]
) -> Arrival | None:
    """Judge a key that the answer repeats whole, and another in the place of one."""
    sent = " ".join(value for _, value in exchange.headers)
    for text in _texts(answer):
        ours = [one for one in find_placeholders(text) if one.id in canaries]
        if ours:
            whole = all(_is_plain(one) or str(one) in sent for one in ours)
            basic = all(one.encoding == "b64" for one in ours) and "Basic " in sent
            return Arrival.INTACT if whole or basic else Arrival.ALTERED
    document = _json_of(answer.body)
    token = document.get("token") if isinstance(document, dict) else None
    return Arrival.REPLACED if isinstance(token, str) and find_placeholders(token) else None


def _is_plain(found: Placeholder) -> bool:
    return not (found.encoding or found.edges or found.part)


def _from_words(
    exchange: RedactedExchange, answer: RedactedResponse, canaries: frozenset[str]
) -> Arrival | None:
    if lacks_credential(answer):
        return Arrival.ABSENT
    if _EMPTY_ECHO.search(answer.body):
        return Arrival.ALTERED
    if _FORM_COMPLAINT not in answer.body.lower():
        return None
    sent = [value for _, value in exchange.headers if _ids(value) & canaries]
    well_formed = any(re.fullmatch(r"Bearer RDX~[^~ ]+~", value) for value in sent)
    return Arrival.ALTERED if well_formed else None


def _ids(text: str) -> frozenset[str]:
    return frozenset(one.id for one in find_placeholders(text))


def _texts(answer: RedactedResponse) -> Iterator[str]:
    yield answer.body
    yield from (value for _, value in answer.headers)


def _json_of(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _echoed_headers(body: str) -> dict[str, str] | None:
    """Return the headers of an echo, names in lower case: JSON, or the request as it came."""
    document = _json_of(body)
    if isinstance(document, dict) and isinstance(document.get("headers"), dict):
        return {
            str(name).lower(): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in document["headers"].items()
        }
    if _REQUEST_LINE.match(body):
        lines = (line.partition(":") for line in body.splitlines()[1:])
        return {name.strip().lower(): value.strip() for name, mark, value in lines if mark}
    return None
