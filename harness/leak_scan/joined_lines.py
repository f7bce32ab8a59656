r"""Put together what was split over lines: wrapped base64, folded YAML, quoted pieces.

A line break goes with the white space around it and with what continues a line: `\` (YAML,
shells, C), `=` (quoted-printable), quotes, a length (`1a`, HTTP chunks) or a mark (`>`, `#`, `+`,
`|`) before the rest. Lines of more than 1,000 bytes are joined at their edges only.
"""

from __future__ import annotations

import re

_LONG = 1000
_EDGE = 96
_BREAK = re.compile(
    rb"[\"'\\=,+]{0,3}[ \t]{0,80}\r?\n"
    rb"(?:[0-9a-fA-F]{1,8}\r\n)?[ \t]{0,80}(?:[>#|+][ \t]{0,8})?[\"']?"
)
_SPLIT = re.compile(rb"\n[ \t]*(?=\S)")


def joined_lines(octets: bytes) -> bytes:
    """Return the text without its line breaks, or b"" when there are none inside it."""
    if octets.find(b"\n", 0, len(octets) - 1) < 0:
        return b""
    lines = octets.split(b"\n")
    if max(map(len, lines)) > _LONG:
        lines = [_edges(line) if len(line) > _LONG else line for line in lines]
    return _BREAK.sub(b"", b"\n".join(lines))


def spaced_lines(octets: bytes) -> bytes:
    """Return the text with each line break as the space that folding made it from."""
    return _SPLIT.sub(b" ", octets)


def _edges(line: bytes) -> bytes:
    return line[:_EDGE] + b"\xff\n\xff" + line[-_EDGE:]
