"""Servers that send the client elsewhere: round in circles, to files, to other people's doors."""

from __future__ import annotations

import asyncio
from itertools import count

from hostile.kind import Kind, answered
from hostile.script import answers, read_head

FOUND = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
SELF = b"/"


def moves_to(place: bytes, **rest: object) -> Kind:
    """A redirect that cannot be followed is the answer itself."""
    return answered(answers(FOUND + b"Location: " + place + b"\r\n\r\n"), "other", 302, **rest)


def moves_on_for_ever() -> Kind:
    numbers = count(1)

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(FOUND + f"Location: /step/{next(numbers)}\r\n\r\n".encode())
        await writer.drain()

    return answered(script, "other", 302, hops=6)


KINDS: dict[str, Kind] = {
    "redirect-to-itself": moves_to(SELF, hops=6),
    "redirect-without-end": moves_on_for_ever(),
    "redirect-without-location": answered(answers(FOUND + b"\r\n"), "other", 302),
    "redirect-to-nothing": moves_to(b""),
    "redirect-to-a-file": moves_to(b"file:///etc/passwd"),
    "redirect-to-a-script": moves_to(b"javascript:alert(1)"),
    "redirect-to-data": moves_to(b"data:text/plain,200"),
    "redirect-to-ftp": moves_to(b"ftp://127.0.0.1/x"),
    "redirect-to-link-local": moves_to(b"http://169.254.169.254/latest/meta-data/"),
    "redirect-to-link-local-as-number": moves_to(b"http://2852039166/latest/meta-data/"),
    "redirect-to-link-local-ipv6": moves_to(b"http://[fe80::1]/"),
    "redirect-to-link-local-mapped": moves_to(b"http://[::ffff:169.254.169.254]/"),
    "redirect-to-link-local-full-width": moves_to(
        "http://\uff11\uff16\uff19.254.169.254/latest/meta-data/".encode()
    ),
    "redirect-to-link-local-other-dots": moves_to(
        "http://169\u3002254\u3002169\u3002254/latest/meta-data/".encode()
    ),
    "redirect-to-port-0": moves_to(b"http://127.0.0.1:0/"),
    "redirect-to-port-99999": moves_to(b"http://127.0.0.1:99999/"),
    "redirect-to-broken-ipv6": moves_to(b"http://[::1/"),
    "redirect-of-8000-characters": moves_to(b"/" + b"a" * 8000, hops=6),
    "redirect-with-0xff": moves_to(b"/\xff\xfe", hops=6),
}
