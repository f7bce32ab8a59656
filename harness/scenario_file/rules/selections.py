"""What `exclude`, `include`, `expect` and `lab` name must be there."""

from __future__ import annotations

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import is_key_field
from harness.scenario_file.rules.axis_levels import axis_levels
from harness.scenario_file.suggest import did_you_mean
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    entries_of,
    items_of,
    text_of,
)

ANY = "*"


def check_selections(root: MappingNode, faults: FaultList) -> None:
    """Report unknown axes and levels, and cells of `include` that are several."""
    axes = axis_levels(root)
    for selection in items_of(root.get("exclude")):
        _check_selection(selection, axes, faults)
    for selection in items_of(root.get("include")):
        _check_selection(selection, axes, faults)
        for entry in entries_of(selection):
            if len(items_of(entry.value)) > 1 or text_of(entry.value) == ANY:
                hint = "write one entry for each cell"
                message = f"`include` names cells, and `{entry.name}` has several levels here"
                faults.add(entry.value.span, message, hint)
    for expectation in items_of(root.get("expect")):
        if isinstance(expectation, MappingNode):
            _check_selection(expectation.get("when"), axes, faults)


def check_lab_names(root: MappingNode, faults: FaultList) -> None:
    """Report entries of `lab` for keys and proxies that the scenario does not have."""
    lab = root.get("lab")
    if not isinstance(lab, MappingNode):
        return
    axes = axis_levels(root)
    keys = _lab_keys(root, axes)
    _check_lab_entries(lab.get("keys"), "key", keys, faults)
    _check_lab_entries(lab.get("proxies"), "proxy", axes.get("proxy") or ("proxy",), faults)
    for entry in entries_of(lab.get("keys")):
        same_as = entry.value.get("same_as") if isinstance(entry.value, MappingNode) else None
        name = text_of(same_as)
        if same_as and name and name not in keys:
            message = f"the lab has no key `{name}`"
            faults.add(same_as.span, message, did_you_mean(name, keys))
    _check_circles(lab.get("keys"), faults)


def _check_selection(
    selection: Node | None, axes: dict[str, tuple[str, ...]], faults: FaultList
) -> None:
    for entry in entries_of(selection):
        if entry.name not in axes:
            hint = did_you_mean(entry.name, axes, valid="axes: ") or "the scenario has no axes"
            faults.add(entry.key.span, f"there is no axis `{entry.name}`", hint)
            continue
        for level in _named(entry):
            if level.value not in (*axes[entry.name], ANY):
                message = f"axis `{entry.name}` has no level `{level.text}`"
                hint = did_you_mean(level.text, axes[entry.name], valid="levels: ")
                faults.add(level.span, message, hint)


def _named(entry: Entry) -> tuple[ScalarNode, ...]:
    nodes = entry.value.items if isinstance(entry.value, SequenceNode) else (entry.value,)
    return tuple(
        node for node in nodes if isinstance(node, ScalarNode) and isinstance(node.value, str)
    )


def _lab_keys(root: MappingNode, axes: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names of the sources: `<level>`, `<name>.<level>`, or the field itself."""
    request = [entry.name for entry in entries_of(root.get("request"))]
    names: list[str] = []
    for field in dict.fromkeys([*axes, *request]):
        if not is_key_field(field):
            continue
        if field not in axes:
            names.append(field)
        elif field == "key":
            names += axes[field]
        else:
            names += [f"{field.removeprefix('keys.')}.{level}" for level in axes[field]]
    return tuple(names) or ("key",)


def _check_lab_entries(
    node: Node | None, what: str, known: tuple[str, ...], faults: FaultList
) -> None:
    for entry in entries_of(node):
        if entry.name not in known:
            hint = did_you_mean(entry.name, known)
            faults.add(entry.key.span, f"the scenario has no {what} `{entry.name}`", hint)


def _check_circles(keys: Node | None, faults: FaultList) -> None:
    links = {
        entry.name: text_of(entry.value.get("same_as"))
        for entry in entries_of(keys)
        if isinstance(entry.value, MappingNode)
    }
    for entry in entries_of(keys):
        seen = {entry.name}
        following = links.get(entry.name)
        while following and following not in seen:
            seen.add(following)
            following = links.get(following)
        if following == entry.name:
            message = f"`same_as` of `{entry.name}` leads back to itself"
            faults.add(entry.key.span, message, "let one entry of the circle have a value")
