"""Servers that break HTTP, or the client's patience or memory, in the answer to a request."""

from __future__ import annotations

import base64
import gzip
import zlib

from hostile.kind import Kind, answered, cut
from hostile.script import (
    Script,
    answers,
    answers_later,
    drips,
    floods,
    greets,
    holds,
    leaves,
    nothing,
    one_byte,
    read_head,
    repeats,
    resets,
    silent,
)

OK = b"HTTP/1.1 200 OK\r\n"
NO = b"HTTP/1.1 401 Unauthorized\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GIBIBYTE = 1 << 30
MEBIBYTE = 1 << 20

WHOLE = "whole"
GONE = "headers/disconnected"
BROKEN = "headers/broken"
NOT_HTTP = "headers/not-http"
LATE = "headers/timeout"
BAD_BODY = "body/bad-body"
LATE_BODY = "body/timeout"


def bomb(form: str) -> bytes:
    """A gibibyte of zeros in about a mebibyte: one block of the stream, many times over."""
    packer = zlib.compressobj(9, wbits=31 if form == "gzip" else 15)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(16 * MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * 64


def echoed_token(claims: bytes) -> bytes:
    """Answer with a token that says of itself what no JSON may hold."""
    parts = (b'{"alg":"HS256"}', claims, b"a signature")
    token = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    return NO + sized(b'{"error":"expired ' + token + b'"}')


def encoded(form: str, body: bytes) -> bytes:
    return OK + f"Content-Encoding: {form}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def sized(body: bytes) -> bytes:
    return f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def ok(*headers: bytes) -> Script:
    return answers(OK + b"".join(header + b"\r\n" for header in headers) + EMPTY)


def refused(script: Script, status: int = 200) -> Kind:
    """A kind whose status arrives whole, and with it what the client refuses to read."""
    return answered(script, "pass", status, NOT_HTTP)


CONNECTIONS = {
    "leaves-at-once": cut(leaves, GONE, BROKEN),
    "resets-at-once": cut(resets(after=nothing), GONE, BROKEN),
    "resets-at-first-byte": cut(resets(after=one_byte), GONE, BROKEN),
    "resets-after-request": cut(resets(after=read_head), GONE, BROKEN),
    "leaves-after-request": cut(answers(), GONE),
    "never-answers": cut(silent, LATE),
}

STATUS_LINES = {
    "status-dripped": cut(drips(b"", OK), LATE),
    "status-cut": cut(answers(b"HTTP/1.1 20"), GONE, NOT_HTTP),
    "status-reset": cut(resets(b"HTTP/1.1 20", after=read_head), GONE, BROKEN),
    "status-held": cut(holds(b"HTTP/1.1"), LATE),
    "status-endless": cut(floods(b"HTTP/1.1 200 ", b"O" * 4096), NOT_HTTP),
    "status-of-a-mebibyte": cut(
        answers(b"HTTP/1.1 200 " + b"O" * MEBIBYTE + b"\r\n\r\n"), NOT_HTTP
    ),
    "status-000": cut(answers(b"HTTP/1.1 000 Zero\r\n" + EMPTY), NOT_HTTP),
    "status-999": answered(answers(b"HTTP/1.1 999 Denied\r\n" + EMPTY), "other", 999),
    "status-negative": cut(answers(b"HTTP/1.1 -1 Minus\r\n" + EMPTY), NOT_HTTP),
    "status-of-letters": cut(answers(b"HTTP/1.1 2OO OK\r\n" + EMPTY), NOT_HTTP),
    "status-of-ten-digits": cut(answers(b"HTTP/1.1 2000000000 OK\r\n" + EMPTY), NOT_HTTP),
    "status-with-nul": answered(answers(b"HTTP/1.1 200 O\x00K\r\n" + EMPTY), "pass", 200),
    "status-with-0xff": answered(answers(b"HTTP/1.1 401 N\xff\r\n" + EMPTY), "denied", 401),
    "status-with-escapes": answered(
        answers(b"HTTP/1.1 401 \x1b[2J\x1b]0;owned\x07\r\n" + EMPTY), "denied", 401
    ),
    "status-without-reason": answered(answers(b"HTTP/1.1 200\r\n" + EMPTY), "pass", 200),
    "version-unknown": refused(answers(b"HTTP/3.7 200 OK\r\n" + EMPTY)),
    "version-lower-case": cut(answers(b"http/1.1 200 ok\r\n" + EMPTY), NOT_HTTP),
    "http-0.9": cut(answers(b"<html>hello</html>"), NOT_HTTP),
    "http-1.0-answer": answered(answers(b"HTTP/1.0 401 No\r\n\r\nno"), "denied", 401),
    "blank-lines-endless": cut(floods(b"", b"\r\n" * 512), LATE, NOT_HTTP),
}

PROTOCOLS = {
    "speaks-ssh": cut(greets(b"SSH-2.0-OpenSSH_9.2\r\n"), NOT_HTTP),
    "speaks-smtp": cut(greets(b"220 mail.example.com ESMTP\r\n"), NOT_HTTP),
    "speaks-redis": cut(answers(b"-ERR unknown command 'GET'\r\n"), NOT_HTTP),
    "speaks-mysql": cut(greets(b"\x4a\x00\x00\x00\x0a8.0.36\x00" + bytes(64)), NOT_HTTP),
    "speaks-http2": cut(greets(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)), NOT_HTTP),
    "speaks-tls-alert": cut(greets(b"\x15\x03\x01\x00\x02\x02\x46"), NOT_HTTP),
    "speaks-socks": cut(answers(b"\x05\xff"), NOT_HTTP, GONE),
    "sends-a-request": cut(greets(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), NOT_HTTP),
    "echoes": cut(answers(b"GET / HTTP/1.1\r\nHost: me\r\n\r\n"), NOT_HTTP),
    "sends-noise": cut(floods(b"", bytes(range(256)) * 16), NOT_HTTP),
}

