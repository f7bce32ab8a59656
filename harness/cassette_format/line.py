"""One exchange as one line: a vcrpy interaction, with everything else under `harness`.

`request` and `response` hold what vcrpy replays: decoded bodies, no transfer or content coding,
a length that fits. What really came stands in `harness.wire_headers`. A failure is
`response: null`, which every vcrpy skips, and `harness.failure`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.cassette_format.cassette import Line
from harness.cassette_format.fields import HINT, Fields
from harness.cassette_format.flow_json import dump_flow, load_flow
from harness.cassette_format.header_mapping import pairs_of, replayable, to_mapping
from harness.cassette_format.wire import read_wire, write_wire
from harness.errors import CassetteError, Place
from harness.model.exchange import (
    ExchangeKey,
    Failure,
    Phase,
    RecordedExchange,
    RedactedExchange,
    RedactedResponse,
    Timing,
    TokenFacts,
)
from harness.model.outcome import Outcome
from harness.model.request import HeaderPairs, Json

HEADER = "version: 1\ninteractions:\n"
"""How every cassette begins; it needs an item after it to be loadable."""

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of one line, its line break included."""

_ITEM = "- "
_LONGEST_NAME = 100
_VARIANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9=,._+~-]*")
_DEEPEST = 80


def encode_line(
    exchange: RedactedExchange,
    outcome: Outcome,
    run: Json = None,
    replayed: ReplayedAs | None = None,
) -> str:
    """Write the exchange as a line, `run` with it when it is the first; ends with LF.

    A body that would make the line longer than `LONGEST_LINE` is withheld. `replayed` says what
    vcrpy is to see in place of what was recorded, which then stands under `harness`.

    Raises:
        CassetteError: the line is too long even so, or `run` cannot be written.
    """
    _check_document(run)
    item = _item(exchange, outcome, run)
    if replayed is not None:
        _put_replayed(item, exchange, replayed)
    line = f"{_ITEM}{dump_flow(item)}\n"
    if len(line) <= LONGEST_LINE:
        return line
    line = f"{_ITEM}{dump_flow(_without_bodies(item))}\n"
    if len(line) <= LONGEST_LINE:
        return line
    raise CassetteError(
        f"exchange {exchange.key} is too large to record: {len(line)} bytes in one line",
        hint=f"the limit is {LONGEST_LINE} bytes",
    )


@dataclass(frozen=True, slots=True)
class ReplayedAs:
    """What a client will ask for: a method and a URL; `location` is where a redirect leads."""

    method: str
    url: str
    location: str = ""


def decode_line(text: str, place: Place) -> Line:
    """Read a line that starts at `place`.

    Raises:
        CassetteError: it is not a line that `encode_line` wrote.
    """
    if not text.startswith(f"{_ITEM}{{"):
        raise CassetteError(
            f"{place}: expected an exchange on a line of its own",
            hint="an exchange of ours starts with `- {`: get a whole copy, or record again",
        )
    return decode_item(load_flow(text[len(_ITEM) :].rstrip("\r\n"), place, len(_ITEM)), place)


def decode_item(document: Json, place: Place) -> Line:
    """Read the document of a line that starts at `place`.

    Raises:
        CassetteError: it is not what `encode_line` wrote.
    """
    item = Fields.of(document, place)
    extra = item.fields("harness")
    try:
        key = ExchangeKey.parse(extra.text("id"))
        outcome = Outcome(extra.text("outcome"))
    except ValueError:
        raise CassetteError(
            f"{place}: harness.id or harness.outcome is not valid", hint=HINT
        ) from None
    return Line(_exchange(item, extra, key), outcome, _checked(extra, "run"))


def check_variant(line: Line, place: Place) -> Line:
    """Return the line when its variant has a name that may stand in a file name.

    Raises:
        CassetteError: it has not; no run of ours names one so.
    """
    if not _VARIANT.fullmatch(line.exchange.key.variant):
        message = f"{place}: harness.id does not start with the name of a variant"
        raise CassetteError(message, hint=HINT)
    return line


def _checked(fields: Fields, name: str) -> Json:
    """Return a document that is no deeper than one that is written."""
    document = fields.document(name)
    try:
        _check_document(document)
    except CassetteError as error:
        raise fields.fault(name, f"cannot be taken: {error.message}") from None
    return document


