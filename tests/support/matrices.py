"""Small scenarios made in code, for tests that need no YAML."""

from __future__ import annotations

from harness.errors import Place
from harness.model.key_source import EnvSource
from harness.model.request import Edit, Patch
from harness.model.scenario import Axis, Level, Scenario, Selection
from harness.model.template import KeyReference, Template

URL = Template.of("https://api.example.com/v1/models")
BEARER = Template(("Bearer ", KeyReference("key")))


def header(name: str, value: Template | str | None) -> Patch:
    if isinstance(value, str):
        value = Template.of(value)
    return Patch(headers=(Edit(name, value),))


def axis(name: str, field: str | None = None, /, **levels: Patch) -> Axis:
    placed = tuple(
        Level(level.replace("_", "-"), patch, Place("s.yaml", 10 + index, 5))
        for index, (level, patch) in enumerate(levels.items())
    )
    return Axis(name, placed, field, Place("s.yaml", 9, 3))


def key_axis(*names: str) -> Axis:
    levels = {name: Patch(keys={"key": EnvSource(name.upper())}) for name in names}
    return axis("key", "key", **levels)


def scenario(*axes: Axis, baseline: Patch | None = None, **rest: object) -> Scenario:
    base = baseline or Patch(
        method="GET",
        url=URL,
        headers=(Edit("Authorization", BEARER),),
        keys={"key": EnvSource("SHELL_KEY")},
    )
    return Scenario("test", base, axes=axes, **rest)  # type: ignore[arg-type]


def selection(**levels: str) -> Selection:
    return Selection({name: (level,) for name, level in levels.items()}, Place("s.yaml", 20, 3))
