import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.transport.answer_reader import (
    BODY_LIMIT,
    HEAD_LIMIT,
    HEADER_LIMIT,
    AnswerHead,
    AnswerReader,
    Problem,
    decode_body,
    head_sizes,
)


def read(data: bytes, method: str = "GET", *, ends: bool = True, size: int = 0) -> AnswerReader:
    reader = AnswerReader(method)
    size = size or len(data) or 1
    for place in range(0, len(data), size):
        reader.feed(data[place : place + size])
    if ends:
        reader.end()
    return reader


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"HTTP/1.1 401 No Way\r\nContent-Length: 2\r\n\r\nab", 401, "No Way"),
        (b"HTTP/1.0 200\r\n\r\nab", 200, ""),
        (b"HTTP/1.1 200 \nContent-Length: 2\n\nab", 200, ""),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", 200, "OK"),
        (b"HTTP/1.1  600   odd\xff\r\n\r\nab", 600, "odd\udcff"),
        (b"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nab", 401, "No"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nab", 200, "OK"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab", 200, "OK"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nab", 200, "OK"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
            200,
            "OK",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\na\n1\nb\n0\nT: 1\n\n",
            200,
            "OK",
        ),
    ],
)
@pytest.mark.parametrize("size", [0, 1, 3])
def test_an_answer_is_read_as_a_browser_would(data, status, reason, size):
    reader = read(data, size=size)
    assert reader.problem is None
    assert reader.done
    assert reader.head is not None
    assert (reader.head.status, reader.head.reason) == (status, reason)
    assert bytes(reader.body) == b"ab"
    assert not reader.truncated
    assert (reader.interim_bytes, reader.head_bytes) == head_sizes(data)


def test_headers_keep_case_order_and_duplicates_and_folded_lines_join():
    lines = b"A: 1\r\na:2\r\nB :\t3 \r\nno colon\r\nC: 4\r\n folded\r\n\xff: \xfe\r\n"
    reader = read(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")
    assert reader.head is not None
    assert reader.head.headers == (
        ("A", "1"),
        ("a", "2"),
        ("B", "3"),
        ("C", "4 folded"),
        ("\udcff", "\udcfe"),
    )
    assert "1" not in repr(reader.head).replace("200", "")


@pytest.mark.parametrize(
    ("method", "head"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 No\r\n\r\n"),
        ("GET", b"HTTP/1.1 101 Switching\r\n\r\n"),
        ("CONNECT", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_some_answers_have_no_body_whatever_they_say(method, head):
    reader = read(head + b"rest", method, ends=False)
    assert reader.done
    assert reader.body == b""
    reader.feed(b"more")
    reader.end()
    assert reader.problem is None


def test_a_refused_connect_has_a_body():
    reader = read(b"HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nab", "CONNECT", ends=False)
    assert reader.done
    assert reader.body == b"ab"


@pytest.mark.parametrize(
    ("data", "problem", "body"),
    [
        (b"", Problem.NO_ANSWER, b""),
        (b"SSH-2.0-x\r\n\r\n", Problem.NOT_HTTP, b""),
        (b"\x05\xff", Problem.NOT_HTTP, b""),
        (b"HTTP/1.1 abc\r\n\r\n", Problem.NOT_HTTP, b""),
        (b"HTTP/1.1 200 O", Problem.NOT_HTTP, b""),
        (b"HTTP/1.1 100 Go\r\n\r\n", Problem.NOT_HTTP, b""),
        (
            b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * (HEADER_LIMIT + 1) + b"\r\n",
            Problem.HEAD_TOO_LARGE,
            b"",
        ),
        (b"HTTP/1.1 200 " + b"x" * HEAD_LIMIT, Problem.HEAD_TOO_LARGE, b""),
        (b"HTTP/1.1 100 Go\r\n\r\n" * 20_000, Problem.HEAD_TOO_LARGE, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", Problem.BAD_BODY, b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Problem.BAD_BODY, b""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
            Problem.BAD_BODY,
            b"ab",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
            Problem.BAD_BODY,
            b"ab",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab", Problem.BAD_BODY, b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab", Problem.BAD_BODY, b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1", Problem.BAD_BODY, b""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 5000,
            Problem.BAD_BODY,
            b"",
        ),
    ],
)
def test_what_cannot_be_read_is_named(data, problem, body):
    reader = read(data)
    assert reader.problem is problem
    assert bytes(reader.body) == body
    assert reader.truncated is (problem is Problem.BAD_BODY)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5f5e100\r\n",
    ],
)
def test_an_endless_body_is_left_after_the_limit(head):
    reader = AnswerReader("GET")
    reader.feed(head)
    fed = 0
    while not reader.done:
        reader.feed(b"x" * 65536)
        fed += 65536
    assert fed <= BODY_LIMIT + 65536
    assert len(reader.body) == BODY_LIMIT
    assert reader.truncated
    assert reader.problem is None


def test_a_body_of_exactly_the_limit_is_whole():
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % BODY_LIMIT + b"x" * BODY_LIMIT)
    assert (len(reader.body), reader.truncated, reader.problem) == (BODY_LIMIT, False, None)


def head(*codings: str) -> AnswerHead:
    return AnswerHead(200, "", tuple(("Content-Encoding", coding) for coding in codings))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("X-GZIP", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", bare_deflate(b"hello")),
        ("identity", b"hello"),
    ],
)
def test_gzip_and_deflate_are_undone(coding, body):
    decoded = decode_body(head(coding), body)
    assert (decoded.body, decoded.truncated, decoded.broken) == (b"hello", False, False)


