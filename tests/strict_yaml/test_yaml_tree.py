from __future__ import annotations

from contextlib import suppress

import pytest

from harness.errors import ScenarioError
from harness.scenario_file.fault_list import FaultList
from harness.strict_yaml.node import MappingNode, Node, ScalarNode, Span, plain
from harness.strict_yaml.source_text import read_source
from harness.strict_yaml.yaml_rules import CASSETTE, SCENARIO
from harness.strict_yaml.yaml_tree import MAX_ALIASES, MAX_DEPTH, Unreadable, read_tree


def tree(text: str) -> Node:
    faults = FaultList(read_source(text.encode(), "x.yaml"))
    node = read_tree(faults)
    faults.raise_any()
    assert node is not None
    return node


def faults_of(text: str) -> list[tuple[int, int, str]]:
    faults = FaultList(read_source(text.encode(), "x.yaml"))
    with suppress(Unreadable):
        read_tree(faults)
    with pytest.raises(ScenarioError) as caught:
        faults.raise_any()
    return [(fault.place.line, fault.place.column, fault.message) for fault in caught.value.faults]


def test_every_node_knows_where_it_stands() -> None:
    node = tree("a: [1, 'two']\nb:\n  c: x\n")
    assert isinstance(node, MappingNode)
    first = node.get("a")
    assert first is not None
    assert first.span == Span(1, 4, 1, 14)
    assert first.span.width == 10
    entry = node.entry("b")
    assert entry is not None
    assert entry.key.span == Span(2, 1, 2, 2)
    assert entry.span == entry.key.span
    assert node.entry("z") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a:", {"a": None}),
        ("a: 'off'", {"a": "off"}),
        ("a: !!str 0123", {"a": "0123"}),
        ("a: ! 5", {"a": "5"}),
        ('a: !!int "5"', {"a": 5}),
        ("a: !!float 5", {"a": 5}),
        ("a: !!bool true\nb: !!null ~\nc: !!seq []\nd: !!map {}", None),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ('a: "\\ud83d\\ude00"', {"a": "\U0001f600"}),
        ('a: "\\ud83d\\ude00\\ufffd"', {"a": "\U0001f600\ufffd"}),
        ("---\na: 1\n...\n", {"a": 1}),
        ('{"a": {"b": [1, 2.5, null, true, "x"]}}', {"a": {"b": [1, 2.5, None, True, "x"]}}),
    ],
)
def test_yaml_is_read_as_plain_values(text: str, value: object) -> None:
    wanted = value or {"a": True, "b": None, "c": [], "d": {}}
    assert plain(tree(text)) == wanted


def test_an_empty_file_has_no_tree() -> None:
    assert read_tree(FaultList(read_source(b"# nothing\n", "x.yaml"))) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x 1\nb: &x 2\n", (2, 4, "the anchor `&x` is set twice")),
        ("a: !!set {}\n", (1, 4, "the tag `!!set` is not read here")),
        ("a: !local {}\n", (1, 4, "the tag `!local` is not read here")),
        ("a: !!map x\n", (1, 4, "the tag `!!map` is not read here")),
        ("{a: 1, a: 2}\n", (1, 8, "`a` is written twice in this line")),
        ("a: x y: z", (1, 7, "a `:` stands where no name can end")),
        ("a\nb: c: d\n", (2, 2, "a `:` stands where no name can end")),
        ("- a\n-b\n", (2, 3, "a name without `:`")),
        ("a: {b", (1, 6, "a `,` or `}` is missing")),
        ("a: [b", (1, 6, "a `,` or `]` is missing")),
        ("a: {b: ]}", (1, 8, "a value is missing")),
        ("a: 'b\n---\n", (1, 4, "these quotes are never closed")),
        ("a: 'b", (1, 4, "these quotes are never closed")),
        ('a: "\\xZZ"', (1, 7, "double quotes know no such escape")),
        ("a: b\n- c\n", (2, 1, "does not belong here")),
        ("a: b\n...\n]\n", (3, 1, "a line that belongs to nothing")),
        ("a: !<x y", (1, 7, "cannot be read as YAML: expected '>', but found ' '")),
        ("a: &\n", (1, 5, "cannot be read as YAML: expected alphabetic or numeric")),
        (
            f"%YAML 1.{'9' * 5000}\n---\na: 1\n",
            (1, 1, "cannot be read as YAML: a number in an escape or a directive is out of range"),
        ),
    ],
)
def test_what_cannot_be_read_is_said_at_its_place(text: str, fault: tuple[int, int, str]) -> None:
    line, column, message = faults_of(text)[0]
    assert (line, column) == fault[:2]
    assert message.startswith(fault[2])


