"""Compare what was asked: the request line, the URL, the headers, the body, the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.difference.bodies import compare_bodies
from harness.difference.difference import Difference, Part
from harness.difference.judgement import Pair, judge, respelt
from harness.difference.likeness import Likeness, Scope, liken
from harness.difference.named_fields import FieldRules, NamedField, compare_fields
from harness.difference.url_components import compare_urls, split_url
from harness.difference.volatile import (
    BODY_LENGTH,
    COMPUTED_ANEW,
    URL_HOST,
    header_reason,
)
from harness.model.exchange import RedactedExchange
from harness.model.request import HeaderPairs
from harness.redaction.placeholder import find_placeholders
from harness.scenario_file.credential_names import is_credential_header

_SIGNATURE = re.compile(r"(?:^|[-_.])(?:signature|sig|hmac)(?:$|[-_.])", re.IGNORECASE)


def compare_requests(
    left: RedactedExchange, right: RedactedExchange, scope: Scope
) -> Iterator[Difference]:
    """Yield what differs between two requests, keys and tokens apart."""
    yield from judge(Pair(Part.CREDENTIALS, "clock", _clock(left), _clock(right)), scope)
    yield from _compare_headers(left, right, scope)
    yield from _compare_lines(left, right, scope)
    yield from compare_urls(left.url, right.url, scope)
    is_form = all(_is_form(exchange) for exchange in (left, right))
    yield from compare_bodies(left.body, right.body, Part.BODY, scope, is_form=is_form)


def header_fields(headers: HeaderPairs) -> list[NamedField]:
    """Return headers as fields, each with its whole line."""
    return [NamedField(name, value, f"{name}: {value}") for name, value in headers]


def same_header(name: str) -> str:
    """Return what is equal for two names of one header (RFC 9110, section 5.1)."""
    return name.strip().lower()


def _compare_headers(
    left: RedactedExchange, right: RedactedExchange, scope: Scope
) -> Iterator[Difference]:
    """Compare the headers that left, or those asked for where one side sent none."""
    were_sent = bool(left.headers_sent and right.headers_sent)
    one = left.headers_sent if were_sent else left.headers
    other = right.headers_sent if were_sent else right.headers
    bodies_differ = left.body != right.body
    hosts = _host(left.url), _host(right.url)

    def part_of(a: NamedField | None, b: NamedField | None) -> Part:
        is_credential = _is_credential(a, left) or _is_credential(b, right)
        return Part.CREDENTIALS if is_credential else Part.HEADERS

    def reason_of(a: NamedField, b: NamedField) -> str:
        name = same_header(a.name)
        if name == "content-length" and bodies_differ:
            return BODY_LENGTH
        if name == "host" and (_bare(a.value), _bare(b.value)) == hosts:
            return URL_HOST
        if _SIGNATURE.search(name) and _one_shape(a.value, b.value):
            return COMPUTED_ANEW
        return header_reason(name)

    rules = FieldRules(Part.HEADERS, "order of the headers", part_of, reason_of, same_header)
    yield from compare_fields(header_fields(one), header_fields(other), rules, scope)
    if one == other:
        yield from _compare_spelling(left, right)


def _is_credential(field: NamedField | None, exchange: RedactedExchange) -> bool:
    """Tell whether a header is one by its name, or holds a key that the request is built from."""
    if field is None:
        return False
    keys = exchange.secret_ids.values()
    holds_key = any(found.id in keys for found in find_placeholders(field.value))
    return holds_key or is_credential_header(field.name)


def _compare_spelling(left: RedactedExchange, right: RedactedExchange) -> Iterator[Difference]:
    """Yield header lines of one meaning that left in other bytes, such as `Name:value`."""
    if left.wire is None or right.wire is None:
        return
    sent, other = left.wire.sent, right.wire.sent
    if not sent.lines or not other.lines:
        return
    if len(sent.lines) == len(other.lines):
        for number, (a, b) in enumerate(zip(sent.lines[1:], other.lines[1:], strict=True), 1):
            if a != b:
                place = f"header line {number}"
                yield respelt(Part.HEADERS, place, a, b, "the bytes of the line differ")
    else:
        texts = ["\n".join(message.lines[1:]) for message in (sent, other)]
        yield respelt(Part.HEADERS, "header lines", texts[0], texts[1], "some are no header")
    if sent.line_end != other.line_end:
        ends = [
            message.line_end.replace("\r", "CR").replace("\n", "LF") for message in (sent, other)
        ]
        yield respelt(Part.HEADERS, "end of the header lines", ends[0], ends[1], "")


def _compare_lines(
    left: RedactedExchange, right: RedactedExchange, scope: Scope
) -> Iterator[Difference]:
    yield from judge(Pair(Part.LINE, "method", left.method, right.method), scope)
    one, other = _request_line(left), _request_line(right)
    if one is None or other is None:
        return
    (target, version), (other_target, other_version) = one, other
    yield from judge(Pair(Part.LINE, "HTTP version", version, other_version), scope)
    forms = _form(target), _form(other_target)
    yield from judge(Pair(Part.LINE, "form of the target", *forms), scope)
    urls = split_url(left.url).target, split_url(right.url).target
    if (split_url(target).target, split_url(other_target).target) != urls:
        yield from judge(Pair(Part.LINE, "target", target, other_target), scope)


def _request_line(exchange: RedactedExchange) -> tuple[str, str] | None:
    """Return the target and the version that left; None where nothing did."""
    lines = exchange.wire.sent.lines if exchange.wire else ()
    words = lines[0].split(" ") if lines else []
    if len(words) < 3:  # noqa: PLR2004 - method, target, version
        return None
    return " ".join(words[1:-1]), words[-1]


def _form(target: str) -> str:
    """Name the form of a request target (RFC 9112, section 3.2)."""
    if target.startswith("/"):
        return "origin-form"
    return "absolute-form" if "://" in target else "another form"


def _clock(exchange: RedactedExchange) -> str:
    return f"{exchange.timing.clock_offset_seconds:+g} s"


def _is_form(exchange: RedactedExchange) -> bool:
    types = (value for name, value in exchange.headers if same_header(name) == "content-type")
    return any("x-www-form-urlencoded" in value.lower() for value in types)


def _host(url: str) -> str:
    return split_url(url).host or ""


def _bare(host: str) -> str:
    return split_url(f"//{host}").host or ""


def _one_shape(left: str, right: str) -> bool:
    """Tell whether two values differ by the secret alone, and that not in form."""
    return liken(left, right, Scope(one_cassette=False)).likeness <= Likeness.OPEN