@pytest.mark.parametrize("value", ["xchunked", "chunked, gzip", "chunkedx", "gzip"])
def test_only_a_last_coding_of_that_name_is_chunked(value):
    """RFC 9112, section 6.3: any other ends with the connection."""
    answered = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {value}\r\n\r\nab"
    reader = read(answered.encode())
    assert (bytes(reader.body), reader.problem) == (b"ab", None)


def test_other_codings_are_left_and_nothing_stays_nothing():
    assert decode_body(head("br"), b"x").body == b"x"
    assert decode_body(head(), b"x").body == b"x"
    assert decode_body(head("gzip"), b"").body == b""


def test_broken_and_cut_codings_are_told():
    broken = decode_body(head("gzip"), b"abc")
    assert (broken.body, broken.broken, broken.truncated) == (b"", True, True)
    assert decode_body(head("deflate"), b"\xff\xff").broken
    cut = decode_body(head("gzip"), gzip.compress(b"hello" * 1000)[:-12])
    assert cut.broken
    assert cut.body.startswith(b"hello")


EMPTY = gzip.compress(b"", mtime=0)
ONE, TWO = gzip.compress(b"one", mtime=0), gzip.compress(b"two" * 5000, mtime=0)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ONE + TWO, b"one" + b"two" * 5000),
        (EMPTY + ONE + ONE, b"oneone"),
        (ONE + b"\0" * 8, b"one"),
        (ONE + b"\x1f", b"one"),
        (ONE + b"<!-- not of it -->", b"one"),
    ],
)
def test_gzip_may_have_several_members_and_padding(body, found):
    """RFC 1952, section 2.2: a file is a series of members, their contents joined."""
    decoded = decode_body(head("gzip"), body)
    assert (decoded.body, decoded.truncated, decoded.broken) == (found, False, False)


@pytest.mark.parametrize("rest", [TWO[:-9], TWO[:12], TWO[:20] + b"\xff" * 9])
def test_a_later_member_that_breaks_leaves_what_came_before(rest):
    decoded = decode_body(head("gzip"), ONE + rest)
    assert decoded.body.startswith(b"one")
    assert (decoded.truncated, decoded.broken) == (True, True)


def test_members_stop_at_the_limit_too():
    member = gzip.compress(b"\0" * 300_000)
    decoded = decode_body(head("gzip"), member * 5)
    assert len(decoded.body) == BODY_LIMIT
    assert (decoded.truncated, decoded.broken) == (True, False)


def test_thousands_of_empty_members_take_no_longer_than_reading_them():
    decoded = decode_body(head("gzip"), EMPTY * (BODY_LIMIT // len(EMPTY)))
    assert (decoded.body, decoded.truncated) == (b"", False)


def test_a_bomb_stops_at_the_limit():
    decoded = decode_body(head("gzip"), gzip.compress(b"\0" * (50 << 20)))
    assert len(decoded.body) == BODY_LIMIT
    assert (decoded.truncated, decoded.broken) == (True, False)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=120)
    | st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail),
    st.integers(1, 9),
)
def test_any_bytes_end_and_in_whatever_pieces_the_same(data, size):
    whole, pieces = read(data), read(data, size=size)
    assert whole.done
    assert (whole.problem, whole.head, whole.body) == (pieces.problem, pieces.head, pieces.body)
    if whole.head is not None and whole.head_bytes <= HEAD_LIMIT:
        assert head_sizes(data) == (whole.interim_bytes, whole.head_bytes)
