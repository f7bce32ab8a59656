"""Every way to read a text in which its characters can still be found again.

Escapes are undone level by level; quoted-printable is; what splits a word is taken out (line
breaks, marks that nobody sees, HTML tags); the strings of a stream are put together by name; and
what was written backwards is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from harness.redaction.unescape import levels_of
from harness.redaction.view import Edit, View, turned

_MOST = 24
"""Readings of one text: each costs a search."""

_SHORT = 32 * 1024
_TAG = re.compile(r"<[^<>]{0,200}>")
_UNSEEN_SET = r"\s\x00-\x1f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff"
_SPLITTER = re.compile(rf"[{_UNSEEN_SET}]")
_SPLITTER_OR_TAG = re.compile(rf"<[^<>]{{0,200}}>|[{_UNSEEN_SET}]")
_UNSEEN = dict.fromkeys(
    code for code in range(0x10000) if re.fullmatch(f"[{_UNSEEN_SET}]", chr(code))
)
_CUT_ESCAPE = re.compile(
    rf"(?:%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{{0,3}}|x[0-9A-Fa-f]?|[0-3][0-7]?)?"
    rf"|&(?:#[0-9A-Za-z]{{0,6}})?)[<{_UNSEEN_SET}]|&#?[0-9A-Za-z]{{1,6}}[<{_UNSEEN_SET}]"
)
_QUOTED = re.compile(r"=(?:(?P<octet>[0-9A-F]{2})|[ \t]*\r?\n)")
_JOINT = re.compile(r"\r?\n[ \t]*|[\u00ad\u200b-\u200f\u2060\ufeff]+|<[^<>]{0,200}>")
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")
_MANY_QUOTED = re.compile(r"=[0-9A-F]{2}[^=\n]{0,2}=[0-9A-F]{2}|=[ \t]*\r?\n")
_BACKWARDS = tuple(
    map(
        re.compile,
        (
            r"%[0-9A-Fa-f]{2}%[0-9A-Fa-f]{2}%[0-9A-Fa-f]{2}%",
            r"\\(?:[0-9A-Fa-f]{4}u\\|[0-9A-Fa-f]{2}x\\|[0-7]{3}\\){3}",
            r"#&;[0-9A-Fa-f]{1,7}x?#&;",
        ),
    )
)
_WORTH_TURNING = re.compile(r"[A-Za-z0-9+/_-]{11}|%|\\|&|=|\d[,;\s]{1,2}\d|[0-9A-Fa-f]{2}[ :,-]")
_MEMBER = re.compile(r'"(?P<name>[A-Za-z_]\w{0,40})"\s*:\s*"(?P<value>(?:[^"\\\n]|\\.)*)"')
_FEWEST_EVENTS = 3
_MOST_NAMES = 8


def other_readings(levels: Sequence[View]) -> Iterator[View]:
    """Yield what else the levels of a text can be read as, escapes undone again, to a limit."""
    queue = list(levels)
    seen = {view.text for view in queue}
    count = 0
    while queue and count < _MOST:
        for turning in _turnings(queue.pop(0)):
            for level in levels_of(turning):
                if level.text in seen or count >= _MOST:
                    break
                seen.add(level.text)
                queue.append(level)
                yield level
                count += 1


def closed_up(view: View) -> Iterator[View]:
    """Yield the reading without what splits words: marks nobody sees, and HTML tags as well."""
    text = view.text
    closed = text.translate(_UNSEEN)
    if len(closed) < len(text):
        yield View(closed, view, partial(_without, _SPLITTER, text))
    if "<" in text:
        bare = _TAG.sub("", text).translate(_UNSEEN)
        if len(bare) < len(closed):
            yield View(bare, view, partial(_without, _SPLITTER_OR_TAG, text))


def closed_lines(view: View) -> View | None:
    """Return the reading without line breaks, unseen marks and tags; words stay apart."""
    joined = _JOINT.sub("", view.text)
    if len(joined) == len(view.text):
        return None
    return View(joined, view, partial(_without, _JOINT, view.text))


def _without(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    return ((*match.span(), "") for match in pattern.finditer(text))


def cuts_escapes(view: View) -> bool:
    """Tell whether what splits words splits an escape too: then it goes before it is undone."""
    return bool(_CUT_ESCAPE.search(view.text))


def streams(view: View) -> Iterator[View]:
    """Yield the strings of each name that occurs several times, put together."""
    text = view.text
    values: dict[str, list[str]] = {}
    for name, value in _MEMBER.findall(text):
        values.setdefault(name, []).append(value)
    several = {name: parts for name, parts in values.items() if len(parts) >= _FEWEST_EVENTS}
    for name in sorted(several, key=lambda name: -len(several[name]))[:_MOST_NAMES]:
        yield View("".join(several[name]), view, partial(_between, text, name))


def _between(text: str, name: str) -> Iterator[Edit]:
    last = 0
    for member in _MEMBER.finditer(text):
        if member["name"] == name:
            yield last, member.start("value"), ""
            last = member.end("value")
    yield last, len(text), ""


def _turnings(view: View) -> Iterator[View]:
    quoted = _QUOTED if len(view.text) <= _SHORT else _MANY_QUOTED
    if quoted.search(view.text):
        text = view.text
        plain = _QUOTED.sub(_octet, text)
        yield View(plain, view, lambda: _unquoted(text))
        joined = _SOFT_BREAK.sub("", text)  # where `name=48` is no octet
        if len(joined) < len(text):
            yield View(joined, view, partial(_without, _SOFT_BREAK, text))
    if _is_turned(view) or not _may_be_backwards(view.text):
        return
    yield turned(view)


def _is_turned(view: View) -> bool:
    one: View | None = view
    while one is not None:
        if one.turned:
            return True
        one = one.of
    return False


def _may_be_backwards(text: str) -> bool:
    if len(text) <= _SHORT:
        return bool(_WORTH_TURNING.search(text))
    return any(pattern.search(text) for pattern in _BACKWARDS)


def _unquoted(text: str) -> Iterator[Edit]:
    for match in _QUOTED.finditer(text):
        yield match.start(), match.end(), _octet(match)


def _octet(match: re.Match[str]) -> str:
    return chr(int(match["octet"], 16)) if match["octet"] else ""
