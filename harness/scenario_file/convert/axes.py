"""The axes with their levels, in written order, each with its place."""

from __future__ import annotations

from harness.model.scenario import Axis, Level
from harness.scenario_file.convert.patches import level_patch, patch_of
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.form.axes import AxesForm
from harness.scenario_file.form.request import PatchForm
from harness.scenario_file.request_fields import NAMED_KEY, is_field
from harness.scenario_file.rules.axis_levels import field_values
from harness.strict_yaml.node import Entry, MappingNode, entries_of


def axes_of(
    root: MappingNode, shaped_root: MappingNode, form: AxesForm, places: FaultList
) -> tuple[Axis, ...]:
    """Return the axes in the order of `root`, with levels as `shaped_root` names them."""
    names = query_names(root)
    levels = _level_entries(shaped_root)
    axes = []
    for axis in entries_of(root.get("axes")):
        forms = _level_forms(axis.name, form)
        to_patch = level_patch if is_field(axis.name) else patch_of
        axes.append(
            Axis(
                axis.name,
                tuple(
                    Level(
                        level.name, to_patch(forms[level.name], names), places.place(level.key.span)
                    )
                    for level in levels[axis.name]
                ),
                axis.name if is_field(axis.name) else None,
                places.place(axis.key.span),
            )
        )
    return tuple(axes)


def query_names(root: MappingNode) -> tuple[str, ...]:
    """Return every query field that the request or the axis `query` names."""
    values = [*field_values(root, "query")]
    return tuple(dict.fromkeys(entry.name for value in values for entry in entries_of(value.value)))


def _level_entries(shaped_root: MappingNode) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for axis in entries_of(shaped_root.get("axes")):
        if axis.name == "keys":
            for named in entries_of(axis.value):
                found[f"keys.{named.name}"] = entries_of(named.value)
        else:
            found[axis.name] = entries_of(axis.value)
    return found


def _level_forms(axis: str, form: AxesForm) -> dict[str, PatchForm]:
    """Return each level as a patch; that of a field axis sets the one field."""
    if not is_field(axis):
        return form.__pydantic_extra__[axis]
    if match := NAMED_KEY.fullmatch(axis):
        levels = form.keys[match[1]]
        return {
            name: PatchForm.model_construct({"keys"}, keys={match[1]: source})
            for name, source in levels.items()
        }
    attribute = "json_" if axis == "json" else axis
    values: dict[str, object] = getattr(form, attribute)
    return {
        name: PatchForm.model_construct({attribute}, **{attribute: value})
        for name, value in values.items()
    }
