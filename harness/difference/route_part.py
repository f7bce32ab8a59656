"""Compare the way that two requests took: proxy, tunnel, address, TLS."""

from __future__ import annotations

from collections.abc import Iterator

from harness.difference.difference import Difference, Kind, Part
from harness.difference.judgement import Pair, judge, set_aside
from harness.difference.likeness import Scope
from harness.difference.named_fields import FieldRules, NamedField, compare_fields
from harness.difference.request_part import header_fields, same_header
from harness.difference.volatile import (
    OF_THE_PROXY,
    ONE_RECORD,
    OWN_PORT,
    PROXY_REASON,
    RENEWAL,
    THROW_AWAY,
    header_reason,
    without_lab_names,
)
from harness.model.exchange import RedactedExchange
from harness.model.wire import RedactedMessage, RedactedTunnel, RedactedWire, SocksFacts, TlsFacts
from harness.redaction.url_parts import split_host


def compare_routes(
    left: RedactedExchange, right: RedactedExchange, scope: Scope
) -> Iterator[Difference]:
    """Yield what differs on the way."""
    yield from judge(Pair(Part.ROUTE, "proxy", left.proxy, right.proxy), scope)
    reasons = (left.proxy_why or None, right.proxy_why or None)
    for found in judge(Pair(Part.ROUTE, "reason for the proxy", *reasons), scope):
        yield set_aside(found, PROXY_REASON)
    if left.wire is not None and right.wire is not None:
        yield from _compare_wires(left.wire, right.wire, scope)
        alone = (left.proxy is None) != (right.proxy is None)
        yield from _compare_tunnels(left.wire.tunnel, right.wire.tunnel, scope, alone=alone)
    elif left.wire is not None or right.wire is not None:
        kind = Kind.ONLY_A if right.wire is None else Kind.ONLY_B
        sides = ("recorded", None) if right.wire is None else (None, "recorded")
        found = Difference(Part.ROUTE, "record of the bytes", kind, *sides)
        yield set_aside(found, ONE_RECORD)


def _compare_wires(left: RedactedWire, right: RedactedWire, scope: Scope) -> Iterator[Difference]:
    for place, a, b in (
        ("peer", left.peer, right.peer),
        ("own side", left.local, right.local),
    ):
        if a is not None and b is not None:
            yield from _compare_addresses(place, a, b, scope)
    tries = (str(left.tries), str(right.tries))
    yield from judge(Pair(Part.ROUTE, "requests that left", *tries), scope)
    if left.sent.lines and right.sent.lines:
        yield from _compare_tls(left.tls, right.tls, scope, "")
        yield from _compare_tls(left.proxy_tls, right.proxy_tls, scope, " of the proxy")
    agreed = (_agreed(left.socks), _agreed(right.socks))
    yield from judge(Pair(Part.ROUTE, "agreed with the SOCKS proxy", *agreed), scope)


def _agreed(socks: SocksFacts | None) -> str | None:
    """Say what was agreed; a step that was not reached is left out."""
    if socks is None:
        return None
    steps = {"method": socks.method, "login": socks.login, "reply": socks.reply}
    said = [f"{name} {value}" for name, value in steps.items() if value is not None]
    return ", ".join((f"asked by {socks.asked}", *said))


def _compare_addresses(place: str, left: str, right: str, scope: Scope) -> Iterator[Difference]:
    host, port = split_host(f"//{left}")
    other, other_port = split_host(f"//{right}")
    yield from judge(Pair(Part.ROUTE, f"address of the {place}", host, other), scope)
    ports = (port.removeprefix(":"), other_port.removeprefix(":"))
    yield from judge(Pair(Part.ROUTE, f"port of the {place}", *ports, reason=OWN_PORT), scope)


def _compare_tunnels(
    left: RedactedTunnel | None, right: RedactedTunnel | None, scope: Scope, *, alone: bool
) -> Iterator[Difference]:
    """Compare what was said to proxies; `alone`: one side had none, which is said already."""
    one, other = left or _NO_TUNNEL, right or _NO_TUNNEL
    starts = (_start(one.sent), _start(other.sent))
    for found in judge(Pair(Part.ROUTE, "tunnel", *starts), scope):
        yield set_aside(found, OF_THE_PROXY) if alone else found
    if left is None or right is None:
        return
    answers = (_start(one.received), _start(other.received))
    yield from judge(Pair(Part.ROUTE, "answer to CONNECT", *answers), scope)
    yield from _compare_lines("CONNECT", one.sent, other.sent, scope)
    if answers[0] == answers[1]:  # else the proxy's answer is the answer, and compared there
        yield from _compare_lines("the answer to CONNECT", one.received, other.received, scope)


def _compare_lines(
    what: str, left: RedactedMessage, right: RedactedMessage, scope: Scope
) -> Iterator[Difference]:
    order = f"order of the headers of {what}"
    rules = FieldRules(Part.ROUTE, order, _route, _reason, same_header)
    yield from compare_fields(header_fields(left.pairs), header_fields(right.pairs), rules, scope)


_NO_TUNNEL = RedactedTunnel(RedactedMessage(), RedactedMessage())


def _route(_left: NamedField | None, _right: NamedField | None) -> Part:
    return Part.ROUTE


def _reason(left: NamedField, _right: NamedField) -> str:
    return header_reason(left.name)


def _start(message: RedactedMessage) -> str | None:
    return message.lines[0] if message.lines else None


def _compare_tls(
    left: TlsFacts | None, right: TlsFacts | None, scope: Scope, whose: str
) -> Iterator[Difference]:
    """Compare TLS; `whose` is put behind each name, "" for that of the origin."""
    if left is None or right is None:
        sides = ("in use" if left else None, "in use" if right else None)
        yield from judge(Pair(Part.ROUTE, f"TLS{whose}", *sides), scope)
        return
    for place, a, b in (
        ("TLS version", left.version, right.version),
        ("TLS cipher", left.cipher, right.cipher),
        ("TLS protocol (ALPN)", left.alpn, right.alpn),
        ("TLS server name (SNI)", left.sni, right.sni),
    ):
        yield from judge(Pair(Part.ROUTE, place + whose, a, b), scope)
    for place, a, b in (
        ("issuer of the certificate", left.issuer, right.issuer),
        ("subject of the certificate", left.subject, right.subject),
    ):
        is_lab = without_lab_names(a or "") == without_lab_names(b or "")
        reason = THROW_AWAY if is_lab else ""
        yield from judge(Pair(Part.ROUTE, place + whose, a, b, reason=reason), scope)
    ends = [
        None if end is None else f"{end:.0f}" for end in (left.not_after_utc, right.not_after_utc)
    ]
    pair = Pair(Part.ROUTE, f"end of the certificate{whose}", ends[0], ends[1], reason=RENEWAL)
    yield from judge(pair, scope)
