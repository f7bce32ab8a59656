from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.lab.http_message import Request
from harness.lab.limits import Limits
from harness.lab.request_reader import BadRequestError, read_request


def parse(raw: bytes, *, limits: Limits | None = None, end: bool = True) -> Request | None:
    return asyncio.run(_parse(raw, limits or Limits(), [], end=end))


async def _parse(raw: bytes, limits: Limits, waits: list[str], *, end: bool) -> Request | None:
    reader = asyncio.StreamReader(limit=64 * 1024)
    reader.feed_data(raw)
    if end:
        reader.feed_eof()
    return await read_request(
        reader, scheme="http", limits=limits, go_on=lambda: waits.append("go on")
    )


def refused(raw: bytes, *, limits: Limits | None = None) -> str:
    with pytest.raises(BadRequestError) as caught:
        parse(raw, limits=limits)
    return str(caught.value)


def header_of(line: bytes) -> tuple[str, str]:
    parsed = parse(b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n")
    assert parsed is not None
    return parsed.headers[0]


def test_order_case_and_duplicates_of_headers_are_kept() -> None:
    parsed = parse(b"GET /a?b=c HTTP/1.1\r\nhost: h\r\nX-A: 1\r\nx-a: 2\r\nX-A: 3\r\n\r\n")
    assert parsed is not None
    assert (parsed.method, parsed.target, parsed.path) == ("GET", "/a?b=c", "/a")
    assert parsed.headers == (("host", "h"), ("X-A", "1"), ("x-a", "2"), ("X-A", "3"))
    assert parsed.values("X-a") == ("1", "2", "3")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"A:b", "b"),
        (b"A:   b  ", "b"),
        (b"A: b\t", "b\t"),
        (b"A: b\r", "b"),
        (b"A: b c", "b c"),
        (b"A: b\x01", "b\x01"),
        (b"A:", ""),
        (b"A: b:c", "b:c"),
        ("A: ské\u200b".encode(), "ské\u200b"),
        (b"A: sk\xe9", "sk\udce9"),
    ],
)
def test_a_value_is_read_as_nginx_reads_it(line: bytes, value: str) -> None:
    assert header_of(line) == ("A", value)


def test_a_bare_line_feed_ends_a_line_so_a_key_with_one_injects_a_header() -> None:
    parsed = parse(b"GET / HTTP/1.1\r\nAuthorization: Bearer k\nX-B: 1\r\n\r\n")
    assert parsed is not None
    assert parsed.headers == (("Authorization", "Bearer k"), ("X-B", "1"))


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nA : b",
        b"GET / HTTP/1.1\r\nA: b\r\n folded",
        b"GET / HTTP/1.1\r\nA: b\0",
        b"GET / HTTP/1.1\r\nA: b\rc",
        b"GET / HTTP/1.1\r\nno colon",
        b"GET / HTTP/1.1\r\n: no name",
        b"GET /",
        b"GET / a HTTP/1.1",
        b"get / HTTP/1.1",
        b"GET / HTTX/1.1",
        b"GET /\x7f HTTP/1.1",
        b"\x16\x03\x01",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1",
        b"POST / HTTP/1.1\r\nContent-Length: -1",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
    ],
)
def test_a_malformed_head_is_a_bad_request(head: bytes) -> None:
    assert refused(head + b"\r\n\r\n") == "400 Bad Request"


def test_another_major_version_is_refused_by_name() -> None:
    assert refused(b"PRI * HTTP/2.0\r\n\r\n") == "505 HTTP Version Not Supported"


def test_an_unknown_transfer_coding_is_not_implemented() -> None:
    raw = b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"
    assert refused(raw) == "501 Not Implemented"


@pytest.mark.parametrize("line", [b"A: " + b"x" * 100, b"A: " + b"x" * 100_000])
def test_a_head_over_the_limit_is_refused_with_nginx_words(line: bytes) -> None:
    raw = b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n"
    with pytest.raises(BadRequestError) as caught:
        parse(raw, limits=Limits(head_bytes=100))
    assert caught.value.detail == "Request Header Or Cookie Too Large"


def test_a_head_of_just_the_limit_is_read() -> None:
    raw = b"GET / HTTP/1.1\r\nA: b\r\n\r\n"
    assert parse(raw, limits=Limits(head_bytes=len(raw))) is not None


def test_a_body_has_the_length_that_the_head_says() -> None:
    parsed = parse(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcdef")
    assert parsed is not None
    assert parsed.body == b"abc"


def test_chunks_are_joined_and_extensions_and_trailers_dropped() -> None:
    raw = b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: x\r\n\r\n"
    parsed = parse(b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n" + raw)
    assert parsed is not None
    assert parsed.body == b"abc0123456789"


@pytest.mark.parametrize("chunks", [b"x\r\n", b"\r\n", b"3\r\nabcdef\r\n", b"-1\r\n"])
def test_malformed_chunks_are_a_bad_request(chunks: bytes) -> None:
    raw = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    assert refused(raw) == "400 Bad Request"


@pytest.mark.parametrize(
    "raw",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n",
    ],
)
def test_a_body_over_the_limit_is_too_large(raw: bytes) -> None:
    assert refused(raw, limits=Limits(body_bytes=10)) == "413 Request Entity Too Large"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nA: b\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    ],
)
def test_a_client_that_closes_early_gets_nothing(raw: bytes) -> None:
    assert parse(raw) is None


@pytest.mark.parametrize(
    "raw", [b"", b"GET / HTTP/1.1\r\nA: ", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab"]
)
def test_a_client_that_stalls_gets_nothing(raw: bytes) -> None:
    limits = Limits(idle_seconds=0.02, head_seconds=0.02, body_seconds=0.02)
    assert parse(raw, limits=limits, end=False) is None


def test_line_breaks_before_a_request_are_skipped() -> None:
    parsed = parse(b"\r\n\nGET / HTTP/1.0\r\n\r\n")
    assert parsed is not None
    assert parsed.minor_version == 0


@pytest.mark.parametrize(
    ("line", "waits"),
    [
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1", ["go on"]),
        (b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1", []),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0", []),
        (b"POST / HTTP/1.1\r\nContent-Length: 1", []),
    ],
)
def test_a_client_that_waits_is_told_to_go_on(line: bytes, waits: list[str]) -> None:
    told: list[str] = []
    asyncio.run(_parse(line + b"\r\n\r\nx", Limits(), told, end=True))
    assert told == waits


@given(raw=st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(raw: bytes) -> None:
    async def steps() -> Request | None:
        try:
            return await _parse(raw, Limits(), [], end=True)
        except BadRequestError:
            return None

    asyncio.run(steps())


TOKENS = st.sampled_from(
    b"GET|POST| |/|HTTP/1.1|\r\n|\n|\r|Host: a|A:b|0|3|Transfer-Encoding: chunked".split(b"|")
    + b"Content-Length: 3|Expect: 100-continue|abc|\0|\t|\xff|:".split(b"|")
)


@given(parts=st.lists(TOKENS, max_size=30))
def test_no_jumble_of_tokens_breaks_the_reader(parts: list[bytes]) -> None:
    async def steps() -> Request | None:
        try:
            return await _parse(b"GET / HTTP/1.1\r\n" + b"".join(parts), Limits(), [], end=True)
        except BadRequestError:
            return None

    asyncio.run(steps())