def _check_document(document: Json, depth: int = 0) -> None:
    """Refuse what YAML readers cannot take: long names, bottomless nesting, infinity."""
    if depth > _DEEPEST:
        raise CassetteError(f"the facts of the run are nested deeper than {_DEEPEST} levels")
    if isinstance(document, dict):
        for name, value in document.items():
            if len(name) > _LONGEST_NAME:
                raise CassetteError(
                    f"the facts of the run hold a name of {len(name)} characters",
                    hint=f"a cassette can hold names of up to {_LONGEST_NAME}",
                )
            _check_document(value, depth + 1)
    elif isinstance(document, list):
        for value in document:
            _check_document(value, depth + 1)
    elif isinstance(document, float) and not math.isfinite(document):
        raise CassetteError("the facts of the run hold a number that JSON does not know")


def _item(exchange: RedactedExchange, outcome: Outcome, run: Json) -> dict[str, Json]:
    response = exchange.response
    request: dict[str, Json] = {
        "body": exchange.body or None,
        "headers": to_mapping(_short_named(exchange.headers)),
        "method": exchange.method,
        "uri": exchange.url,
    }
    return {
        "request": request,
        "response": _response(response) if response else None,
        "harness": _extra(exchange, outcome, run),
    }


def _put_replayed(item: dict[str, Json], exchange: RedactedExchange, replayed: ReplayedAs) -> None:
    request, response, extra = item["request"], item["response"], item["harness"]
    assert isinstance(request, dict)
    assert isinstance(extra, dict)
    for name, recorded, shown in (
        ("method", exchange.method, replayed.method),
        ("uri", exchange.url, replayed.url),
    ):
        if recorded != shown:
            extra[name], request[name] = recorded, shown
    if replayed.location and isinstance(response, dict) and exchange.response is not None:
        headers = response["headers"]
        assert isinstance(headers, dict)
        response["headers"] = {
            name: [replayed.location] if name.lower() == "location" else values
            for name, values in headers.items()
        }
        extra["wire_headers"] = _lists(exchange.response.headers)


def _response(response: RedactedResponse) -> dict[str, Json]:
    return {
        "body": {"string": response.body},
        "headers": _response_mapping(response),
        "status": {"code": response.status, "message": response.reason},
    }


def _response_mapping(response: RedactedResponse) -> dict[str, Json]:
    length = len(response.body.encode("utf-8", "surrogatepass"))
    return to_mapping(_short_named(replayable(response.headers, length)))


def _extra(exchange: RedactedExchange, outcome: Outcome, run: Json) -> dict[str, Json]:
    response, timing, failure = exchange.response, exchange.timing, exchange.failure
    extra: dict[str, Json] = {
        "id": str(exchange.key),
        "sequence": exchange.sequence,
        "outcome": outcome.value,
        "timing": {
            "sent_at_utc": timing.sent_at_utc,
            "total_seconds": timing.total_seconds,
            "clock_offset_seconds": timing.clock_offset_seconds,
        },
        "proxy": exchange.proxy,
        "secret_ids": dict(exchange.secret_ids),
        "headers_sent": _lists(exchange.headers_sent),
    }
    if pairs_of(to_mapping(_short_named(exchange.headers))) != exchange.headers:
        extra["headers"] = _lists(exchange.headers)
    if response is not None:
        if pairs_of(_response_mapping(response)) != response.headers:
            extra["wire_headers"] = _lists(response.headers)
        extra["from_proxy"] = response.from_proxy
        extra["body_truncated"] = response.body_truncated
    if failure is not None:
        extra["failure"] = {
            "phase": failure.phase.value,
            "kind": failure.kind,
            "message": failure.message,
        }
    if exchange.proxy_why:
        extra["proxy_why"] = exchange.proxy_why
    if exchange.tokens:
        extra["tokens"] = [_token(facts) for facts in exchange.tokens]
    if exchange.relations:
        extra["relations"] = [str(relation) for relation in exchange.relations]
    if exchange.wire is not None:
        received = response.headers if response else ()
        extra["wire"] = write_wire(exchange.wire, exchange.headers_sent, received)
    if run is not None:
        extra["run"] = run
    return extra


