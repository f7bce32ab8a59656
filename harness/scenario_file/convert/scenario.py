"""The whole scenario."""

from __future__ import annotations

from dataclasses import replace

from harness.model.arrival import Arrival, outcome_of_arrival
from harness.model.outcome import Outcome, OutcomeRules
from harness.model.request import EnvUrl, Patch
from harness.model.scenario import Axis, Expectation, Scenario, Selection
from harness.scenario_file.convert.axes import axes_of, query_names
from harness.scenario_file.convert.outcomes import rules_of
from harness.scenario_file.convert.patches import patch_of
from harness.scenario_file.convert.settings import lab_of, search_of
from harness.scenario_file.convert.signal import signal_of
from harness.scenario_file.document import document_of
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.form.scenario import ExpectationForm, ScenarioForm
from harness.scenario_file.provider_preset import preset_for
from harness.scenario_file.web_address import host_of
from harness.strict_yaml.node import MappingNode, Node, items_of

_ANY = "*"


def scenario_of(
    root: MappingNode, shaped_root: MappingNode, form: ScenarioForm, places: FaultList
) -> Scenario:
    """Return the frozen scenario of a valid file; `places` knows where things stand."""
    baseline = patch_of(form.request, query_names(root))
    axes = axes_of(root, shaped_root, form.axes, places)
    return Scenario(
        name=form.name,
        baseline=baseline,
        description=form.description,
        axes=axes,
        exclude=_selections(form.exclude, root.get("exclude"), places),
        include=_selections(form.include, root.get("include"), places),
        outcome=replace(
            rules_of(form.outcome, _preset(baseline, axes)), signal=signal_of(baseline, axes)
        ),
        expect=_expectations(form.expect, root.get("expect"), places),
        search=search_of(form.search),
        cassette=form.record.cassette if form.record else None,
        lab=lab_of(form.lab),
        file=places.source.file,
        document=document_of(root),
    )


def _preset(baseline: Patch, axes: tuple[Axis, ...]) -> OutcomeRules:
    """Return the preset of the host that the baseline sends to."""
    url = baseline.url
    for axis in axes:
        url = axis.levels[0].patch.url or url
    text = url.default if isinstance(url, EnvUrl) else str(url)
    return preset_for(host_of(text or ""))


def _selection(form: dict[str, str | list[str]], node: Node, places: FaultList) -> Selection:
    levels = {
        axis: (names,) if isinstance(names, str) else tuple(names) for axis, names in form.items()
    }
    named = {axis: names for axis, names in levels.items() if _ANY not in names}
    return Selection(named, places.place(node.span))


def _selections(
    forms: list[dict[str, str | list[str]]], node: Node | None, places: FaultList
) -> tuple[Selection, ...]:
    pairs = zip(forms, items_of(node), strict=True)
    return tuple(_selection(form, item, places) for form, item in pairs)


def _expectations(
    forms: list[ExpectationForm], node: Node | None, places: FaultList
) -> tuple[Expectation, ...]:
    return tuple(
        _expectation(form, _selection(form.when, item, places))
        for form, item in zip(forms, items_of(node), strict=True)
    )


def _expectation(form: ExpectationForm, when: Selection) -> Expectation:
    arrival = None if form.arrival is None else Arrival(form.arrival)
    if arrival is None:
        assert form.outcome is not None, "a rule of the file"
        return Expectation(when, Outcome(form.outcome), form.code)
    return Expectation(when, outcome_of_arrival(arrival), form.code, arrival)
