"""Redact the bytes of an attempt: header lines by name, bodies by value or not shown at all.

A body that is the request's or the response's is named, not repeated. Neither is one in chunks
or compressed: a secret that is cut in two by a chunk could not be found in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from harness.model.wire import (
    NOTHING,
    BodyForm,
    RedactedMessage,
    RedactedTunnel,
    RedactedWire,
    TlsFacts,
    Wire,
    WireBytes,
)
from harness.redaction.body_text import redact_body, redact_body_text
from harness.redaction.edges import trim
from harness.redaction.header_values import redact_header
from harness.redaction.opaque import redact_opaque
from harness.redaction.scrub import Scrubber
from harness.redaction.unchanged import Unchanged
from harness.redaction.url_parts import redact_url, split_host

_MOST_CHUNKS = 100
_MOST_LINES = 1000
_MOST_SHOWN = 16 * 1024
"""Lines of a head, and characters of what is no answer: a hostile server sends much."""

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_REQUEST_LINE = re.compile(r"(?P<method>\S+ )(?P<target>.*)(?P<version> HTTP/\S*)", re.DOTALL)
_STATUS_LINE = re.compile(r"(?P<start>HTTP/\d\.\d[ \t]+\d{3})(?P<reason>.*)", re.DOTALL)
_LOOPBACK = re.compile(r"(?:127(?:\.\d{1,3}){3}|\[::1\]):\d+")
_BREAK = re.compile(r"[\r\n]")


def redact_wire(
    scrub: Scrubber, wire: Wire, request_body: bytes, response_body: bytes, *, proxied: bool
) -> RedactedWire:
    """Return the record with every secret replaced."""
    tunnel = wire.tunnel
    return RedactedWire(
        sent=_message(scrub, wire.sent, request_body),
        received=_message(scrub, wire.received, response_body),
        tunnel=RedactedTunnel(
            _message(scrub, tunnel.sent, b""),
            _message(scrub, tunnel.received, b"" if wire.sent.head else response_body),
        )
        if tunnel
        else None,
        peer=_private(scrub, wire.peer) if proxied else wire.peer,
        local=_private(scrub, wire.local),
        tls=_tls(wire.tls, scrub.message) if wire.tls else None,
        times=wire.times,
        tries=wire.tries,
        proxy_tls=_proxy_tls(scrub, wire.proxy_tls),
        socks=wire.socks,
    )


def readmit_wire(
    scrub: Scrubber, wire: RedactedWire, unchanged: Unchanged, *, proxied: bool
) -> RedactedWire:
    """Return a record that a cassette holds, redacted again; it is trusted in nothing."""
    tunnel, keep = wire.tunnel, unchanged.keep

    def readmitted(message: RedactedMessage) -> RedactedMessage:
        return _readmitted(scrub, message, unchanged)

    return RedactedWire(
        sent=readmitted(wire.sent),
        received=readmitted(wire.received),
        tunnel=tunnel and RedactedTunnel(readmitted(tunnel.sent), readmitted(tunnel.received)),
        peer=_private(scrub, wire.peer)
        if proxied
        else wire.peer and keep("message", wire.peer, scrub.message),
        local=_private(scrub, wire.local),
        tls=wire.tls and unchanged.keep_facts(wire.tls, lambda facts: _tls(facts, scrub.message)),
        times=wire.times,
        tries=wire.tries,
        proxy_tls=_proxy_tls(scrub, wire.proxy_tls),
        socks=wire.socks,
    )


def _message(scrub: Scrubber, data: WireBytes, body: bytes) -> RedactedMessage:
    if data == NOTHING:
        return RedactedMessage()
    head, rest = data.head_bytes, data.kept[data.interim :]
    broken_head = not head and rest.startswith(b"HTTP/")
    line_end = "\n" if head and b"\r\n" not in head else "\r\n"
    lines = _split(head, line_end)
    if broken_head:
        lines = _split(rest, line_end)
    message = RedactedMessage(
        lines=_lines(scrub, lines),
        total_bytes=data.total,
        line_end=line_end,
        interim=_lines(scrub, _split(data.kept[: data.interim], "\r\n")),
    )
    if not head:
        shown = "" if broken_head else redact_body(scrub, rest, "")[:_MOST_SHOWN]
        form = BodyForm.TEXT if shown else BodyForm.NONE
        return replace(message, body_form=form, body=shown)
    form, chunks = _body_form(data.body_bytes, body)
    return replace(message, body_form=form, chunks=chunks)


def _readmitted(scrub: Scrubber, message: RedactedMessage, unchanged: Unchanged) -> RedactedMessage:
    def head(lines: tuple[str, ...]) -> tuple[str, ...]:
        return _lines(scrub, lines)

    lines = unchanged.keep_head(message.lines, head)
    interim = unchanged.keep_head(message.interim, head)
    body = unchanged.keep("body ", message.body, lambda text: redact_body_text(scrub, text, ""))
    return RedactedMessage(
        lines,
        message.total_bytes,
        message.line_end,
        interim,
        message.body_form,
        body,
        message.chunks,
    )


def _body_form(kept: bytes, body: bytes) -> tuple[BodyForm, tuple[int, ...]]:
    if not kept:
        return BodyForm.NONE, ()
    if kept == body:
        return BodyForm.SAME, ()
    sizes = _chunk_sizes(kept, body)
    return (BodyForm.CODED, ()) if sizes is None else (BodyForm.CHUNKED, sizes)


def _chunk_sizes(kept: bytes, body: bytes) -> tuple[int, ...] | None:
    """Return the sizes of the chunks that `body` came in; None when it did not."""
    sizes: list[int] = []
    place = taken = 0
    while match := _CHUNK_SIZE.match(kept, place):
        size = int(match[1], 16)
        start = match.end()
        if kept[start : start + size] != body[taken : taken + size] or len(sizes) >= _MOST_CHUNKS:
            return None
        sizes.append(size)
        taken += size
        if not size:
            break
        place = start + size + (2 if kept[start + size : start + size + 2] == b"\r\n" else 1)
    return tuple(sizes) if sizes and taken == len(body) else None


def _split(head: bytes, line_end: str) -> tuple[str, ...]:
    if not head:
        return ()
    text = head.decode("utf-8", "surrogateescape")
    return tuple(text.removesuffix(line_end).removesuffix(line_end).split(line_end))


def _lines(scrub: Scrubber, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Redact the lines of a head; a secret that spans several of them goes first, as a whole."""
    if not lines:
        return ()
    joined = "\r\n".join(lines)
    for secret in scrub.registry:
        value = secret.reveal()
        for part in (value, trim(value)):
            if _BREAK.search(part) and _BREAK.search(part.strip("\r\n")) and part in joined:
                joined = joined.replace(part, scrub.hidden(value, "header"))
    shown: list[str] = []
    start = True
    for line in _unfolded(joined.split("\r\n")[:_MOST_LINES]):
        shown += (_start_line if start else _line)(scrub, line).split("\r\n")
        start = not line
    return tuple(shown)


