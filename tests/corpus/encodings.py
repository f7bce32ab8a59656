"""How a text may be written so that it can be read again: what clients, servers and logs do."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import quopri
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

Encode = Callable[[str], str]


def raw_bytes(text: str) -> bytes:
    """UTF-8; what was made of bytes that are none is those bytes."""
    return text.encode("utf-8", "surrogateescape")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _deflated(text: str) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(raw_bytes(text)) + packer.flush()


def _units(text: str) -> str:
    octets = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{octets[at : at + 2].hex()}" for at in range(0, len(octets), 2))


def _lines_of(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


REVERSIBLE: dict[str, Encode] = {
    "percent": lambda text: quote(raw_bytes(text), safe=""),
    "percent all": lambda text: "".join(f"%{byte:02X}" for byte in raw_bytes(text)),
    "percent lower": lambda text: "".join(f"%{byte:02x}" for byte in raw_bytes(text)),
    "plus": lambda text: quote_plus(raw_bytes(text)),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON units": _units,
    "repr bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in raw_bytes(text)),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in raw_bytes(text)),
    "HTML": html.escape,
    "HTML decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML hex": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "base64": lambda text: _b64(raw_bytes(text)),
    "base64 url": lambda text: base64.urlsafe_b64encode(raw_bytes(text)).decode().rstrip("="),
    "base64 after one": lambda text: _b64(b":" + raw_bytes(text)),
    "base64 after two": lambda text: _b64(b"u:" + raw_bytes(text) + b"\r\n"),
    "base64 folded": lambda text: "\n".join(_lines_of(_b64(raw_bytes(text)), 20)),
    "base64 of UTF-16": lambda text: _b64(text.encode("utf-16-le", "surrogatepass")),
    "base64 of gzip": lambda text: _b64(gzip.compress(raw_bytes(text), mtime=0)),
    "base64 of zlib": lambda text: _b64(zlib.compress(raw_bytes(text))),
    "base64 of deflate": lambda text: _b64(_deflated(text)),
    "base32": lambda text: base64.b32encode(raw_bytes(text)).decode(),
    "hex": lambda text: raw_bytes(text).hex(),
    "HEX": lambda text: raw_bytes(text).hex().upper(),
    "hex spaced": lambda text: raw_bytes(text).hex(" "),
    "hex colons": lambda text: raw_bytes(text).hex(":"),
    "hex of gzip": lambda text: gzip.compress(raw_bytes(text), mtime=0).hex(),
    "charcodes": lambda text: ",".join(str(byte) for byte in raw_bytes(text)),
    "charcodes spaced": lambda text: ", ".join(str(byte) for byte in raw_bytes(text)),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in raw_bytes(text)),
    "quopri": lambda text: quopri.encodestring(raw_bytes(text)).decode("ascii"),
    "reversed": lambda text: text[::-1],
}
"""Chains are made of these."""

LOSSY: dict[str, Encode] = {
    "upper": str.upper,
    "lower": str.lower,
    "swapped case": str.swapcase,
    **{
        name: (lambda text, name=name: hashlib.new(name, raw_bytes(text)).hexdigest())
        for name in ("md5", "sha1", "sha256", "sha512")
    },
    "base64 of sha256": lambda text: _b64(hashlib.sha256(raw_bytes(text)).digest()),
}
"""What cannot be read back, but tells whether a guess is right; of the secret itself only."""

SPLIT: dict[str, Encode] = {
    "lines": lambda text: "\r\n ".join(text[at : at + 5] for at in range(0, len(text), 5)),
    "zero width": lambda text: "\u200b".join(text[at : at + 4] for at in range(0, len(text), 4)),
    "spans": lambda text: "".join(
        f"<span>{text[at : at + 4]}</span>" for at in range(0, len(text), 4)
    ),
}
"""What puts something between the characters."""
