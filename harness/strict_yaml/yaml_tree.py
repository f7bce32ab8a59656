"""Strict YAML: PyYAML's events as a tree with places, within limits.

The events come one at a time, so that the depth limit strikes before anything recurses. No
tag makes anything: they are only read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Span,
)
from harness.strict_yaml.plain_scalar import Surprise
from harness.strict_yaml.source_text import SourceText
from harness.strict_yaml.yaml_words import explain_problem

MAX_DEPTH = 64
MAX_ALIASES = 100
_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
}
_PYTHON = "tag:yaml.org,2002:python/"
_BAD_ESCAPE = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_SPACE = re.compile(r"[ \t\r\n]+")
_START = Span(1, 1, 1, 1)
_FLATTEN = "nothing that belongs here is nested so deeply"


class Faults(Protocol):
    """Takes what is wrong with a file; `add` may end the reading with an error of its own."""

    source: SourceText

    def add(self, span: Span, message: str, hint: str = "") -> None:
        """Note a fault."""

    def hide(self, span: Span) -> None:
        """Never show the characters of this span."""

    def hide_named_values(self) -> None:
        """Hide by name: the file is too broken to know what is a secret in it."""


class Unreadable(Exception):  # noqa: N818 - it ends the reading, the faults say why
    """Nothing more can be read; the fault list says why."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an alias stands for, and how much of it there is."""

    node: Node
    size: int
    height: int


def read_tree(faults: Faults) -> Node | None:
    """Return the one document of the file, None when it is empty; faults are collected.

    Raises:
        Unreadable: the rest of the file cannot be understood; the fault is in the list.
    """
    try:
        composer = _Composer(faults)
        if not faults.source.rules.shows_lines:
            composer.count_first()
        return composer.document()
    except yaml.MarkedYAMLError as error:
        span, message, hint = explain_problem(error, faults.source)
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets chr() and int() fail on escapes and versions out of range.
        span = _first_match(_BAD_ESCAPE, faults) or _START
        message = "cannot be read as YAML: a number in an escape or a directive is out of range"
        hint = "the highest escape is `\\U0010FFFF`"
    faults.hide_named_values()
    faults.add(span, message, hint)
    raise Unreadable