def test_nesting_is_limited_through_aliases_too() -> None:
    deepest = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert tree(f"a: {deepest}")
    assert faults_of(f"a: [{deepest}]")[0][2] == f"is nested deeper than {MAX_DEPTH} levels"
    half = "[" * 40 + "]" * 40
    nested = "[" * 30 + "*x" + "]" * 30
    assert faults_of(f"a: &x {half}\nb: {nested}\n")[0][:2] == (2, 34)


def test_aliases_are_limited_in_number_and_in_what_they_unfold_to() -> None:
    most = ", ".join(["*x"] * MAX_ALIASES)
    assert tree(f"a: &x 1\nb: [{most}]\n")
    assert "aliases" in faults_of(f"a: &x 1\nb: [{most}, *x]\n")[0][2]
    wide = ", ".join("1" * 1 for _ in range(SCENARIO.max_nodes // 100))
    assert "values" in faults_of(f"a: &x [{wide}]\nb: [{most}]\n")[0][2]


def test_all_faults_of_the_text_are_reported_together() -> None:
    found = faults_of("a: off\na: 0123\nb: *x\n5: !!set {}\n")
    assert [(line, column) for line, column, _ in found] == [
        (1, 4),
        (2, 1),
        (2, 4),
        (3, 4),
        (4, 1),
        (4, 4),
    ]


def test_a_scalar_that_was_reported_is_marked() -> None:
    faults = FaultList(read_source(b"a: off", "x.yaml"))
    node = read_tree(faults)
    assert isinstance(node, MappingNode)
    assert node.get("a") == ScalarNode(Span(1, 4, 1, 7), "off", "off", faulty=True)
    assert len(faults) == 1


def cassette(text: str) -> Node:
    faults = FaultList(read_source(text.encode(), "x.yaml", CASSETTE))
    node = read_tree(faults)
    faults.raise_any()
    assert node is not None
    return node


def test_a_cassette_may_hold_bytes_and_what_pyyaml_means() -> None:
    node = cassette("a: !!binary |\n  AP8=\nb: 0x10\nc: on\nd: '7'\ne: 2026-01-01\n")
    assert plain(node) == {"a": None, "b": 16, "c": True, "d": "7", "e": "2026-01-01"}
    octets = node.get("a") if isinstance(node, MappingNode) else None
    assert isinstance(octets, ScalarNode)
    assert octets.octets == b"\x00\xff"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: !!binary 'AP8'", "the value does not fit its tag `!!binary`"),
        ("a: !!python/unicode x", "the tag `!!python/unicode` is not read here"),
        ("a: 0x_", "`0x_` without quotes is not a number that JSON has"),
        ("[" * 2000, "is nested too deeply"),
        ("a: [" + "x," * 400_000 + "]", "more than 400000 values, aliases written out"),
    ],
)
def test_a_cassette_may_not_hold_more(text: str, message: str) -> None:
    faults = FaultList(read_source(text.encode(), "x.yaml", CASSETTE))
    with suppress(Unreadable):
        read_tree(faults)
    with pytest.raises(ScenarioError) as caught:
        faults.raise_any()
    assert [fault.message for fault in caught.value.faults] == [message]
    assert all(fault.hint and not fault.source_line for fault in caught.value.faults)
