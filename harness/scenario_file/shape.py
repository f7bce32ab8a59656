"""Brings the tree into the one shape that the forms declare.

An axis may be a list, and the field `keys.<name>` has a name in its name: here a list becomes a
mapping from level names, and the named keys are gathered under `keys`.
"""

from __future__ import annotations

from dataclasses import replace

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import (
    AXIS_NAME,
    LEVEL_NAME,
    LIST_FIELDS,
    NAMED_KEY,
    NOT_YET_FIELDS,
    field_meant,
    is_field,
    is_key_field,
    not_yet_words,
)
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    entries_of,
    items_of,
    kind_of,
)

_NAME_RULE = "at most {} characters: {}"
_AXIS_RULE = _NAME_RULE.format(32, "a small letter, then small letters, digits, `_`, `.` and `-`")
_LEVEL_RULE = _NAME_RULE.format(40, "letters, digits, `.`, `_`, `+` and `-`")
_NOT_REMOVABLE = ("method", "url", "client", "key")


_MOST_AXES = 32
_MOST_LEVELS = 256
"""Of all axes together: what is checked of a matrix grows with the pairs of levels."""


def shaped(root: MappingNode, faults: FaultList) -> MappingNode:
    """Return the tree as the forms want it; what cannot be shaped is left out and reported."""
    entries = []
    for entry in root.entries:
        if entry.name == "request" and isinstance(entry.value, MappingNode):
            entries.append(replace(entry, value=_request(entry.value, faults)))
        elif entry.name == "axes" and isinstance(entry.value, MappingNode):
            entries.append(replace(entry, value=_axes(entry.value, faults)))
        else:
            entries.append(entry)
    return replace(root, entries=tuple(entries))


def _request(node: MappingNode, faults: FaultList) -> MappingNode:
    inner = [entry for name in ("headers", "query") for entry in entries_of(node.get(name))]
    for entry in (*node.entries, *inner):
        if _is_null(entry.value):
            hint = 'leave it out, or write "" for an empty text; only a patch removes with `null`'
            faults.add(entry.key.span, f"`{entry.name}` has no value", hint)
    return _with_named_keys(node, faults)


def _patch(node: MappingNode, faults: FaultList) -> MappingNode:
    for entry in node.entries:
        if _is_null(entry.value) and (entry.name in _NOT_REMOVABLE or NAMED_KEY.match(entry.name)):
            faults.add(entry.key.span, f"`{entry.name}` cannot be removed", "write another value")
    return _with_named_keys(node, faults)


def _with_named_keys(node: MappingNode, faults: FaultList) -> MappingNode:
    """Gather `keys.<name>` under `keys`."""
    named: list[Entry] = []
    rest: list[Entry] = []
    for entry in node.entries:
        if match := NAMED_KEY.fullmatch(entry.name):
            key = ScalarNode(entry.key.span, match[1], match[1])
            named.append(Entry(key, entry.value))
        elif entry.name == "keys" or entry.name.startswith("keys."):
            hint = "write each named key as `keys.<name>: {env: NAME}`, in small letters"
            faults.add(entry.key.span, f"`{entry.name}` is not known here", hint)
        else:
            rest.append(entry)
    if not named:
        return replace(node, entries=tuple(rest))
    span = named[0].key.span
    gathered = Entry(ScalarNode(span, "keys", "keys"), MappingNode(span, tuple(named)))
    return replace(node, entries=(*rest, gathered))


def _axes(node: MappingNode, faults: FaultList) -> MappingNode:
    _check_size(node, faults)
    entries = [
        replace(entry, value=_axis(entry, faults))
        for entry in node.entries
        if _is_axis_name(entry, faults)
    ]
    patches = [entry for entry in entries if not NAMED_KEY.fullmatch(entry.name)]
    named = [entry for entry in entries if NAMED_KEY.fullmatch(entry.name)]
    return _with_named_keys(replace(node, entries=(*patches, *named)), faults)


def _check_size(node: MappingNode, faults: FaultList) -> None:
    levels = 0
    for number, axis in enumerate(node.entries, start=1):
        levels += len(entries_of(axis.value)) + len(items_of(axis.value))
        if number > _MOST_AXES or levels > _MOST_LEVELS:
            what = f"{_MOST_AXES} axes" if number > _MOST_AXES else f"{_MOST_LEVELS} levels"
            hint = "split the scenario: one question each"
            faults.add(axis.key.span, f"the axes have more than {what} together", hint)
            return


def _is_axis_name(entry: Entry, faults: FaultList) -> bool:
    name, span = entry.name, entry.key.span
    if name in NOT_YET_FIELDS:
        faults.add(span, *not_yet_words(name))
        return False
    if is_field(name):
        return True
    if meant := field_meant(name):
        hint = f"did you mean `{meant}`? a patch axis needs a name that no field resembles"
        faults.add(span, f"`{name}` is no request field, but close to one", hint)
        return False
    if not AXIS_NAME.fullmatch(name):
        faults.add(span, "this is not the name of an axis", _AXIS_RULE)
        return False
    return True


def _axis(entry: Entry, faults: FaultList) -> Node:
    node = entry.value
    if isinstance(node, SequenceNode):
        node = _listed_levels(entry, node, faults)
    if not isinstance(node, MappingNode):
        return node
    if not (node.entries or items_of(entry.value)):
        faults.add(entry.key.span, f"axis `{entry.name}` has no level", "give it at least one")
    for level in node.entries:
        _check_level(entry.name, level, faults)
    if is_field(entry.name):
        return node
    levels = tuple(
        replace(level, value=_patch(level.value, faults))
        if isinstance(level.value, MappingNode)
        else level
        for level in node.entries
    )
    return replace(node, entries=levels)


def _check_level(axis: str, level: Entry, faults: FaultList) -> None:
    if not LEVEL_NAME.fullmatch(level.name):
        faults.add(level.key.span, "this is not the name of a level", _LEVEL_RULE)
    if _is_null(level.value) and (axis in _NOT_REMOVABLE or NAMED_KEY.fullmatch(axis)):
        message = f"`{axis}` cannot be removed, so a level of it needs a value"
        hint = "to send no key, vary `headers`" if is_key_field(axis) else "write a value"
        faults.add(level.span, message, hint)


def _listed_levels(axis: Entry, node: SequenceNode, faults: FaultList) -> MappingNode:
    """Turn a list of scalars into levels that are named after themselves."""
    if axis.name not in LIST_FIELDS:
        hint = "write `<level>: <value>` for each level"
        faults.add(axis.key.span, f"axis `{axis.name}` needs levels with names", hint)
        return MappingNode(node.span, ())
    levels: dict[str, Entry] = {}
    for item in node.items:
        if not isinstance(item, ScalarNode):
            message = f"{kind_of(item)} in a list of levels has no name"
            faults.add(item.span, message, "write `<level>: <value>` for each level")
        elif not LEVEL_NAME.fullmatch(item.text):
            hint = f"give it a name: `<level>: <value>`; a name has {_LEVEL_RULE}"
            faults.add(item.span, "this cannot be the name of a level", hint)
        elif item.text in levels:
            line = levels[item.text].key.span.line
            message = f"level `{item.text}` is there twice, first in line {line}"
            faults.add(item.span, message, "keep one of them")
        else:
            levels[item.text] = Entry(item, item)
    return MappingNode(node.span, tuple(levels.values()))


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None and not node.faulty
