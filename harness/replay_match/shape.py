"""Compare what a placeholder says of a recorded secret with the form of a live one."""

from __future__ import annotations

from harness.redaction.placeholder import Placeholder

FRESH = frozenset({"jwt", "sig", "nonce"})
"""Kinds that a client makes anew for each request: their form is their class alone."""

_BY_PLACE = frozenset({"basic", "cookie", "oauth", "pw", "user", "host", "blob", "digest", "bot"})
_PREFIXED = frozenset({"jwt", "pem", *FRESH})
_LONG = ((24, "24-"), (16, "16-23"), (12, "12-15"), (8, "8-11"), (4, "4-7"), (1, "1-3"))
_POSITIONS = {"l": "leading", "t": "trailing", "m": "inner"}
_EDGES = {
    "sp": "space",
    "tab": "tab",
    "lf": "LF",
    "cr": "CR",
    "crlf": "CR LF",
    "nbsp": "no-break space",
    "zw": "zero-width character",
    "bom": "BOM",
    "dq": "double quote",
    "sq": "single quote",
    "bt": "backtick",
    "sm": "smart quote",
    "ctl": "control character",
    "uni": "Unicode space",
}
_CHARSETS = {
    "hex": "hexadecimal",
    "HEX": "capital hexadecimal",
    "dec": "digits",
    "b62": "letters and digits",
    "b64u": "URL-safe base64",
    "b64": "base64",
    "ascii": "ASCII",
    "unicode": "beyond ASCII",
    "bytes": "no UTF-8",
}


def fits(recorded: Placeholder, live: Placeholder) -> bool:
    """Tell whether a value of the form `live` may be the one that `recorded` stands for.

    `live` has the kind of its place; its length is exact where it is known.
    """
    if (recorded.part, recorded.encoding) != (live.part, live.encoding):
        return False
    if recorded.kind in FRESH or live.kind in FRESH:
        return recorded.kind == live.kind
    if (recorded.edges, recorded.marks) != (live.edges, live.marks):
        return False
    if _kind(recorded) != _kind(live) and not {recorded.kind, live.kind} & _BY_PLACE:
        return False
    return (not recorded.charset or recorded.charset == live.charset) and _length_fits(
        recorded.length, live.length
    )


def unlike(recorded: Placeholder, live: Placeholder) -> float:
    """Return which share of the facts of form differs, from 0 to 1."""
    facts = (
        _kind(recorded) != _kind(live),
        not _length_fits(recorded.length, live.length),
        recorded.charset != live.charset,
        recorded.edges != live.edges,
        recorded.marks != live.marks,
    )
    return sum(facts) / len(facts)


def coarse(placeholder: Placeholder) -> str:
    """Return what two spellings of a text have in common when only their secrets differ."""
    length = placeholder.length
    bucket = _bucket(int(length)) if length.isdigit() else length
    if placeholder.kind in FRESH:
        return f"\0{placeholder.kind}\0"
    facts = (_kind(placeholder), bucket, *placeholder.edges, *placeholder.marks)
    return f"\0{' '.join(facts)}\0"


def in_words(placeholder: Placeholder) -> str:
    """Describe the form, such as `36 characters, prefix class sk, trailing double quote`."""
    words = [_length_words(placeholder.length)] if placeholder.length else []
    if _kind(placeholder) and placeholder.kind not in _PREFIXED:
        words.append(f"prefix class {placeholder.kind}")
    elif placeholder.kind:
        words.append(f"kind {placeholder.kind}")
    if placeholder.charset:
        words.append(_CHARSETS[placeholder.charset])
    words += [_edge_words(edge) for edge in placeholder.edges]
    words += [f"looks like {mark}" for mark in placeholder.marks]
    return ", ".join(words) or "of unknown form"


def _kind(placeholder: Placeholder) -> str:
    """Return the class that the value itself shows; what its place alone tells is left out."""
    return "" if placeholder.kind in _BY_PLACE else placeholder.kind


def _length_fits(recorded: str, live: str) -> bool:
    if not recorded or recorded == live:
        return True
    if recorded.isdigit() and live.isdigit():
        return False
    if recorded.isdigit() or live.isdigit():
        exact, bounds = (recorded, live) if recorded.isdigit() else (live, recorded)
        return not bounds or _bucket(int(exact)) == bounds
    return False


def _bucket(length: int) -> str:
    return next((name for least, name in _LONG if length >= least), "0")


def _length_words(length: str) -> str:
    if length.isdigit():
        return f"{length} character{'' if length == '1' else 's'}"
    first, _, last = length.partition("-")
    return f"{first} to {last} characters" if last else f"{first} characters or more"


def _edge_words(edge: str) -> str:
    code = edge[1:].rstrip("0123456789")
    return f"{_POSITIONS.get(edge[:1], 'some')} {_EDGES.get(code, 'character')}"
