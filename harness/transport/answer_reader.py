"""Read an HTTP/1.x answer from its bytes, as forgiving as a browser, within fixed limits."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum

from harness.model.request import HeaderPairs

BODY_LIMIT = 1 << 20
"""Bytes of a body that are kept, decoded or not; the rest is not read."""

HEAD_LIMIT = 256 * 1024
"""Bytes of a head, and of all the interim heads before it."""

HEADER_LIMIT = 1000
"""Header lines of a head."""

_LINE_LIMIT = 4096
_PIECE = 4096
_MEMBER = b"\x1f\x8b"
_STATUS_LINE = re.compile(rb"HTTP/\d\.\d[ \t]+(\d{3})(?:[ \t]+(.*))?", re.DOTALL)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BLANK = re.compile(rb"[\r\n]*")
_HEAD_START = re.compile(rb"[\r\n]*HTTP/\d\.\d[ \t]+(\d{3})(?=[ \t\r\n])")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)
_WITHOUT_BODY = frozenset({204, 304})
_SWITCHING = 101
_FIRST_FINAL = 200


class Problem(StrEnum):
    """Why an answer, or its body, cannot be read."""

    NOT_HTTP = "not-http"
    HEAD_TOO_LARGE = "head-too-large"
    NO_ANSWER = "disconnected"
    BAD_BODY = "bad-body"


@dataclass(frozen=True, slots=True, repr=False)
class AnswerHead:
    """Status line and header lines, as they stood."""

    status: int
    reason: str
    headers: HeaderPairs

    def __repr__(self) -> str:
        """Name the status only: a header may echo a secret."""
        return f"<AnswerHead {self.status}>"

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a header, given in lower case."""
        return tuple(value for one, value in self.headers if one.lower() == name)


class _State(StrEnum):
    HEAD = "head"
    LENGTH = "length"
    CHUNK_SIZE = "chunk size"
    CHUNK = "chunk"
    CHUNK_END = "chunk end"
    TRAILER = "trailer"
    UNTIL_CLOSE = "until close"
    DONE = "done"


class AnswerReader:
    """Takes bytes as they arrive. `method` is that of the request: some have no body.

    `interim_bytes` and `head_bytes` count heads, `body` is without its framing, still coded.
    """

    def __init__(self, method: str) -> None:
        """Wait for a status line."""
        self._method = method
        self._pending = bytearray()
        self._left = 0
        self._state = _State.HEAD
        self.interim_bytes = 0
        self.head_bytes = 0
        self.head: AnswerHead | None = None
        self.body = bytearray()
        self.truncated = False
        self.problem: Problem | None = None

    @property
    def done(self) -> bool:
        """True when no byte more is wanted."""
        return self._state is _State.DONE

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        if self.done:
            return
        self._pending += data
        while self._step():
            pass

    def end(self) -> None:
        """Take the end of the connection."""
        if self.done:
            return
        if self._state is _State.HEAD:
            heard = bool(self._pending) or self.interim_bytes > 0
            self._fail(Problem.NOT_HTTP if heard else Problem.NO_ANSWER)
        elif self._state is _State.UNTIL_CLOSE:
            self._state = _State.DONE
        else:
            self._keep(bytes(self._pending) if self._state is _State.LENGTH else b"")
            self.truncated = True
            self._fail(Problem.BAD_BODY)

    def _fail(self, problem: Problem) -> None:
        self.problem = self.problem or problem
        self._state = _State.DONE

    def _step(self) -> bool:
        """Go on by one part; False when more bytes are needed."""
        match self._state:
            case _State.HEAD:
                return self._read_head()
            case _State.LENGTH | _State.CHUNK:
                return self._read_counted()
            case _State.CHUNK_SIZE:
                return self._read_chunk_size()
            case _State.CHUNK_END:
                return self._read_chunk_end()
            case _State.TRAILER:
                return self._read_trailer()
            case _:
                self._keep(bytes(self._pending))
                self._pending.clear()
                return False

    def _read_head(self) -> bool:
        # Nothing is copied here: thousands of interim heads may stand before a long answer.
        blank = _BLANK.match(self._pending).end()  # type: ignore[union-attr]  # it always matches
        start = self._pending[blank : blank + 5]
        if not b"HTTP/".startswith(start):
            self._fail(Problem.NOT_HTTP)
            return False
        found = _HEAD_END.search(self._pending, blank)
        size = found.end() if found else len(self._pending)
        if size + self.interim_bytes > HEAD_LIMIT:
            self._fail(Problem.HEAD_TOO_LARGE)
            return False
        if found is None:
            return False
        head = _parse_head(bytes(self._pending[blank : found.start()]))
        if head is None or len(head.headers) > HEADER_LIMIT:
            self._fail(Problem.HEAD_TOO_LARGE if head else Problem.NOT_HTTP)
            return False
        del self._pending[:size]
        if head.status < _FIRST_FINAL and head.status != _SWITCHING:
            self.interim_bytes += size
            return True
        self.head, self.head_bytes = head, size
        self._state = self._framing(head)
        return not self.done

    def _framing(self, head: AnswerHead) -> _State:
        """Tell how the body ends (RFC 9112, section 6.3); a length that makes no sense is none."""
        tunnel = self._method == "CONNECT" and _FIRST_FINAL <= head.status < _FIRST_FINAL + 100
        no_body = self._method == "HEAD" or head.status in _WITHOUT_BODY
        if tunnel or no_body or head.status == _SWITCHING:
            return _State.DONE
        codings = ",".join(head.values("transfer-encoding"))
        if codings:
            last = codings.rpartition(",")[2].strip().lower()
            return _State.CHUNK_SIZE if last == "chunked" else _State.UNTIL_CLOSE
        lengths = {value.strip() for value in head.values("content-length")}
        length = lengths.pop() if len(lengths) == 1 else ""
        if not (length.isascii() and length.isdecimal() and len(length) < 19):  # noqa: PLR2004 - 2^63
            return _State.UNTIL_CLOSE
        self._left = int(length)
        return _State.LENGTH if self._left else _State.DONE

    def _read_counted(self) -> bool:
        taken = bytes(self._pending[: self._left])
        del self._pending[: self._left]
        self._left -= len(taken)
        self._keep(taken)
        if self._left or self.done:
            return False
        self._state = _State.DONE if self._state is _State.LENGTH else _State.CHUNK_END
        return not self.done

    def _read_chunk_size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            self.truncated = True
            self._fail(Problem.BAD_BODY)
            return False
        self._left = int(match[1], 16)
        self._state = _State.CHUNK if self._left else _State.TRAILER
        return True

    def _read_chunk_end(self) -> bool:
        line = self._line()
        if line is None:
            return False
        if line:
            self.truncated = True
            self._fail(Problem.BAD_BODY)
            return False
        self._state = _State.CHUNK_SIZE
        return True

    def _read_trailer(self) -> bool:
        line = self._line()
        if line is None:
            return False
        if not line:
            self._state = _State.DONE
        return bool(line)

    def _line(self) -> bytes | None:
        """Take one line of the framing; None when it is not whole yet."""
        end = self._pending.find(b"\n")
        if end < 0:
            if len(self._pending) > _LINE_LIMIT:
                self.truncated = True
                self._fail(Problem.BAD_BODY)
            return None
        line = bytes(self._pending[:end]).removesuffix(b"\r")
        del self._pending[: end + 1]
        return line

    def _keep(self, data: bytes) -> None:
        room = BODY_LIMIT - len(self.body)
        self.body += data[:room]
        if len(data) > room:
            self.truncated = True
            self._state = _State.DONE


