"""What the server says: a recorded answer made to fit, or why there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from harness.model.exchange import Failure, RedactedExchange, RedactedResponse
from harness.model.request import HeaderPairs
from harness.replay_match.difference import Difference, Miss
from harness.replay_match.index import Index
from harness.replay_match.origin import split_url
from harness.replay_match.session import CHOOSE, Match

EXCHANGE = CHOOSE
"""On every answer: the id of the recorded exchange, or `none`."""

DIFFERS = "X-Flip401-Differs"
FAILURE = "X-Flip401-Failure"
NONE = "none"

_JSON = ("Content-Type", "application/json")
_NO_MATCH, _FAILED, _TOO_LARGE = 404, 504, 413
_FINAL = range(200, 1000)
_OUR_FAULT = 500
_CONNECTION_WORDS = """
    connection keep-alive proxy-connection transfer-encoding content-encoding content-length
    trailer te upgrade
"""
_CONNECTION = frozenset(_CONNECTION_WORDS.split())
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,15}")
_BROKEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ADVICE = (
    "send a key of the cassette by its placeholder or its short name, such as `Bearer s1`, or name"
    f" the exchange or variant in the header {CHOOSE}"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: headers in order, duplicates kept, none of which frames the body.

    `length` is the Content-Length to state without a body, for HEAD.
    """

    status: int
    reason: str
    headers: HeaderPairs
    body: bytes
    length: int | None = None


def answer_of(match: Match, index: Index, *, prefixed: bool, head: bool) -> Answer:
    """Return the recorded answer, or 504 where a failure was recorded.

    `prefixed` tells that the client asked under the prefix of an origin. For HEAD (`head`) the
    body is left out and its length stated.
    """
    exchange = match.exchange
    marks = _marks(match)
    response = exchange.response
    if response is None or response.status not in _FINAL:
        return _failed(exchange, marks)
    body = response.body.encode("utf-8", "replace")
    headers = tuple(
        (name, _located(exchange, value, index, prefixed=prefixed))
        if name.lower() == "location"
        else (name, value)
        for name, value in response.headers
        if name.lower() not in _CONNECTION
    )
    return Answer(
        response.status,
        _sendable(response.reason),
        (*((name, _sendable(value)) for name, value in headers if _TOKEN.fullmatch(name)), *marks),
        b"" if head else body,
        _stated_length(exchange, response, len(body)) if head else None,
    )


def miss_answer(miss: Miss) -> Answer:
    """Return 404 with the nearest recorded exchange and what differs."""
    error = {
        "type": "flip401_no_match",
        "message": miss.reason,
        "nearest": str(miss.nearest) if miss.nearest else None,
        "differences": [_document(one) for one in miss.differences],
        "advice": _ADVICE,
    }
    return _explained(_NO_MATCH, "Not Found", error, ())


def too_large(limit: int) -> Answer:
    """Return 413 for a body beyond `limit` bytes."""
    error = {"type": "flip401_too_large", "message": f"the body is longer than {limit} bytes"}
    return _explained(_TOO_LARGE, "Content Too Large", error, ())


def refused(status: int) -> Answer:
    """Return the answer to what is not HTTP, or that this program failed on; it repeats nothing."""
    theirs = status < _OUR_FAULT
    message = "the request is not HTTP as this server reads it" if theirs else "internal error"
    error = {"type": "flip401_refused", "message": message}
    return _explained(status, "Bad Request" if theirs else "Internal Server Error", error, ())


def _failed(exchange: RedactedExchange, marks: HeaderPairs) -> Answer:
    failure = exchange.failure
    error: dict[str, object] = {"type": "flip401_recorded_failure"}
    if failure is not None:
        error |= {
            "message": f"the recorded attempt got no answer: {failure.message}",
            "phase": failure.phase.value,
            "kind": failure.kind,
        }
    elif exchange.response is not None:
        error["message"] = f"status {exchange.response.status} is no final answer to give again"
    else:
        error["message"] = "the recorded attempt got no answer"
    if failure is None:
        marks = (*marks, (FAILURE, "no-answer"))
    return _explained(_FAILED, "Gateway Timeout", error, marks)


def _explained(status: int, reason: str, error: Mapping[str, object], marks: HeaderPairs) -> Answer:
    body = json.dumps({"error": error}, indent=1).encode() + b"\n"
    if all(name != EXCHANGE for name, _ in marks):
        marks = (*marks, (EXCHANGE, NONE))
    return Answer(status, reason, (_JSON, *marks), body)


def _marks(match: Match) -> HeaderPairs:
    """Return the headers that say what was given out."""
    exchange = match.exchange
    marks = [(EXCHANGE, _sendable(str(exchange.key)))]
    if match.differences:
        marks.append((DIFFERS, _sendable(", ".join(one.part for one in match.differences))))
    if exchange.failure is not None:
        marks.append((FAILURE, _sendable(_failure_word(exchange.failure))))
    return tuple(marks)


def _failure_word(failure: Failure) -> str:
    return f"{failure.phase.value}/{failure.kind}"


def _document(difference: Difference) -> dict[str, str]:
    return {
        "part": difference.part,
        "recorded": difference.recorded,
        "sent": difference.sent,
    }


def _located(exchange: RedactedExchange, location: str, index: Index, *, prefixed: bool) -> str:
    """Lead a redirect to a recorded origin back to this server; any other stays as it is.

    The path alone is enough where one origin was recorded and the client asked by plain path.
    """
    try:
        target = split_url(urljoin(exchange.url, location.strip()))
    except ValueError:
        return location
    if target.origin not in index.origins or target.origin is None:
        return location
    mark = f"#{location.partition('#')[2]}" if "#" in location else ""
    plain = len(index.origins) == 1 and not prefixed
    return ("" if plain else target.origin.prefix) + target.spelling + mark


def _stated_length(exchange: RedactedExchange, response: RedactedResponse, length: int) -> int:
    """Return the length that a HEAD recorded as such stated, or that of the body of a GET."""
    if exchange.method != "HEAD":
        return length
    stated = (value for name, value in response.headers if name.lower() == "content-length")
    first = next(stated, "")
    return int(first) if _LENGTH.fullmatch(first) else length


def _sendable(text: str) -> str:
    """Replace what no header line can hold: control characters and bytes outside UTF-8."""
    return _BROKEN.sub("?", text.encode("utf-8", "replace").decode())
