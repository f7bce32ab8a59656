"""How the secrets of a run are made of one another: the words that give the cause away.

`s2 = s1 + LF` explains a 401 without a character of the key. A relation is worked out while
both values are in memory, and only its words are kept. They come from a closed grammar of
fewer than 64 phrases a pair, lengths and edges aside, which the placeholders of both show
already: so a relation tells at most 6 bits. What could be guessed (a password, a PIN, a
public word) has no relations: two of those are equal, by their id, or nothing is said.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from harness.model.secret_relation import SecretRelation
from harness.redaction.common_values import is_common
from harness.redaction.edges import EDGE_NAMES, edges_of, trim
from harness.redaction.key_class import charset_of, kind_of
from harness.redaction.placeholder import parse_placeholder
from harness.redaction.registry import Entry

MOST_COMPARED = 40
"""Secrets of a run that are compared with one another; later ones are not."""

_LONGEST = 8192
_SHORTEST = 16
_VARIED = 8
_MOST_PARTS = 6
_MOST_COUNTED = 999
_GUESSABLE_KINDS = frozenset({"pw", "user", "basic", "cookie", "digest", "sig", "nonce"})

_BEFORE = re.compile(
    r"(?P<scheme>(?:bearer|basic|token|authorization:)[ \t]+)"
    r"|(?P<export>export[ \t]+[A-Za-z_]\w*=)|(?P<name>[A-Za-z_]\w*=)",
    re.IGNORECASE,
)
_SCHEMES = {word: f'"{word.capitalize()} "' for word in ("bearer", "basic", "token")}
_SCHEMES["authorization:"] = '"Authorization: "'
_EXPORT, _NAME, _TEXT = "export NAME=", "NAME=", "text"
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))

_WORDS = sorted((*EDGE_NAMES, *_SCHEMES.values(), _EXPORT, _NAME, _TEXT), key=len, reverse=True)
_PART = rf"(?:\d{{1,3}} x )?(?:{'|'.join(map(re.escape, _WORDS))})"
_ENCODERS = ("percent-encoded", "base64", "base64url", "hex", "reversed", "upper", "lower")
_WITH = (
    *("another case", "look-alike characters", "invisible characters inside"),
    *("white space inside", "other edges"),
)
_OTHER_EDGES = "= {} with other edges"
_EDITS = (
    *("one character replaced", "one character more", "one character less"),
    "two neighbours swapped",
)
_FORM = re.compile(
    rf"= (?:(?:{_PART}) \+ ){{0,{_MOST_PARTS}}}\{{\}}(?: \+ (?:{_PART})){{0,{_MOST_PARTS}}}"
    r"|= \{\} \+ \{\}"
    rf"|= (?:{'|'.join(_ENCODERS)})\(\{{\}}(?: \+ LF)?\)"
    rf"|= \{{\}} with (?:{'|'.join(_WITH)})"
    r"|= \{\} without its (?:first|last) (?:character|[1-9]\d{0,4} characters)"
    r"|= a part of \{\}"
    rf"|differs from \{{\}} by one edit \((?:{'|'.join(_EDITS)})\)"
)
_TEXT_OF_RELATION = re.compile(r"(?P<id>[\w.]{1,20}) (?P<phrase>(?:=|differs) .{1,200})")
_ID = re.compile(r"(?<![\w.])(?:r\d{1,4}\.)?[sx]\d{1,6}(?![\w.])")


@dataclass(slots=True)
class RelationTable:
    """The secrets met so far, and what each new one is to them."""

    _met: dict[str, str] = field(default_factory=dict, repr=False)
    _seen: set[str] = field(default_factory=set)

    def meet(self, entries: Iterable[Entry]) -> tuple[SecretRelation, ...]:
        """Return how secrets not met before stand to those that were; each pair is told once."""
        found: list[SecretRelation] = []
        for entry in entries:
            if entry.id in self._seen:
                continue
            self._seen.add(entry.id)
            if len(self._met) >= MOST_COMPARED or not _may_tell(entry):
                continue
            value = entry.secret.reveal()
            told = [
                relation
                for earlier, other in self._met.items()
                for relation in _relations(entry.id, value, earlier, other)
            ]
            if trim(value) in self._met.values():
                # What both are to the clean one says it already.
                told = [one for one in told if one.form != _OTHER_EDGES]
            found += told
            self._met[entry.id] = value
        return tuple(found)


def relation_between(value: str, other: str) -> str:
    """Return what `value` is to `other` as a form, such as `= {} + LF`; "" when nothing."""
    return next(_forms(value, other), "")


def edit_between(value: str, other: str) -> str:
    """Return the form for two values that differ in one place, or ""."""
    what = _one_edit(value, other)
    return f"differs from {{}} by one edit ({what})" if what else ""


def parse_relation(text: str) -> SecretRelation | None:
    """Read a relation back; None for any text that is not of the closed grammar."""
    match = _TEXT_OF_RELATION.fullmatch(text)
    if match is None or not _is_id(match["id"]):
        return None
    others = set(_ID.findall(match["phrase"]))
    if len(others) != 1 or not all(map(_is_id, others)):
        return None
    (other,) = others
    form = _ID.sub("{}", match["phrase"])
    if other == match["id"] or not _FORM.fullmatch(form) or form == "= {}":
        return None
    return SecretRelation(match["id"], other, form)


def _is_id(text: str) -> bool:
    return parse_placeholder(f"RDX~{text}~") is not None


def _relations(name: str, value: str, earlier: str, other: str) -> Iterator[SecretRelation]:
    """Yield one relation at most, in the direction in which it is shorter to say."""
    if form := relation_between(value, other):
        yield SecretRelation(name, earlier, form)
    elif form := relation_between(other, value):
        yield SecretRelation(earlier, name, form)
    elif trim(value) == trim(other):
        yield SecretRelation(name, earlier, _OTHER_EDGES)
    elif form := _shortened(value, other) or edit_between(value, other):
        yield SecretRelation(name, earlier, form)
    elif form := _shortened(other, value):
        yield SecretRelation(earlier, name, form)


def _may_tell(entry: Entry) -> bool:
    """Tell whether a relation of this secret gives nothing away that could be guessed."""
    value = entry.secret.reveal()
    core = trim(value)
    if not entry.credential or entry.kind in _GUESSABLE_KINDS or is_common(value):
        return False
    digits_only = charset_of(core) == "dec" and not kind_of(core)
    return _SHORTEST <= len(core) <= _LONGEST and len(set(core)) >= _VARIED and not digits_only


def _forms(value: str, other: str) -> Iterator[str]:
    """Yield what names `value` exactly, given `other`."""
    if value == other + other:
        yield "= {} + {}"
    start = value.find(other)
    if start >= 0:
        before, after = _parts(value[:start]), _parts(value[start + len(other) :])
        if _TEXT not in (*before, *after) or not _is_cut(value, other):
            yield f"= {' + '.join((*before, '{}', *after))}"
    yield from (f"= {name}({{}})" for name, text in _encoded(other) if text == value)
    yield from (f"= {name}({{}} + LF)" for name, text in _encoded(other + "\n") if text == value)
    if value.casefold() == other.casefold():
        yield "= {} with another case"
    yield from _within(value, other)


def _within(value: str, other: str) -> Iterator[str]:
    if _INVISIBLE.sub("", value) == other:
        yield "= {} with invisible characters inside"
    if "".join(value.split()) == other:
        yield "= {} with white space inside"
    if unicodedata.normalize("NFKC", value).translate(_DASHES) == other:
        yield "= {} with look-alike characters"


def _is_cut(value: str, other: str) -> bool:
    """Tell whether `other` is rather `value` with its beginning or its end lost.

    What somebody added stands apart: behind a space, or as signs such as `<` and `;`.
    """
    before, _, after = value.partition(other)
    lost = before + after
    return any(map(str.isalnum, lost)) and not any(map(str.isspace, lost))


def _parts(text: str) -> tuple[str, ...]:
    """Name what stands before or after a key; `text` where no word of the grammar fits."""
    if not text:
        return ()
    parts: list[str] = []
    place = 0
    while match := _BEFORE.match(text, place):
        parts.append(_named(match))
        place = match.end()
    rest = text[place:]
    if rest and not trim(rest):
        parts += (
            edge.name if edge.count == 1 else f"{min(edge.count, _MOST_COUNTED)} x {edge.name}"
            for edge in edges_of(rest)
        )
    elif rest:
        parts.append(_TEXT)
    return tuple(parts) if len(parts) <= _MOST_PARTS else (_TEXT,)


def _named(match: re.Match[str]) -> str:
    if match["scheme"]:
        return _SCHEMES[match["scheme"].strip().lower()]
    return _EXPORT if match["export"] else _NAME


def _encoded(value: str) -> Iterator[tuple[str, str]]:
    octets = value.encode("utf-8", "surrogatepass")
    yield "percent-encoded", quote(octets, safe="")
    yield "base64", base64.b64encode(octets).decode()
    yield "base64", base64.b64encode(octets).decode().rstrip("=")
    yield "base64url", base64.urlsafe_b64encode(octets).decode()
    yield "base64url", base64.urlsafe_b64encode(octets).decode().rstrip("=")
    yield "hex", octets.hex()
    yield "reversed", value[::-1]
    yield "upper", value.upper()
    yield "lower", value.lower()


def _shortened(value: str, other: str) -> str:
    """Return the form for a value that was cut out of the other."""
    missing = len(other) - len(value)
    if missing <= 0 or value not in other:
        return ""
    for end, fits in (("last", other.startswith(value)), ("first", other.endswith(value))):
        if fits:
            count = "character" if missing == 1 else f"{missing} characters"
            return f"= {{}} without its {end} {count}"
    return "= a part of {}"


def _one_edit(value: str, other: str) -> str:
    """Say in which one place two values differ, or ""."""
    if abs(len(value) - len(other)) > 1 or value == other:
        return ""
    start = 0
    while start < min(len(value), len(other)) and value[start] == other[start]:
        start += 1
    rest, known = value[start:], other[start:]
    if len(value) == len(other):
        if rest[1:] == known[1:]:
            return "one character replaced"
        swapped = rest[:2] == known[:2][::-1] and rest[2:] == known[2:]
        return "two neighbours swapped" if swapped else ""
    if len(value) > len(other):
        return "one character more" if rest[1:] == known else ""
    return "one character less" if rest == known[1:] else ""
