"""The shape of a body: what a prompt or an answer looks like, without what it says.

Of JSON the structure stays, with names, enumerations such as `role`, counts such as
`max_tokens`, and the error that explains a 401. Other strings give way to their length, other
numbers to running ones, so that equal numbers stay equal. Texts are one placeholder a stretch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.redaction.json_strings import Kind, Scalar, change_scalars, is_json
from harness.redaction.placeholder import NO_ID, Placeholder, parse_placeholder, split_placeholders
from harness.redaction.private_names import PrivateNames
from harness.redaction.registry import SecretRegistry

_SHORTEST_TOLD = 16
_RANGES = ((12, "12-15"), (8, "8-11"), (4, "4-7"), (1, "1-3"))
_SHORTEST_ECHO = 12
_ECHO_START = 24
_MOST_ECHOES = 200
_FEWEST_OF_A_LITERAL = 3

_NAME = re.compile(r"[A-Za-z_@$][A-Za-z0-9_.$:@+-]{0,39}")
_MANY_DIGITS = re.compile(r"\d{4,}|@.")
_ENUMERATION = re.compile(r"(?!ft:)[A-Za-z][A-Za-z0-9_.:/+-]{0,63}")
_ENUMERATION_WORDS = """
    model object role type finish_reason stop_reason status code param service_tier encoding
    encoding_format format response_format tool_choice reasoning_effort grant_type token_type
"""
_ENUMERATIONS = frozenset(_ENUMERATION_WORDS.split())
_COUNT_WORDS = """
    max_tokens max_completion_tokens max_output_tokens temperature top_p top_k n seed
    presence_penalty frequency_penalty created expires_in index status status_code code version
"""
_COUNTS = frozenset(_COUNT_WORDS.split())
_ERRORS = frozenset({"error", "errors", "fault", "base_resp"})
_ECHOES = frozenset(
    {
        *("input", "body", "prompt", "messages", "content", "value", "values", "data", "text"),
        *("request", "ctx", "instance", "instances", "received", "user", "email"),
    }
)
_EVENT = re.compile(r"(?P<before>(?:data:[ \t]*)?)(?P<json>[{\[].*[}\]])(?P<after>\s*)", re.DOTALL)
_DATA_WORD = re.compile(r"(?:event:[ \t]*[\w.-]{1,40}|data:[ \t]*\[DONE\]|:[ \t]*[A-Z-]{0,20})?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a body may show besides its shape.

    `texts` are shown elsewhere in the exchange (header values, header lines): each as it stood
    and as it is shown there. `pointers` (RFC 6901) and `literals` are what the scenario's rules
    look for, so that a replay judges alike.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    pointers: frozenset[str] = frozenset()
    literals: tuple[str, ...] = ()


@dataclass(slots=True)
class BodyShaper:
    """Shapes the bodies of one cassette; equal strings and numbers stay equal in all of them."""

    names: PrivateNames
    registry: SecretRegistry
    _numbers: dict[str, int] = field(default_factory=dict, repr=False)

    def shaped(self, text: str, kept: Kept) -> str:
        """Return a body that says nothing of a failure."""
        if not text or parse_placeholder(text):
            return text
        if is_json(text):
            return self._document(text, kept, is_error=False)
        lines = text.splitlines(keepends=True)
        if any(_is_event(line) for line in lines):
            return "".join(self._event(line, kept) for line in lines)
        return self._lines(lines, kept)

    def error(self, text: str, kept: Kept, sent: Iterable[str] = ()) -> str:
        """Return a body that explains a failure: its words stay, what echoes `sent` does not."""
        text = self._without_echoes(text, sent)
        if is_json(text):
            return self._document(text, kept, is_error=True)
        return self.names.text(text)

    def string(self, text: str, *, always_told: bool = False) -> str:
        """Return the shape of a text, placeholders in it kept.

        Only a text of some length has an id: short ones would tell by how often they come.
        """
        parts = split_placeholders(text)
        return "".join(
            part if index % 2 or not part else self._label(part, told=always_told)
            for index, part in enumerate(parts)
        )

    def number(self, text: str) -> str:
        """Return a running number in place of a number; equal ones get the same."""
        running = self._numbers.setdefault(text, len(self._numbers) + 1)
        return f"{running}.0" if set(text) & set(".eE") else str(running)

    def name(self, name: str) -> str:
        """Return a member's name, or a placeholder for one that looks like data."""
        if parse_placeholder(name) or (_NAME.fullmatch(name) and not _MANY_DIGITS.search(name)):
            return self.names.text(name)
        return self.string(name, always_told=True) if name else name

    def _label(self, text: str, *, told: bool) -> str:
        if not text.strip():
            return text
        told = told or len(text) >= _SHORTEST_TOLD
        secret_id = self.registry.note(text, "a text", "") if told else NO_ID
        length = next((words for least, words in _RANGES if len(text) >= least), "0")
        length = str(len(text)) if len(text) >= _SHORTEST_TOLD else length
        return str(Placeholder(secret_id, length=length, marks=("text",)))

    def _document(self, text: str, kept: Kept, *, is_error: bool) -> str:
        spans = _literal_spans(text, kept.literals)

        def change(scalar: Scalar, raw: str) -> str:
            if _is_pointed_at(scalar, kept.pointers):
                return self.names.text(raw)
            if scalar.kind is Kind.NUMBER:
                return raw if is_error or _is_count(scalar.path) else self.number(raw)
            value = str(json.loads(raw, strict=False))
            if scalar.kind is Kind.NAME:
                shown = self.name(value)
            else:
                shown = self._value(value, scalar.path, kept, is_error=is_error)
            if shown == value:
                return raw
            return self._around(raw, scalar.start, spans) or json.dumps(shown)

        changed = change_scalars(text, change)
        return changed if is_json(changed) else self.string(text)

    def _value(self, value: str, path: tuple[str | int, ...], kept: Kept, *, is_error: bool) -> str:
        if not value or value in kept.texts:
            return kept.texts.get(value, "")
        steps = [step.lower() for step in path if isinstance(step, str)]
        name = steps[-1] if steps else ""
        if name in _ENUMERATIONS and _ENUMERATION.fullmatch(value):
            return self.names.text(value)
        last = max((at for at, step in enumerate(steps, 1) if step in _ERRORS), default=0)
        if (is_error or last) and _ECHOES.isdisjoint(steps[last:]):
            return self.names.text(value)
        return self.string(value)

    def _around(self, raw: str, start: int, spans: list[tuple[int, int]]) -> str:
        """Shape a string literal but for what rules look for in it; "" when there is nothing."""
        inside = [(max(a - start, 1), min(b - start, len(raw) - 1)) for a, b in spans]
        inside = [(a, b) for a, b in inside if a < b]
        if not inside:
            return ""
        return f'"{self._but_for(raw[1:-1], [(a - 1, b - 1) for a, b in inside])}"'

    def _but_for(self, text: str, spans: list[tuple[int, int]]) -> str:
        pieces: list[str] = []
        last = 0
        for start, end in spans:
            pieces += (self.string(text[last:start]), text[max(start, last) : end])
            last = max(last, end)
        return "".join((*pieces, self.string(text[last:])))

    def _event(self, line: str, kept: Kept) -> str:
        match = _EVENT.fullmatch(line)
        if match is not None and is_json(match["json"]):
            shown = self._document(match["json"], kept, is_error=False)
            return match["before"] + shown + match["after"]
        return line if _DATA_WORD.fullmatch(line) else self._lines([line], kept)

    def _lines(self, lines: list[str], kept: Kept) -> str:
        """Shape a text: lines that are shown elsewhere stay, what is between is one stretch."""
        pieces: list[str] = []
        stretch = ""
        for line in lines:
            if line.strip() and line.strip() in kept.texts:
                shown = line.replace(line.strip(), kept.texts[line.strip()])
                pieces += (self._stretch(stretch, kept), shown)
                stretch = ""
            else:
                stretch += line
        return "".join((*pieces, self._stretch(stretch, kept)))

    def _stretch(self, text: str, kept: Kept) -> str:
        return self._but_for(text, _literal_spans(text, kept.literals)) if text else ""

    def _without_echoes(self, text: str, sent: Iterable[str]) -> str:
        """Replace what repeats a text that was sent, or its beginning, in either form."""
        told = sorted({one for one in sent if len(one) >= _SHORTEST_ECHO}, key=len, reverse=True)
        for one in told[:_MOST_ECHOES]:
            for form in dict.fromkeys((one, json.dumps(one)[1:-1], _plain_dump(one))):
                text = self._without(text, form)
        return text

    def _without(self, text: str, form: str) -> str:
        pieces: list[str] = []
        last = 0
        start = text.find(form[:_ECHO_START])
        while start >= 0:
            end = start + _common_start(text, start, form)
            pieces += (text[last:start], self.string(text[start:end]))
            last = end
            start = text.find(form[:_ECHO_START], end)
        return "".join((*pieces, text[last:]))


