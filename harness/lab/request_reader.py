"""Reads one HTTP/1.x request from a stream, as leniently and as strictly as nginx does.

What nginx lets pass and what it refuses was measured on nginx 1.22: a bare LF ends a line,
trailing CRs and spaces of a value go (a trailing TAB stays), a space before the colon, a folded
line, a NUL or an inner CR is a 400.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.lab.http_message import Request
from harness.lab.limits import Limits
from harness.model.request import HeaderPairs

_METHOD = re.compile(rb"[A-Z][A-Z_-]*")
_VERSION = re.compile(rb"HTTP/(\d+)\.(\d+)")
_NAME = re.compile(rb"[^\x00-\x20\x7f:]+")
_CONTROL = re.compile(rb"[\x00-\x20\x7f]")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;.*)?", re.DOTALL)


class BadRequestError(Exception):
    """A request that a server refuses before it looks at it; `detail` is nginx's extra line."""

    def __init__(self, status: int, reason: str, detail: str = "") -> None:
        """Take the status line's parts."""
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class _Lines:
    """Lines of one head, all of them together within a limit."""

    reader: asyncio.StreamReader
    left: int

    async def next(self) -> bytes | None:
        """Return a line without its end, or None when the client closed before a line ended."""
        try:
            line = await self.reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError as error:
            raise _head_too_large() from error
        self.left -= len(line)
        if self.left < 0:
            raise _head_too_large()
        return line[:-1].rstrip(b"\r")


async def read_request(
    reader: asyncio.StreamReader, *, scheme: str, limits: Limits, go_on: Callable[[], None]
) -> Request | None:
    """Return the next request, or None when the client is done or too slow.

    `reader` needs a limit of at least `limits.head_bytes`. `go_on` is called when the client
    waits for `100 Continue` before it sends the body.

    Raises:
        BadRequestError: the request is to be refused, and the connection closed.
    """
    lines = _Lines(reader, limits.head_bytes)
    try:
        async with asyncio.timeout(limits.idle_seconds):
            first = await lines.next()
            while first == b"":  # a line break after the last body, as old clients send
                first = await lines.next()
        async with asyncio.timeout(limits.head_seconds):
            head = await _read_head(first, lines)
        if head is None:
            return None
        method, target, minor_version, headers = head
        async with asyncio.timeout(limits.body_seconds):
            body = await _read_body(reader, headers, minor_version, limits, go_on)
    except (TimeoutError, asyncio.IncompleteReadError):
        return None
    return Request(
        method=method,
        target=target,
        minor_version=minor_version,
        headers=headers,
        body=body,
        scheme=scheme,
    )


async def _read_head(
    first: bytes | None, lines: _Lines
) -> tuple[str, str, int, HeaderPairs] | None:
    if first is None:
        return None
    method, target, minor_version = _request_line(first)
    headers: list[tuple[str, str]] = []
    while True:
        line = await lines.next()
        if line is None:
            return None
        if not line:
            return method, target, minor_version, tuple(headers)
        headers.append(_header(line))


def _request_line(line: bytes) -> tuple[str, str, int]:
    parts = line.split(b" ")
    if len(parts) != 3:  # noqa: PLR2004 - method, target, version
        raise BadRequestError(400, "Bad Request")
    method, target, version = parts
    matched = _VERSION.fullmatch(version)
    if not matched or not _METHOD.fullmatch(method) or not target or _CONTROL.search(target):
        raise BadRequestError(400, "Bad Request")
    if matched[1] != b"1":
        raise BadRequestError(505, "HTTP Version Not Supported")
    return _text(method), _text(target), int(matched[2])


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.fullmatch(name) or b"\r" in value or b"\0" in value:
        raise BadRequestError(400, "Bad Request")
    return _text(name), _text(value.strip(b" "))


async def _read_body(
    reader: asyncio.StreamReader,
    headers: HeaderPairs,
    minor_version: int,
    limits: Limits,
    go_on: Callable[[], None],
) -> bytes:
    found = {name.lower(): value for name, value in headers}
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    chunked = "transfer-encoding" in found
    if len(lengths) > 1 or (lengths and chunked):
        raise BadRequestError(400, "Bad Request")
    if chunked and found["transfer-encoding"].lower() != "chunked":
        raise BadRequestError(501, "Not Implemented")
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        raise BadRequestError(400, "Bad Request")
    length = int(lengths[0]) if lengths else 0
    if length > limits.body_bytes:
        raise BadRequestError(413, "Request Entity Too Large")
    if not (length or chunked):
        return b""
    if minor_version and found.get("expect", "").lower() == "100-continue":
        go_on()
    return await (_read_chunks(reader, limits) if chunked else reader.readexactly(length))


async def _read_chunks(reader: asyncio.StreamReader, limits: Limits) -> bytes:
    lines = _Lines(reader, limits.head_bytes)
    body = bytearray()
    while size := await _chunk_size(lines):
        if len(body) + size > limits.body_bytes:
            raise BadRequestError(413, "Request Entity Too Large")
        body += await reader.readexactly(size)
        if await _line(lines) != b"":
            raise BadRequestError(400, "Bad Request")
        lines.left = limits.head_bytes
    while await _line(lines):
        pass  # trailers have no meaning here
    return bytes(body)


async def _chunk_size(lines: _Lines) -> int:
    matched = _CHUNK_SIZE.fullmatch(await _line(lines))
    if not matched:
        raise BadRequestError(400, "Bad Request")
    return int(matched[1], 16)


async def _line(lines: _Lines) -> bytes:
    line = await lines.next()
    if line is None:
        raise asyncio.IncompleteReadError(b"", None)
    return line


def _head_too_large() -> BadRequestError:
    return BadRequestError(400, "Bad Request", "Request Header Or Cookie Too Large")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
