"""Say in words how two secrets differ, from their placeholders alone."""

from __future__ import annotations

import re

from harness.redaction.placeholder import Placeholder

_CHARSETS = {
    "hex": "lower-case hex digits",
    "HEX": "upper-case hex digits",
    "dec": "digits",
    "b62": "letters and digits",
    "b64u": "base64 for URLs",
    "b64": "base64",
    "ascii": "ASCII beyond base64",
    "unicode": "Unicode beyond ASCII",
    "bytes": "bytes that are no text",
}
_ENCODINGS = {
    "": "as it is",
    "esc": "escaped",
    "b64": "in base64",
    "hex": "in hex",
    "case": "in another letter case",
    "rev": "reversed",
    "sum": "as a digest",
    "plus": "with plus signs for spaces",
    "alt": "spelled otherwise",
}
_EDGES = {
    "sp": ("a space", "spaces"),
    "tab": ("a tab", "tabs"),
    "lf": ("a line feed", "line feeds"),
    "cr": ("a carriage return", "carriage returns"),
    "crlf": ("a CR LF", "CR LFs"),
    "nbsp": ("a no-break space", "no-break spaces"),
    "zw": ("a zero-width character", "zero-width characters"),
    "bom": ("a byte order mark", "byte order marks"),
    "dq": ("a double quote", "double quotes"),
    "sq": ("a single quote", "single quotes"),
    "bt": ("a backtick", "backticks"),
    "sm": ("a smart quote", "smart quotes"),
    "ctl": ("a control character", "control characters"),
    "uni": ("a Unicode space", "Unicode spaces"),
}
_POSITIONS = {"l": "at its start", "t": "at its end", "m": "inside"}
_MARKS = {
    "env": "looks like $NAME",
    "name": "looks like a variable's name",
    "assign": "contains NAME=",
    "null": "is the word null",
    "undef": "is the word undefined",
    "sample": "is a sample value",
    "scheme": "contains a scheme",
    "empty": "is empty",
    "json": "is JSON",
    "path": "looks like a path",
    "b64": "is base64 of a text",
    "masked": "contains a mask",
    "url": "looks like a URL",
    "hash": "contains #",
}
_PARTS = {"t": "the last {} characters", "h": "the first {} characters", "p": "{} characters"}
_EDGE = re.compile(r"(?P<position>[ltm])(?P<code>[a-z]+?)(?P<count>\d{0,3})")
_FORM_LIST = """
    sk sk-ant sk-ant-oat01 sk-proj sk-svcacct sk-or-v1 gsk xai AIza ghp gho ghu ghs ghr github_pat
    glpat hf pplx AKIA ASIA ya29 xoxb xoxp npm sk_live rk_live jwt pem
"""
_FORMS = frozenset({"", *_FORM_LIST.split()})
"""Kinds that tell of a form. The others tell of a place: one value may have several of them."""


def difference_words(left: Placeholder, right: Placeholder) -> tuple[str, ...]:
    """Return how `right` differs from `left` in form; nothing when they have one form."""
    words = [
        _length(left.length, right.length),
        _kind(left.kind, right.kind),
        _replaced(left.charset, right.charset, _CHARSETS),
        _part(left.part, right.part),
        _replaced(left.encoding, right.encoding, _ENCODINGS) if _encoded(left, right) else "",
        *(_edge(edge) for edge in right.edges if edge not in left.edges),
        *(f"no longer {_edge(edge)}" for edge in _gone(left, right)),
        *(_MARKS.get(mark, mark) for mark in right.marks if mark not in left.marks),
        *(f"no longer {_MARKS.get(mark, mark)}" for mark in left.marks if mark not in right.marks),
    ]
    return tuple(filter(None, words))


def _length(left: str, right: str) -> str:
    if not _disjoint(left, right):
        return ""
    return f"{_characters(right)} in place of {_number(left)}"


def _disjoint(left: str, right: str) -> bool:
    """Tell whether two lengths, of which each may be a range, exclude one another."""
    if not left or not right:
        return False
    (low, high), (other_low, other_high) = _range(left), _range(right)
    return high < other_low or other_high < low


def _range(length: str) -> tuple[float, float]:
    low, dash, high = length.partition("-")
    return float(low), float(high) if high else float("inf") if dash else float(low)


def _number(length: str) -> str:
    low, dash, high = length.partition("-")
    if not dash:
        return low
    return f"{low} to {high}" if high else f"{low} or more"


def _characters(length: str) -> str:
    return "1 character" if length == "1" else f"{_number(length)} characters"


def _kind(left: str, right: str) -> str:
    if left == right or not {left, right} <= _FORMS:
        return ""
    return f"{_form(right)} in place of {_form(left)}"


def _form(kind: str) -> str:
    return f"the form {kind}" if kind else "no known form"


def _replaced(left: str, right: str, words: dict[str, str]) -> str:
    if left == right or left not in words or right not in words:
        return ""
    return f"{words[right]} in place of {words[left]}"


def _encoded(left: Placeholder, right: Placeholder) -> bool:
    """Tell whether the encoding says something: a part of a value tells nothing of the whole."""
    return left.encoding != right.encoding


def _part(left: str, right: str) -> str:
    if left == right:
        return ""
    return f"{_part_words(right)} in place of {_part_words(left)}"


def _part_words(part: str) -> str:
    return _PARTS[part[0]].format(part[1:]) if part else "the whole value"


def _gone(left: Placeholder, right: Placeholder) -> list[str]:
    """Return the edges that are there no more; one whose count changed is named once."""
    kept = {edge.rstrip("0123456789") for edge in right.edges}
    return [
        edge
        for edge in left.edges
        if edge not in right.edges and edge.rstrip("0123456789") not in kept
    ]


def _edge(fact: str) -> str:
    match = _EDGE.fullmatch(fact)
    if match is None or match["code"] not in _EDGES:
        return fact
    one, several = _EDGES[match["code"]]
    count = match["count"]
    what = one if count in {"", "1"} else f"{count} {several}"
    return f"{what} {_POSITIONS[match['position']]}"