def _unfolded(lines: list[str]) -> list[str]:
    """Put lines that go on (RFC 9112, section 5.2) to the one before: it has their name."""
    fields: list[str] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and len(fields) > 1 and fields[-1]:
            fields[-1] += f"\r\n{line}"
        else:
            fields.append(line)
    return fields


def _start_line(scrub: Scrubber, line: str) -> str:
    if match := _STATUS_LINE.fullmatch(line):
        return match["start"] + scrub.message(match["reason"])
    if match := _REQUEST_LINE.fullmatch(line):
        target = redact_url(scrub, match["target"])
        return scrub.message(match["method"]) + target + match["version"]
    return scrub.content(line) if line.startswith("HTTP/") else _line(scrub, line)


def _line(scrub: Scrubber, line: str) -> str:
    name, colon, value = scrub.known(line).partition(":")
    if not colon:
        return redact_opaque(scrub, line, "header line") if line.strip() else line
    space = " " if value.startswith(" ") else ""
    shown, text = redact_header(scrub, name, value[len(space) :])
    return f"{shown}:{space}{text}"


def _private(scrub: Scrubber, address: str | None) -> str | None:
    """Hide an address that tells where somebody works; this machine's own loopback stays."""
    if address is None or _LOOPBACK.fullmatch(address):
        return address
    host, port = split_host(address)
    return scrub.hidden(host, "address", "host") + port


def _proxy_tls(scrub: Scrubber, facts: TlsFacts | None) -> TlsFacts | None:
    """Hide the names of a proxy too: where it stands is private."""
    if facts is None:
        return None
    named = (scrub.hidden(text or "", "proxy", "host") for text in (facts.sni, facts.subject))
    sni, subject = (text or None for text in named)
    return replace(_tls(facts, scrub.message), sni=sni, subject=subject)


def _tls(facts: TlsFacts, message: Callable[[str], str]) -> TlsFacts:
    def shown(text: str | None) -> str | None:
        return None if text is None else message(text)

    return TlsFacts(
        shown(facts.version),
        shown(facts.cipher),
        shown(facts.alpn),
        shown(facts.sni),
        shown(facts.issuer),
        shown(facts.subject),
        facts.not_after_utc,
    )