class _Composer:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.rules = faults.source.rules
        self.events: Iterator[yaml.Event] = yaml.parse(faults.source.text, Loader=self.rules.loader)
        self.anchors: dict[str, _Anchor] = {}
        self.open_anchors: set[str] = set()
        self.aliases = 0
        self.is_partial = False
        self.nodes = 0

    def count_first(self) -> None:
        """Refuse too many values before any is kept: events alone take a tenth of the time."""
        most, seen = self.rules.max_nodes, 0
        for event in yaml.parse(self.faults.source.text, Loader=self.rules.loader):
            seen += isinstance(event, yaml.NodeEvent)
            if seen > most:
                self.nodes = seen
                self.count(event, 0)

    def document(self) -> Node | None:
        """Read the first document and make sure that nothing follows."""
        next(self.events)  # the stream starts
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            return None
        root, _ = self.node(next(self.events), 1)
        next(self.events)  # the document ends
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            hint = f"keep one {self.rules.one} per file, without `---` between"
            self.stop(_span(following), "a second document starts here", hint)
        if self.is_partial:
            self.faults.hide_named_values()
            raise Unreadable
        return root

    def stop(self, span: Span, message: str, hint: str = "") -> None:
        self.faults.hide_named_values()
        self.faults.add(span, message, hint)
        raise Unreadable

    def node(self, event: yaml.Event, depth: int) -> tuple[Node, int]:
        """Return a node and its height; `depth` counts from 1 at the root."""
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, depth)
        self.nodes += 1
        if self.nodes > self.rules.max_nodes:
            self.count(event, 0)
        if depth > MAX_DEPTH:
            self.stop(_span(event), f"is nested deeper than {MAX_DEPTH} levels", _FLATTEN)
        assert isinstance(event, yaml.NodeEvent)
        anchor, before = self.open_anchor(event), self.nodes
        if isinstance(event, yaml.ScalarEvent):
            made: tuple[Node, int] = self.scalar(event), 1
        elif isinstance(event, yaml.SequenceStartEvent):
            made = self.sequence(event, depth)
        else:
            assert isinstance(event, yaml.MappingStartEvent)
            made = self.mapping(event, depth)
        if anchor:
            self.open_anchors.discard(anchor)
            self.anchors[anchor] = _Anchor(made[0], self.nodes - before + 1, made[1])
        return made

    def open_anchor(self, event: yaml.NodeEvent) -> str | None:
        anchor: str | None = event.anchor
        if anchor is None:
            return None
        if anchor in self.anchors or anchor in self.open_anchors:
            self.faults.add(_span(event), f"the anchor `&{anchor}` is set twice", "rename one")
        self.open_anchors.add(anchor)
        return anchor

    def alias(self, event: yaml.AliasEvent, depth: int) -> tuple[Node, int]:
        name = event.anchor or ""
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self.stop(_span(event), f"more than {MAX_ALIASES} aliases", "write the values out")
        if name in self.open_anchors:
            message = f"`*{name}` stands inside the value that it names"
            self.stop(_span(event), message, "write the value out")
        anchor = self.anchors.get(name)
        if anchor is None:
            hint = f"set it before with `&{name}`, or write the text in quotes"
            self.faults.add(_span(event), f"`*{name}` names no anchor", hint)
            return ScalarNode(_span(event), None, "", faulty=True), 1
        if depth + anchor.height - 1 > MAX_DEPTH:
            self.stop(_span(event), f"is nested deeper than {MAX_DEPTH} levels", _FLATTEN)
        self.count(event, anchor.size)
        return anchor.node, anchor.height

    def count(self, event: yaml.Event, more: int) -> None:
        self.nodes += more
        if self.nodes > self.rules.max_nodes:
            message = f"more than {self.rules.max_nodes} values, aliases written out"
            self.stop(_span(event), message, f"split the {self.rules.one}")

    def sequence(self, event: yaml.SequenceStartEvent, depth: int) -> tuple[Node, int]:
        self.check_tag(event, event.tag, "seq")
        items, height = [], 0
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            node, below = self.node(item, depth + 1)
            items.append(node)
            height = max(height, below)
        return SequenceNode(_between(event, item), tuple(items)), height + 1

    def mapping(self, event: yaml.MappingStartEvent, depth: int) -> tuple[Node, int]:
        self.check_tag(event, event.tag, "map")
        entries: dict[str, Entry] = {}
        height = 0
        while not isinstance(item := next(self.events), yaml.MappingEndEvent):
            key, _ = self.node(item, depth + 1)
            value, below = self.node(next(self.events), depth + 1)
            height = max(height, below)
            if text_key := self.key(key):
                self.enter(entries, Entry(text_key, value))
        return MappingNode(_between(event, item), tuple(entries.values())), height + 1

    def key(self, key: Node) -> ScalarNode | None:
        """Return a key as text; None when it can be none."""
        if not isinstance(key, ScalarNode):
            self.faults.add(key.span, "a list or a mapping cannot be a name", "write text")
            self.is_partial = True
            return None
        if key.text == "<<" and key.value == "<<":
            hint = "write the fields out, or the name in quotes"
            self.faults.add(key.span, "merge keys (`<<`) are not read", hint)
            self.is_partial = True
            return None
        if not (key.faulty or isinstance(key.value, str)):
            self.faults.add(key.span, "a name must be text", f'write it in quotes: "{key.text}"')
        return key

    def enter(self, entries: dict[str, Entry], entry: Entry) -> None:
        first = entries.setdefault(entry.name, entry)
        if first is entry:
            return
        here, there = entry.key.span.line, first.key.span.line
        lines = "twice in this line" if here == there else f"twice, in line {there} and here"
        self.faults.hide(entry.value.span)
        self.faults.hide(first.value.span)
        self.faults.add(entry.key.span, f"`{entry.name}` is written {lines}", "keep one of them")

    def check_tag(self, event: yaml.Event, tag: str | None, *allowed: str) -> None:
        if tag is None or tag == "!" or tag.removeprefix(_CORE) in allowed:
            return
        shown = tag.replace(_CORE, "!!")
        hint = "remove the tag; write text in quotes"
        if self.rules.has_binary and tag.startswith(_PYTHON):
            hint = "vcrpy under Python 2 and programs wrote such tags: record again, or remove it"
        self.faults.add(_span(event), f"the tag `{shown}` is not read here", hint)

    def scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        span, tag = _span(event), event.tag
        if self.rules.has_binary and tag == f"{_CORE}binary":
            return self.binary(span, event.value)
        self.check_tag(event, tag, "str", *_SCALAR_TAGS)
        text = event.value if event.value.isascii() else self.characters(event)
        kind = (tag or "").removeprefix(_CORE)
        if kind in _SCALAR_TAGS:
            return self.tagged(span, text, kind)
        if tag is not None or not event.implicit[0]:
            return ScalarNode(span, text, text)
        value = self.rules.resolve(text)
        if isinstance(value, Surprise):
            message = f"`{text}` without quotes {value.reason}"
            self.faults.add(span, message, f'{value.instead}write it in quotes: "{text}"')
            return ScalarNode(span, text, text, faulty=True)
        return ScalarNode(span, value, text)

    def tagged(self, span: Span, text: str, kind: str) -> ScalarNode:
        value = self.rules.resolve(text)
        fits = type(value) in _SCALAR_TAGS[kind]
        if fits and not isinstance(value, Surprise):
            return ScalarNode(span, value, text)
        self.faults.add(span, f"the value does not fit its tag `!!{kind}`", "remove the tag")
        return ScalarNode(span, text, text, faulty=True)

    def binary(self, span: Span, text: str) -> ScalarNode:
        try:
            return ScalarNode(
                span, None, text, octets=base64.b64decode(_SPACE.sub("", text), validate=True)
            )
        except (binascii.Error, ValueError):
            hint = "copy the file again: a part of it is damaged"
            self.faults.add(span, "the value does not fit its tag `!!binary`", hint)
            return ScalarNode(span, None, text, faulty=True)

    def characters(self, event: yaml.ScalarEvent) -> str:
        """Return the text with surrogate pairs joined, as JSON writes them."""
        text: str = event.value
        try:
            text.encode()
        except UnicodeEncodeError:
            return self.joined(event, text.encode("utf-16", "surrogatepass"))
        return text

    def joined(self, event: yaml.ScalarEvent, pairs: bytes) -> str:
        try:
            return pairs.decode("utf-16")
        except UnicodeDecodeError:
            message, hint = "half a surrogate pair is not a character", "write both halves, or none"
            self.faults.add(_span(event), message, hint)
            return ""


def _first_match(pattern: re.Pattern[str], faults: Faults) -> Span | None:
    for number, line in enumerate(faults.source.lines, start=1):
        if match := pattern.search(line):
            return Span(number, match.start() + 1, number, match.end() + 1)
    return None


def _span(event: yaml.Event) -> Span:
    return _between(event, event)


def _between(first: yaml.Event, last: yaml.Event) -> Span:
    start, end = first.start_mark, last.end_mark
    assert start is not None
    assert end is not None
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