def strings_in(text: str) -> tuple[str, ...]:
    """Return what a request body says: the strings of JSON, the values of a form, or all of it."""
    if not is_json(text):
        return (text,)
    found: list[str] = []
    stack = [json.loads(text)]
    while stack:
        item = stack.pop()
        if isinstance(item, str) and not _ENUMERATION.fullmatch(item):
            found.append(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return tuple(found)


def is_enumeration(name: str, value: str) -> bool:
    """Tell whether a member is one of few words, such as `"role": "user"`."""
    return name.lower() in _ENUMERATIONS and bool(_ENUMERATION.fullmatch(value))


def is_count(name: str) -> bool:
    """Tell whether a member's number says nothing of anybody, such as `max_tokens`."""
    return name.lower() in _COUNTS or name.lower().endswith("_tokens")


def _is_count(path: tuple[str | int, ...]) -> bool:
    return bool(path) and isinstance(path[-1], str) and is_count(path[-1])


def _is_event(line: str) -> bool:
    match = _EVENT.fullmatch(line)
    return match is not None and is_json(match["json"])


def _plain_dump(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _common_start(text: str, start: int, form: str) -> int:
    length = 0
    most = min(len(text) - start, len(form))
    while length < most and text[start + length] == form[length]:
        length += 1
    return length


def _pointer(path: tuple[str | int, ...]) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _is_pointed_at(scalar: Scalar, pointers: frozenset[str]) -> bool:
    """Tell whether a rule looks at a value, or passes this name on its way to one."""
    place = _pointer(scalar.path)
    on_the_way = scalar.kind is Kind.NAME and any(one.startswith(f"{place}/") for one in pointers)
    return place in pointers or on_the_way


def _literal_spans(text: str, literals: Iterable[str]) -> list[tuple[int, int]]:
    """Return where each literal stands first: for a rule that looks for it, once is enough."""
    found = (
        (text.find(literal), len(literal))
        for literal in literals
        if len(literal) >= _FEWEST_OF_A_LITERAL
    )
    return sorted((start, start + length) for start, length in found if start >= 0)
