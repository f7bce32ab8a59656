r"""Put together what was split over lines: wrapped base64, folded YAML, quoted pieces.

A line break goes with the white space around it and with what continues a line: `\` (YAML,
shells, C), `=` (quoted-printable), quotes, a length (`1a`, HTTP chunks) or a mark (`>`, `#`, `+`,
`|`) before the rest. Lines of more than 1,000 bytes are joined at their edges only.
"""

from __future__ import annotations

import re

_LONG = 1000
_EDGE = 96
_BREAK = re.compile(rb"[ \t]{0,80}\r?\n[ \t]{0,80}")
_CONTINUED = re.compile(
    rb"(?:\\|=|[\"'][ \t]?[,+]?|[,+])?[ \t]{0,80}\r?\n"
    rb"(?:[0-9a-fA-F]{1,8}\r\n)?[ \t]{0,80}(?:[>#|+][ \t]{1,8})?[\"']?"
)


def joined_lines(octets: bytes) -> tuple[bytes, ...]:
    """Return the text without its line breaks, and without their marks where that differs.

    Returns nothing when there is no line break inside it.
    """
    if octets.find(b"\n", 0, len(octets) - 1) < 0:
        return ()
    lines = octets.split(b"\n")
    if max(map(len, lines)) > _LONG:
        lines = [_edges(line) if len(line) > _LONG else line for line in lines]
    text = b"\n".join(lines)
    return tuple(dict.fromkeys((_BREAK.sub(b"", text), _CONTINUED.sub(b"", text))))


def without_spaces(octets: bytes) -> bytes:
    """Return the text without white space: what folding made of a space is gone as well."""
    return octets.translate(None, b" \t\r\n")


def _edges(line: bytes) -> bytes:
    return line[:_EDGE] + b"\xff\n\xff" + line[-_EDGE:]