def _token(facts: TokenFacts) -> dict[str, Json]:
    return {
        "id": facts.secret_id,
        "alg": facts.algorithm,
        "typ": facts.type,
        "kid_length": facts.key_id_length,
        "claims": dict(facts.claims),
    }


def _exchange(item: Fields, extra: Fields, key: ExchangeKey) -> RecordedExchange:
    request, response = item.fields("request"), item.optional("response")
    failure, timing = extra.optional("failure"), extra.fields("timing")
    headers_sent = extra.pairs("headers_sent")
    read = _read_response(response, extra) if response else None
    wire = extra.optional("wire")
    return RecordedExchange(
        key=key,
        sequence=extra.integer("sequence"),
        method=(extra if extra.has("method") else request).text("method"),
        url=(extra if extra.has("uri") else request).text("uri"),
        headers=extra.pairs("headers") if extra.has("headers") else request.header_map("headers"),
        headers_sent=headers_sent,
        body=request.text_or_none("body") or "",
        proxy=extra.text_or_none("proxy"),
        timing=Timing(
            timing.number("sent_at_utc"),
            timing.number("total_seconds"),
            timing.number("clock_offset_seconds"),
        ),
        response=read,
        failure=_read_failure(failure) if failure else None,
        secret_ids=extra.texts("secret_ids"),
        tokens=tuple(_read_token(facts) for facts in extra.items("tokens")),
        proxy_why=extra.text("proxy_why") if extra.has("proxy_why") else "",
        wire=read_wire(wire, headers_sent, read.headers if read else ()) if wire else None,
        relations=extra.list_of_texts("relations"),
    )


def _read_response(response: Fields, extra: Fields) -> RedactedResponse:
    status = response.fields("status")
    return RedactedResponse(
        status=status.integer("code"),
        reason=status.text_or_none("message") or "",
        headers=extra.pairs("wire_headers")
        if extra.has("wire_headers")
        else response.header_map("headers"),
        body=response.fields("body").text("string"),
        body_truncated=extra.truth("body_truncated"),
        from_proxy=extra.truth("from_proxy"),
    )


def _read_failure(failure: Fields) -> Failure:
    try:
        phase = Phase(failure.text("phase"))
    except ValueError:
        raise failure.fault("phase", "is not a phase of an attempt") from None
    return Failure(phase, failure.text("kind"), failure.text("message"))


def _read_token(facts: Fields) -> TokenFacts:
    claims = facts.fields("claims")
    _checked(facts, "claims")
    return TokenFacts(
        secret_id=facts.text("id"),
        algorithm=facts.text("alg"),
        type=facts.text("typ"),
        key_id_length=facts.integer("kid_length")
        if facts.has("kid_length") and facts.document("kid_length") is not None
        else None,
        claims=claims.all(),
    )


def _lists(headers: HeaderPairs) -> list[Json]:
    return [[name, value] for name, value in headers]


def _short_named(headers: HeaderPairs) -> HeaderPairs:
    """Leave out names that YAML cannot hold as a key (1024 characters, escapes included)."""
    return tuple((name, value) for name, value in headers if len(name) <= _LONGEST_NAME)


def _without_bodies(item: Mapping[str, Json]) -> dict[str, Json]:
    """Return the item with both bodies replaced by a word on their length."""
    request, response, extra = item["request"], item["response"], item["harness"]
    assert isinstance(request, dict)
    assert isinstance(extra, dict)
    body = request["body"]
    withheld: dict[str, Json] = {**request, "body": _withheld(body) if body else None}
    if not isinstance(response, dict):
        return {"request": withheld, "response": None, "harness": extra}
    content = response["body"]
    assert isinstance(content, dict)
    headers = response["headers"]
    assert isinstance(headers, dict)
    text = _withheld(content["string"])
    fitting: Json = _with_length(headers, len(text))
    shown: Json = {**response, "body": {"string": text}, "headers": fitting}
    return {"request": withheld, "response": shown, "harness": {**extra, "body_truncated": True}}


def _with_length(headers: Mapping[str, Json], length: int) -> dict[str, Json]:
    return {
        name: [str(length)] if name.lower() == "content-length" else values
        for name, values in headers.items()
    }


def _withheld(body: Json) -> str:
    length = len(body) if isinstance(body, str) else 0
    return f"RDX~none.blob.L{length}.mtext~"
