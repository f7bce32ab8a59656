"""Compare URLs by their components, and fields of a query or a form by name and order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from harness.difference.difference import Difference, Part
from harness.difference.judgement import Pair, judge
from harness.difference.likeness import Scope
from harness.difference.named_fields import FieldRules, NamedField, compare_fields
from harness.model.default_ports import DEFAULT_PORTS
from harness.redaction.url_parts import split_host
from harness.scenario_file.credential_names import is_credential_field

_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_MOST_SEGMENTS = 100
_LONGEST_WORDS = 120


@dataclass(frozen=True, slots=True)
class UrlParts:
    """A URL taken apart, nothing decoded; None where a component is not there.

    `port` is the one that the scheme means where none is written.
    """

    scheme: str | None
    userinfo: str | None
    host: str | None
    port: str | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def target(self) -> str:
        """The path and the query, as a request line names them."""
        return (self.path or "/") + ("" if self.query is None else f"?{self.query}")


def split_url(url: str) -> UrlParts:
    """Take a redacted URL apart; any text has a path at least."""
    match = _URL.fullmatch(url)
    assert match is not None  # every part of the pattern may be empty
    authority = match["authority"]
    scheme = match["scheme"] and match["scheme"].lower()
    userinfo = host = port = None
    if authority is not None:
        before, at_sign, _ = authority.rpartition("@")
        userinfo = before if at_sign else None
        host, colon_port = split_host(f"//{authority}")
        host = host.lower() if "RDX~" not in host else host
        port = colon_port.removeprefix(":") or str(DEFAULT_PORTS.get(scheme or "", "")) or None
    return UrlParts(scheme, userinfo, host, port, match["path"], match["query"], match["fragment"])


def compare_urls(left: str, right: str, scope: Scope) -> Iterator[Difference]:
    """Yield what differs between two URLs; a field that carries a key counts as a credential."""
    one, other = split_url(left), split_url(right)
    yield from judge(
        Pair(Part.CREDENTIALS, "userinfo of the URL", one.userinfo, other.userinfo), scope
    )
    for place, a, b in (
        ("scheme", one.scheme, other.scheme),
        ("host", one.host, other.host),
        ("port", one.port, other.port),
    ):
        yield from judge(Pair(Part.URL, place, a, b), scope)
    for found in judge(Pair(Part.URL, "path", one.path or "/", other.path or "/"), scope):
        yield _with_segments(found)
    yield from compare_form(one.query or "", other.query or "", Part.URL, "query", scope)
    yield from judge(Pair(Part.URL, "fragment", one.fragment, other.fragment), scope)


def compare_form(
    left: str, right: str, part: Part, what: str, scope: Scope
) -> Iterator[Difference]:
    """Yield what differs between two texts of `name=value` fields."""

    def part_of(one: NamedField | None, other: NamedField | None) -> Part:
        names = [field.name for field in (one, other) if field is not None]
        return Part.CREDENTIALS if any(map(is_credential_field, names)) else part

    rules = FieldRules(
        part=part,
        order_place=f"order of the {what}",
        part_of=part_of,
        reason_of=lambda _left, _right: "",
    )
    for found in compare_fields(form_fields(left), form_fields(right), rules, scope):
        yield _named(found, what)


def form_fields(text: str) -> list[NamedField]:
    """Return the fields of a query or a form, in order, nothing decoded."""
    fields = []
    for pair in filter(None, re.split(r"[&;]", text)):
        name, _, value = pair.partition("=")
        fields.append(NamedField(name, value, pair))
    return fields


def _named(found: Difference, what: str) -> Difference:
    if found.place.startswith("order of"):
        return found
    return Difference(
        found.part,
        f"{what} field {found.place}",
        found.kind,
        found.left,
        found.right,
        found.words,
        found.weight,
    )


def _with_segments(found: Difference) -> Difference:
    """Say which segments of a path differ."""
    words = found.words or _segment_words(found.left or "", found.right or "")
    return Difference(
        found.part, found.place, found.kind, found.left, found.right, words, found.weight
    )


def _segment_words(left: str, right: str) -> str:
    one, other = left.split("/")[1:], right.split("/")[1:]
    if max(len(one), len(other)) > _MOST_SEGMENTS:
        return ""
    words = []
    for tag, start, end, other_start, other_end in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        gone = "/".join(one[start:end]) or "an empty segment"
        new = "/".join(other[other_start:other_end]) or "an empty segment"
        match tag:
            case "insert":
                words.append(f"{new} added")
            case "delete":
                words.append(f"{gone} left out")
            case "replace":
                words.append(f"{new} in place of {gone}")
            case _:
                continue
    told = ", ".join(words)
    return told if len(told) <= _LONGEST_WORDS else ""
