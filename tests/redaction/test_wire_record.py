"""The bytes of an attempt, redacted: nothing leaks, and what explains a 401 stays."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.samples import exchange, made_up, secret

from harness.cassette_format.line import decode_line, encode_line
from harness.errors import Place
from harness.leak_scan.gate import find_leaks
from harness.model.exchange import Exchange, RecordedExchange, RedactedExchange
from harness.model.outcome import Outcome
from harness.model.request import ProxyHop
from harness.model.wire import (
    NOTHING,
    BodyForm,
    RedactedMessage,
    TlsFacts,
    Tunnel,
    Wire,
    WireBytes,
    WireTimes,
)
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
LABEL = "RDX~s1.sk.L35.Chex~"
BODY = b'{"model":"deepseek-chat"}'
ANSWER = b"Authentication Fails (governor)"
HERE = Place("a.yaml", 3, 1)


def message(head: bytes, body: bytes = b"", interim: bytes = b"") -> WireBytes:
    kept = interim + head + body
    return WireBytes(kept, len(kept), len(head), len(interim))


def head_of(*lines: str, end: str = "\r\n") -> bytes:
    return (end.join(lines) + end * 2).encode("utf-8", "surrogateescape")


SENT = message(head_of("POST /x HTTP/1.1", "Host: h", f"Authorization: Bearer {KEY}"), BODY)
RECEIVED = message(head_of("HTTP/1.1 401 No", "Server: s"), ANSWER)


def watched(wire: Wire, key: str = KEY, **fields) -> Exchange:
    made = exchange(key, **fields)
    return dataclasses.replace(made, attempt=dataclasses.replace(made.attempt, wire=wire))


def redacted(wire: Wire, key: str = KEY, **fields) -> RedactedExchange:
    return Redactor(SecretRegistry()).redact(watched(wire, key, **fields))


def recorded(made: RedactedExchange) -> RecordedExchange:
    names = [field.name for field in dataclasses.fields(RecordedExchange)]
    return RecordedExchange(**{name: getattr(made, name) for name in names})


def test_heads_go_by_name_and_bodies_are_named_not_repeated():
    made = redacted(Wire(SENT, RECEIVED, tries=1))
    assert made.wire is not None
    sent, received = made.wire.sent, made.wire.received
    assert sent.lines == ("POST /x HTTP/1.1", "Host: h", f"Authorization: Bearer {LABEL}")
    assert (sent.body_form, sent.body) == (BodyForm.SAME, "")
    assert sent.total_bytes == SENT.total
    assert received.lines == ("HTTP/1.1 401 No", "Server: s")
    assert received.body_form is BodyForm.SAME
    assert made.headers_sent == (("Host", "h"), ("Authorization", f"Bearer {LABEL}"))


def test_no_wire_stays_none_and_an_unused_one_empty():
    assert Redactor(SecretRegistry()).redact(exchange(KEY)).wire is None
    made = redacted(Wire())
    assert made.wire is not None
    assert made.wire.sent == made.wire.received == RedactedMessage()
    assert made.headers_sent == ()


@pytest.mark.parametrize(
    ("body", "form", "chunks"),
    [
        (b"", BodyForm.NONE, ()),
        (ANSWER, BodyForm.SAME, ()),
        (
            b"5\r\nAuthe\r\n1a;x=1\r\nntication Fails (governor)\r\n0\r\n\r\n",
            BodyForm.CHUNKED,
            (5, 26, 0),
        ),
        (b"1f\n" + ANSWER + b"\n0\n\n", BodyForm.CHUNKED, (31, 0)),
        (b"5\r\nAuthe", BodyForm.CODED, ()),
        (b"5\r\nother\r\n0\r\n\r\n", BodyForm.CODED, ()),
        (b"\x1f\x8b\x08 packed", BodyForm.CODED, ()),
        (
            b"".join(b"1\r\n%c\r\n" % byte for byte in ANSWER) + b"0\r\n\r\n",
            BodyForm.CHUNKED,
            (*[1] * 31, 0),
        ),
    ],
)
def test_a_body_in_chunks_or_compressed_is_not_shown(body, form, chunks):
    made = redacted(Wire(SENT, message(head_of("HTTP/1.1 401 No"), body)))
    received = made.wire.received
    assert (received.body_form, received.chunks, received.body) == (form, chunks, "")


def test_a_key_that_a_chunk_cuts_in_two_is_nowhere():
    echo = f"got {KEY}".encode()
    cut = b"a\r\n" + echo[:10] + b"\r\n1d\r\n" + echo[10:] + b"\r\n0\r\n\r\n"
    received = message(head_of("HTTP/1.1 401 No", "Transfer-Encoding: chunked"), cut)
    for body in (echo, echo[:10]):
        made = redacted(Wire(SENT, received), response_body=body)
        shown = repr(made.wire)
        assert KEY[3:9] not in shown
        assert find_leaks(shown.encode(), [secret(KEY)]) == ()


def test_many_chunks_are_not_listed():
    body = b"x" * 200
    cut = b"1\r\nx\r\n" * 200 + b"0\r\n\r\n"
    made = redacted(Wire(SENT, message(head_of("HTTP/1.1 401 No"), cut)), response_body=body)
    assert made.wire.received.body_form is BodyForm.CODED


def test_what_is_no_http_is_shown_by_value_and_cut():
    made = redacted(Wire(SENT, message(b"", f"SSH-2.0 {KEY} ".encode() + b"z" * 100_000)))
    received = made.wire.received
    assert received.body_form is BodyForm.TEXT
    assert received.body.startswith(f"SSH-2.0 {LABEL} zzz")
    assert len(received.body) == 16 * 1024
    assert received.lines == ()
    binary = redacted(Wire(SENT, message(b"", b"\x05\xff\x00")))
    assert binary.wire.received.body == "RDX~none.blob.L3.Cbytes.mbinary~"


def test_a_head_that_never_ended_goes_by_name_too():
    broken = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=abcdef1\r\nAuthoriz"
    made = redacted(Wire(SENT, message(b"", broken)))
    received = made.wire.received
    assert received.lines[:1] == ("HTTP/1.1 200 OK",)
    assert "abcdef1" not in repr(received)
    assert received.body_form is BodyForm.NONE


def test_interim_answers_and_bare_line_feeds_are_kept_apart():
    interim = head_of("HTTP/1.1 103 Early", "Link: </a>")
    head = head_of("HTTP/1.1 401 No", "A: 1", end="\n")
    made = redacted(Wire(SENT, message(head, ANSWER, interim)))
    received = made.wire.received
    assert received.interim[:2] == ("HTTP/1.1 103 Early", received.interim[1])
    assert received.interim[1].startswith("Link: ")
    assert (received.line_end, received.lines[0]) == ("\n", "HTTP/1.1 401 No")
    assert len(received.lines) == 2


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\r\nX-Injected: 1", "\nX: y", "\r\n\r\nGET / HTTP/1.1"]
)
def test_a_key_with_a_line_break_is_replaced_whole(end):
    key = f"{KEY}{end}"
    sent = message(head_of("GET /x HTTP/1.1", f"Authorization: Bearer {key}", "Accept: */*"))
    made = redacted(Wire(sent, RECEIVED), key)
    lines = made.wire.sent.lines
    shown = "\n".join(lines) + repr(made.headers_sent)
    assert KEY[-6:] not in shown
    assert "Injected" not in shown
    assert lines[0] == "GET /x HTTP/1.1"
    assert lines[-1] == "Accept: */*"
    assert find_leaks(repr(made.wire).encode(), [secret(key)]) == ()


def test_a_header_line_that_looks_like_a_start_line_is_none():
    line = "Set-Cookie: sid=hunter2hunter2 HTTP/1.1"
    made = redacted(Wire(SENT, message(head_of("HTTP/1.1 401 No", line), ANSWER)))
    assert "hunter2" not in repr(made.wire)
    odd = message(head_of("GET HTTP/1.1", "no colon at all", "", "A:b", ": c"))
    made = redacted(Wire(odd, RECEIVED))
    assert made.wire.sent.lines[2:4] == ("", made.wire.sent.lines[3])
    assert made.wire.sent.lines[3].startswith("A:")
    assert "no colon" not in repr(made.wire)


def test_a_flood_of_lines_is_cut():
    flood = head_of("HTTP/1.1 200 OK", *(f"X-{number}: 1" for number in range(5000)))
    made = redacted(Wire(SENT, message(flood)))
    assert len(made.wire.received.lines) == 1000


def test_addresses_that_tell_where_somebody_works_are_hidden():
    wire = Wire(SENT, RECEIVED, peer="10.1.2.3:3128", local="192.168.7.8:50000")
    direct = redacted(wire).wire
    assert direct.peer == "10.1.2.3:3128"
    assert direct.local.startswith("RDX~")
    assert direct.local.endswith(":50000")
    through = redacted(wire, proxy=ProxyHop("http://proxy.corp:3128")).wire
    assert "10.1.2.3" not in through.peer
    assert through.peer.endswith(":3128")
    home = redacted(Wire(SENT, RECEIVED, peer="[::1]:1", local="127.0.0.1:2")).wire
    assert (home.peer, home.local) == ("[::1]:1", "127.0.0.1:2")


def full_wire(key: str = KEY) -> Wire:
    password = base64.b64encode(b"me:pa55word-of-the-proxy").decode()
    return Wire(
        message(
            head_of("POST /x?a=1 HTTP/1.1", "Host: h", f"authorization: Bearer {key}\udcff\\"), BODY
        ),
        message(head_of("HTTP/1.1 401 No", "Server: s", f"X-Echo: {key}"), ANSWER),
        Tunnel(
            message(head_of("CONNECT h:443 HTTP/1.1", f"Proxy-Authorization: Basic {password}")),
            message(head_of("HTTP/1.1 200 OK", "Via: p"), interim=head_of("HTTP/1.1 100 Go")),
        ),
        "203.0.113.7:443",
        "127.0.0.1:1",
        TlsFacts("TLSv1.3", "C", None, "h", f"CN={key}", "CN=h", 1.5),
        WireTimes(None, 0.25, 0.5, None),
        1,
    )


def test_the_record_is_read_back_from_a_line_and_readmitted_unchanged():
    made = redacted(full_wire(), response_headers=(("Server", "s"), ("X-Echo", KEY)))
    text = encode_line(made, Outcome.DENIED)
    assert KEY not in text
    assert "pa55word" not in text
    line = decode_line(text, HERE)
    assert line.exchange.wire == made.wire
    again = Redactor(SecretRegistry("x")).readmit(line.exchange)
    assert again.wire == made.wire
    assert find_leaks(text.encode(), [secret(KEY)]) == ()


def test_a_strangers_record_comes_out_clean():
    made = redacted(full_wire(), "")
    wire = dataclasses.replace(
        made.wire,
        sent=RedactedMessage(("GET / HTTP/1.1", f"Authorization: Bearer {KEY}"), 9, body=KEY),
        local="192.168.1.2:9",
        peer=f"{KEY}:1",
    )
    stranger = dataclasses.replace(recorded(made), wire=wire)
    again = Redactor(SecretRegistry("x")).readmit(stranger)
    assert KEY not in repr(again.wire)
    assert "192.168" not in repr(again.wire)


FORMS = {
    "plain": lambda key: key,
    "upper": str.upper,
    "base64": lambda key: base64.b64encode(f"x:{key}".encode()).decode(),
    "percent": lambda key: "".join(f"%{byte:02X}" for byte in key.encode()),
    "reversed": lambda key: key[::-1],
    "half": lambda key: key[:20],
}
PLACES = {
    "target": lambda text: Wire(message(head_of(f"GET /a?b={text} HTTP/1.1")), RECEIVED),
    "path": lambda text: Wire(message(head_of(f"GET /{text} HTTP/1.1")), RECEIVED),
    "header": lambda text: Wire(message(head_of("GET / HTTP/1.1", f"X-Odd: {text}")), RECEIVED),
    "name": lambda text: Wire(message(head_of("GET / HTTP/1.1", f"{text}: 1")), RECEIVED),
    "line": lambda text: Wire(message(head_of("GET / HTTP/1.1", text)), RECEIVED),
    "method": lambda text: Wire(message(head_of(f"{text} / HTTP/1.1")), RECEIVED),
    "reason": lambda text: Wire(SENT, message(head_of(f"HTTP/1.1 401 {text}"))),
    "answer header": lambda text: Wire(
        SENT, message(head_of("HTTP/1.1 401 No", f"Server: {text}"))
    ),
    "interim": lambda text: Wire(
        SENT, message(b"", interim=head_of("HTTP/1.1 103 E", f"Link: {text}"))
    ),
    "garbage": lambda text: Wire(SENT, message(b"", f"\x16 got {text} ".encode())),
    "broken head": lambda text: Wire(
        SENT, message(b"", f"HTTP/1.1 200 OK\r\nServer: {text}".encode())
    ),
    "tunnel": lambda text: Wire(
        NOTHING, NOTHING, Tunnel(message(head_of("CONNECT h:1 HTTP/1.1", f"Via: {text}")), NOTHING)
    ),
    "certificate": lambda text: Wire(
        SENT, RECEIVED, tls=TlsFacts(issuer=text, subject=text, sni=text)
    ),
}


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**6), st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(PLACES)))
def test_a_known_secret_survives_nowhere_in_the_record(seed, form, place):
    key = made_up(seed)
    made = redacted(PLACES[place](FORMS[form](key)), key)
    text = encode_line(made, Outcome.DENIED)
    for shown in (repr(made.wire), text):
        assert find_leaks(shown.encode("utf-8", "replace"), [secret(key)]) == ()
    again = Redactor(SecretRegistry("x")).readmit(decode_line(text, HERE).exchange)
    assert again.wire == made.wire


@pytest.mark.parametrize("name", ["Authorization", "User-Agent", "X-Zzz"])
def test_a_key_on_several_lines_of_one_field_goes(name: str) -> None:
    head = head_of("GET /x HTTP/1.1", f"{name}: a {KEY[:17]}", f" {KEY[17:]}", "Host: h")
    made = redacted(Wire(message(head), RECEIVED, tries=1))
    assert made.wire is not None
    lines = made.wire.sent.lines
    assert lines[-1] == "Host: h"
    assert KEY[9:17] not in "".join(lines)
    assert KEY[-8:] not in "".join(lines)


def test_a_broken_status_line_is_a_text_and_no_field() -> None:
    answer = f"HTTP/1.1 4x1 {KEY}:odd\r\n\r\n".encode()
    made = redacted(Wire(SENT, WireBytes(answer, len(answer)), tries=1))
    assert made.wire is not None
    assert made.wire.received.lines[0] == f"HTTP/1.1 4x1 {LABEL}:odd"
