"""Ways in which bytes get written as other bytes, to be applied one after the other."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import json
import lzma
import zlib
from collections.abc import Callable
from urllib.parse import quote

Encode = Callable[[bytes], bytes]


def characters(octets: bytes) -> str:
    """Return text as a program without knowledge of the bytes would see it."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def raw_deflate(octets: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(octets) + compressor.flush()


def _each(form: str) -> Encode:
    return lambda octets: "".join(form.format(char) for char in octets).encode()


def _each_character(form: str) -> Encode:
    return lambda octets: "".join(form.format(ord(char)) for char in characters(octets)).encode()


def _units(octets: bytes) -> bytes:
    wide = characters(octets).encode("utf-16-be")
    return "".join(f"\\u{wide[at : at + 2].hex()}" for at in range(0, len(wide), 2)).encode()


def _cut(width: int, between: bytes) -> Encode:
    return lambda octets: between.join(
        octets[at : at + width] for at in range(0, len(octets), width)
    )


def _yaml_binary(octets: bytes) -> bytes:
    lines = base64.encodebytes(octets).splitlines()
    return b"!!binary |\n" + b"".join(b"      " + line + b"\n" for line in lines)


ESCAPES: dict[str, Encode] = {
    "percent": lambda octets: quote(octets, safe="").encode(),
    "every byte in percent": _each("%{:02X}"),
    "every byte in lower percent": _each("%{:02x}"),
    "JSON": lambda octets: json.dumps(characters(octets))[1:-1].encode(),
    "JSON in UTF-8": lambda octets: json.dumps(characters(octets), ensure_ascii=False)[
        1:-1
    ].encode(),
    "\\u": _units,
    "\\U": _each_character("\\U{:08x}"),
    "\\x": _each("\\x{:02x}"),
    "repr": lambda octets: repr(octets)[2:-1].encode(),
    "HTML": lambda octets: html.escape(characters(octets)).encode(),
    "HTML numbers": _each_character("&#{};"),
    "HTML hex numbers": _each_character("&#x{:x};"),
}
RUNS: dict[str, Encode] = {
    "base64": base64.b64encode,
    "base64 one off": lambda octets: base64.b64encode(b"u" + octets + b"x"),
    "base64 two off": lambda octets: base64.b64encode(b"u:" + octets),
    "base64 for URLs": lambda octets: base64.urlsafe_b64encode(octets).rstrip(b"="),
    "base64 in a word": lambda octets: b"xyz" + base64.b64encode(octets),
    "hex": lambda octets: octets.hex().encode(),
    "upper hex": lambda octets: octets.hex().upper().encode(),
    "hex with spaces": lambda octets: octets.hex(" ").encode(),
    "hex with colons": lambda octets: octets.hex(":").encode(),
    "0x": lambda octets: ", ".join(f"0x{char:02x}" for char in octets).encode(),
    "numbers": lambda octets: json.dumps(list(octets)).encode(),
}
IN_LINES: dict[str, Encode] = {
    "MIME": base64.encodebytes,
    "!!binary": _yaml_binary,
    "YAML numbers": lambda octets: "".join(f"- {char}\n" for char in octets).encode(),
}
SPLIT: dict[str, Encode] = {
    "YAML folding": _cut(7, b"\\\n   "),
    "short lines": _cut(5, b"\n"),
    "indented CR LF": _cut(76, b"\r\n\t"),
}
WIDE: dict[str, Encode] = {
    "UTF-16 LE": lambda octets: characters(octets).encode("utf-16-le"),
    "UTF-16 BE": lambda octets: characters(octets).encode("utf-16-be"),
    "UTF-16": lambda octets: characters(octets).encode("utf-16"),
}
COMPRESSED: dict[str, Encode] = {
    "gzip": lambda octets: gzip.compress(octets, mtime=0),
    "zlib": zlib.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
DEFLATED = "deflate in base64"
ENCODINGS: dict[str, Encode] = {
    **ESCAPES,
    **RUNS,
    **IN_LINES,
    **SPLIT,
    **WIDE,
    **COMPRESSED,
    DEFLATED: lambda octets: base64.b64encode(raw_deflate(octets)),
}

_EXACT = frozenset(
    {*RUNS, "MIME", "!!binary", *COMPRESSED, "\\x", "repr"}
    | {"percent", "every byte in percent", "every byte in lower percent"}
)
"""What keeps bytes that are no text; anything else writes them as characters."""


def in_reach(chain: tuple[str, ...]) -> bool:
    """Tell whether a chain is one that `harness.leak_scan.readings` promises to undo.

    Bytes that are no text must be written by something that keeps them; what stands in lines
    of its own form is not cut once more; raw deflate begins where its base64 does.
    """
    binary = cut = deflated = False
    for name in chain:
        if (binary and name not in _EXACT) or (cut and name in SPLIT) or deflated:
            return False
        binary = name in COMPRESSED or name in WIDE
        cut = name in {*IN_LINES, *SPLIT, "0x", "numbers", "hex with spaces", "hex with colons"}
        deflated = name == DEFLATED
    return True


def encode(octets: bytes, chain: tuple[str, ...]) -> bytes:
    for name in chain:
        octets = ENCODINGS[name](octets)
    return octets