def head_sizes(data: bytes) -> tuple[int, int]:
    """Return how many bytes are interim heads, and how many the head behind them; 0 for none."""
    interim = 0
    while match := _HEAD_START.match(data, interim):
        end = _HEAD_END.search(data, match.end())
        if end is None or end.end() > HEAD_LIMIT:
            break
        status = int(match[1])
        if status >= _FIRST_FINAL or status == _SWITCHING:
            return interim, end.end() - interim
        interim = end.end()
    return interim, 0


@dataclass(frozen=True, slots=True, repr=False)
class DecodedBody:
    """A body without its content coding; `broken` when the coding was not kept to."""

    body: bytes
    truncated: bool = False
    broken: bool = False


def decode_body(head: AnswerHead, body: bytes) -> DecodedBody:
    """Undo gzip and deflate; any other coding is left as it is."""
    codings = [
        coding.strip().lower()
        for value in head.values("content-encoding")
        for coding in value.split(",")
    ]
    for coding in reversed(codings):
        if coding in {"gzip", "x-gzip"}:
            return _gunzip(body)
        if coding == "deflate":
            wrapped = _inflate(body, zlib.MAX_WBITS)
            bare = wrapped.broken and not wrapped.body
            return _inflate(body, -zlib.MAX_WBITS) if bare else wrapped
    return DecodedBody(body)


def _gunzip(body: bytes) -> DecodedBody:
    """Join what the members hold (RFC 1952, section 2.2); what is no member ends them."""
    found = bytearray()
    place = 0
    while place == 0 or body.startswith(_MEMBER, place):
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            # In pieces: each member makes a copy of what stands behind it.
            while not inflater.eof and place < len(body):
                piece = body[place : place + _PIECE]
                found += inflater.decompress(piece, BODY_LIMIT + 1 - len(found))
                place += len(piece) - len(inflater.unused_data)
                if len(found) > BODY_LIMIT:
                    return DecodedBody(bytes(found[:BODY_LIMIT]), truncated=True)
        except zlib.error:
            return DecodedBody(bytes(found), truncated=True, broken=True)
        if not inflater.eof:
            return DecodedBody(bytes(found), truncated=bool(body), broken=bool(body))
    return DecodedBody(bytes(found))


def _inflate(body: bytes, window: int) -> DecodedBody:
    if not body:
        return DecodedBody(b"")
    inflater = zlib.decompressobj(window)
    found = b""
    try:
        found = inflater.decompress(body, BODY_LIMIT + 1)
    except zlib.error:
        return DecodedBody(b"", truncated=True, broken=True)
    if len(found) > BODY_LIMIT:
        return DecodedBody(found[:BODY_LIMIT], truncated=True)
    return DecodedBody(found, truncated=not inflater.eof, broken=not inflater.eof)


def _parse_head(data: bytes) -> AnswerHead | None:
    first, *lines = data.split(b"\n")
    match = _STATUS_LINE.fullmatch(first.removesuffix(b"\r"))
    if match is None:
        return None
    headers: list[tuple[str, str]] = []
    for raw in lines:
        line = raw.removesuffix(b"\r")
        if line[:1] in {b" ", b"\t"} and headers:  # a folded line (RFC 9112, section 5.2)
            name, value = headers[-1]
            headers[-1] = name, f"{value} {_text(line.strip())}"
            continue
        name_bytes, colon, value_bytes = line.partition(b":")
        if colon:
            headers.append((_text(name_bytes.rstrip(b" \t")), _text(value_bytes.strip(b" \t"))))
    return AnswerHead(int(match[1]), _text(match[2] or b""), tuple(headers))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