HEADERS = {
    "headers-dripped": cut(drips(OK, b"X-Slow: yes\r\n"), LATE),
    "headers-endless": cut(floods(OK, b"X-Many: yes\r\n" * 64), NOT_HTTP),
    "headers-100000": cut(repeats(OK, b"X-Many: yes\r\n" * 1000, 100, b"\r\n"), NOT_HTTP),
    "header-of-10-mebibytes": cut(repeats(OK + b"X-Long: ", b"a" * MEBIBYTE, 10), NOT_HTTP),
    "header-endless": cut(floods(OK + b"X-Long: ", b"a" * 4096), NOT_HTTP),
    "header-name-endless": cut(floods(OK, b"a" * 4096), NOT_HTTP),
    "header-with-0xff": answered(ok(b"X-Odd: \xff\xfe"), "pass", 200),
    "header-with-nul": refused(ok(b"X-Odd: a\x00b")),
    "header-with-bare-cr": refused(ok(b"X-Odd: a\rb")),
    "header-without-colon": refused(ok(b"X-Odd")),
    "header-without-name": refused(ok(b": odd")),
    "header-space-before-colon": refused(ok(b"X-Odd : a")),
    "header-folded": answered(ok(b"X-Odd: a\r\n b"), "pass", 200),
    "headers-end-in-lf": answered(answers(b"HTTP/1.1 200 OK\nContent-Length: 0\n\n"), "pass", 200),
    "headers-cut": cut(answers(OK + b"X-Half: ye"), GONE, NOT_HTTP),
    "headers-reset": cut(resets(OK + b"X-Half: ye", after=read_head), GONE, BROKEN),
    "headers-held": cut(holds(OK + b"X-A: 1\r\n"), LATE),
    "length-twice-different": refused(ok(b"Content-Length: 5")),
    "length-twice-same": refused(ok(b"Content-Length: 0")),
    "length-negative": refused(answers(OK + b"Content-Length: -5\r\n\r\nhello")),
    "length-of-letters": refused(answers(OK + b"Content-Length: five\r\n\r\nhello")),
    "length-beyond-64-bits": refused(answers(OK + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\n")),
    "length-and-chunked": refused(
        answers(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    ),
    "coding-unknown": answered(answers(OK + b"Transfer-Encoding: rot13\r\n\r\nuryyb"), "pass", 200),
    "early-hints-endless": cut(
        floods(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 64), LATE, NOT_HTTP
    ),
    "continues-1000-times": answered(
        repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 25, 40, OK + EMPTY), "pass", 200
    ),
    "switches-protocols": answered(
        answers(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        "other",
        101,
    ),
    "challenges-1000": cut(
        answers(NO + b"WWW-Authenticate: Bearer realm=x\r\n" * 1000 + EMPTY), NOT_HTTP
    ),
    "date-of-a-far-year": answered(
        ok(b"Date: Mon, 01 Jan 99999999999999 00:00:00 GMT"), "pass", 200
    ),
    "date-of-a-far-zone": answered(
        ok(b"Date: Mon, 01 Jan 2024 00:00:00 -99999999999999999"), "pass", 200
    ),
    "date-of-noise": answered(ok(b"Date: \xff, 00 \xd9\xa3 :: ()"), "pass", 200),
    "challenge-of-quotes": answered(
        answers(NO + b'WWW-Authenticate: Bearer realm="' + b'\\"' * 3000 + b"\r\n" + EMPTY),
        "denied",
        401,
    ),
}

BODIES = {
    "length-too-long": answered(
        answers(NO + b"Content-Length: 500\r\n\r\nno"), "denied", 401, BAD_BODY
    ),
    "length-too-short": refused(answers(OK + b"Content-Length: 2\r\n\r\nokokok")),
    "length-too-short-later": answered(
        answers_later(OK + b"Content-Length: 2\r\n\r\nok", b"okok"), "pass", 200
    ),
    "body-dripped": answered(
        drips(NO + b"Content-Length: 5000\r\n\r\n", b"no "), "denied", 401, LATE_BODY
    ),
    "body-held": answered(holds(NO + b"Content-Length: 2\r\n\r\n"), "denied", 401, LATE_BODY),
    "body-endless": answered(floods(OK + b"\r\n", bytes(65536)), "pass", 200),
    "body-of-a-gibibyte": answered(
        floods(OK + f"Content-Length: {GIBIBYTE}\r\n\r\n".encode(), bytes(65536)), "pass", 200
    ),
    "body-reset": answered(
        resets(NO + b"Content-Length: 500\r\n\r\nno", after=read_head), "denied", 401, BAD_BODY
    ),
    "events-endless": answered(
        drips(OK + b"Content-Type: text/event-stream\r\n\r\n", b"data: x\n\n"),
        "pass",
        200,
        LATE_BODY,
    ),
    "chunks-endless": answered(floods(CHUNKED, b"1000\r\n" + bytes(4096) + b"\r\n"), "pass", 200),
    "chunks-of-one-byte": answered(
        floods(CHUNKED, b"1\r\n\0\r\n" * 1000), "pass", 200, WHOLE, LATE_BODY
    ),
    "chunk-size-not-hex": refused(answers(CHUNKED + b"zz\r\nab\r\n")),
    "chunk-size-not-hex-later": answered(
        answers_later(CHUNKED, b"zz\r\nab\r\n"), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "chunk-size-negative": refused(answers(CHUNKED + b"-2\r\nab\r\n")),
    "chunk-size-negative-later": answered(
        answers_later(CHUNKED, b"-2\r\nab\r\n"), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "chunk-size-beyond-64-bits": refused(answers(CHUNKED + b"F" * 20 + b"\r\nab\r\n")),
    "chunk-size-beyond-64-bits-later": answered(
        answers_later(CHUNKED, b"F" * 20 + b"\r\nab\r\n"), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "chunk-size-endless": answered(floods(CHUNKED, b"0" * 4096), "pass", 200, BAD_BODY, LATE_BODY),
    "chunk-extension-endless": answered(
        floods(CHUNKED + b"2;", b"x" * 4096), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "chunk-without-end": refused(answers(CHUNKED + b"2\r\nokok\r\n0\r\n\r\n")),
    "chunk-without-end-later": answered(
        answers_later(CHUNKED, b"2\r\nokok\r\n0\r\n\r\n"), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "chunks-cut": answered(answers(CHUNKED + b"2\r\nok\r\n"), "pass", 200, BAD_BODY),
    "trailers-endless": answered(
        floods(CHUNKED + b"0\r\n", b"X-Many: yes\r\n" * 64), "pass", 200, BAD_BODY, LATE_BODY
    ),
    "gzip-bomb": answered(answers(encoded("gzip", bomb("gzip"))), "pass", 200),
    "deflate-bomb": answered(answers(encoded("deflate", bomb("deflate"))), "pass", 200),
    "gzip-cut": answered(answers(encoded("gzip", gzip.compress(b"hello" * 99)[:20])), "pass", 200),
    "gzip-of-noise": answered(answers(encoded("gzip", b"not gzip")), "pass", 200, BAD_BODY),
    "gzip-of-gzip": answered(
        answers(encoded("gzip, gzip", gzip.compress(gzip.compress(b"hello")))), "pass", 200
    ),
    "encoding-not-asked-for": answered(answers(encoded("br", b"\x0b\x02")), "pass", 200),
    "encoding-unknown": answered(answers(encoded("rot13", b"uryyb")), "pass", 200),
    "body-of-nested-json": answered(answers(NO + sized(b"[" * 200_000)), "denied", 401),
    "body-not-utf-8": answered(answers(NO + sized(b"\xff\xfe\x80\x00\xed\xa0")), "denied", 401),
    "body-of-a-token-of-no-time": answered(
        answers(echoed_token(b'{"exp":NaN,"iat":Infinity,"nbf":-Infinity}')), "denied", 401
    ),
    "body-of-a-token-of-a-far-time": answered(
        answers(echoed_token(b'{"exp":1e999,"iat":1' + b"0" * 4000 + b"}")), "denied", 401
    ),
    "body-of-yaml": answered(
        answers(NO + sized(b"- !!python/object/apply:os.system [ls]\n")), "denied", 401
    ),
    "body-of-surrogates": answered(answers(NO + sized(b'{"error":"\\ud800\\u00"}')), "denied", 401),
    "body-where-none-may-be": refused(
        answers(b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc"), 204
    ),
    "body-where-none-may-be-later": answered(
        answers_later(b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", b"abc"),
        "pass",
        204,
    ),
}

KINDS: dict[str, Kind] = CONNECTIONS | STATUS_LINES | PROTOCOLS | HEADERS | BODIES
