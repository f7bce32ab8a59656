"""Reads a scenario file: text in, a frozen scenario or every fault out."""

from __future__ import annotations

from harness.matrix.faults import matrix_faults
from harness.model.scenario import Scenario
from harness.scenario_file.convert.scenario import scenario_of
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.rules.baseline import check_baseline
from harness.scenario_file.rules.bodies import check_bodies, check_url
from harness.scenario_file.rules.expectations import check_arrivals, check_expectations
from harness.scenario_file.rules.header_names import check_repeated_names
from harness.scenario_file.rules.keys import check_keys
from harness.scenario_file.rules.literals import check_literals, hide_literals
from harness.scenario_file.rules.selections import check_lab_names, check_selections
from harness.scenario_file.rules.templates import check_templates
from harness.scenario_file.shape import shaped
from harness.scenario_file.structure import validate
from harness.scenario_file.template import parse_template
from harness.strict_yaml.node import MappingNode, Node, Span, kind_of, nodes_in
from harness.strict_yaml.source_text import read_source
from harness.strict_yaml.yaml_rules import SCENARIO
from harness.strict_yaml.yaml_tree import Unreadable, read_tree

_EMPTY_HINT = "start with `version: 1`; the shipped scenarios show the rest"
_START = Span(1, 1, 1, 1)


def read_scenario(text: bytes, file: str) -> Scenario:
    """Return the scenario of a file; `file` is its name in places and messages.

    Raises:
        ScenarioError: the file has faults; all that were found, in file order.
    """
    faults = FaultList(read_source(text, file))
    root = _root(faults)
    hide_literals(root, faults)
    faults.next_stage()
    shaped_root = shaped(root, faults)
    faults.next_stage()
    form = validate(shaped_root, faults)
    faults.next_stage()
    check_literals(root, faults)
    references = check_templates(root, faults)
    for rule in (
        check_bodies,
        check_url,
        check_repeated_names,
        check_selections,
        check_lab_names,
        check_expectations,
    ):
        rule(root, faults)
    if not faults:
        check_keys(root, references, faults)
    faults.raise_any()
    assert form is not None
    scenario = scenario_of(root, shaped_root, form, faults)
    check_baseline(root, scenario, faults)
    check_arrivals(root, scenario, faults)
    if not faults:
        _check_matrix(root, scenario, faults)
    if len(scenario.document.encode()) > SCENARIO.max_bytes:
        faults.add(
            _START, f"is larger than {SCENARIO.max_bytes // 1024} KiB when aliases are written out"
        )
    faults.raise_any()
    return scenario


def _root(faults: FaultList) -> MappingNode:
    """Return the top mapping, or raise the one fault that says why there is none."""
    root: Node | None = None
    try:
        root = read_tree(faults)
        if root is None or _is_blank(root):
            faults.add(
                _START,
                "the file is empty",
                _EMPTY_HINT,
            )
        elif not isinstance(root, MappingNode):
            message = f"a scenario is a mapping, not {kind_of(root)}"
            faults.add(root.span, message, "start with `version: 1`")
    except Unreadable:
        root = None
    if not isinstance(root, MappingNode):
        faults.raise_any()
    assert isinstance(root, MappingNode)
    return root


def _is_blank(root: Node) -> bool:
    return not isinstance(root, MappingNode) and kind_of(root) == "nothing"


def _check_matrix(root: MappingNode, scenario: Scenario, faults: FaultList) -> None:
    """Take over the faults of the matrix, which know where they start and no more."""
    spans: dict[tuple[int, int], Span] = {}
    for node in nodes_in(root):
        if node.span.line == node.span.end_line:  # else a mapping that starts with its first key
            spans[node.span.line, node.span.column] = node.span
    for fault in matrix_faults(scenario, parse_template):
        faults.add(
            spans.get((fault.place.line, fault.place.column), _START), fault.message, fault.hint
        )
