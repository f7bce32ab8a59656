"""Finds which fields the forms declare at a place, to guess what a misspelt one meant."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Tag

from harness.scenario_file.form.scenario import ScenarioForm

Location = tuple[str | int, ...]
"""Where pydantic found an error: names, positions, and `<tags>` of unions."""


def is_tag(part: str | int) -> bool:
    """Tell whether a part of a location is the tag of a union and no name in the file."""
    return isinstance(part, str) and part.startswith("<") and part.endswith(">")


def fields_at(location: Location) -> tuple[str, ...]:
    """Return the names of the fields that the mapping at a location may have."""
    form: object = ScenarioForm
    for part in location:
        form = _step(form, part)
    form = _only(form)
    if isinstance(form, type) and issubclass(form, BaseModel):
        return tuple(field.alias or name for name, field in form.model_fields.items())
    return ()


def _step(form: object, part: str | int) -> object:
    """Return the declared type one part further down; None when there is none."""
    form = _only(form)
    if get_origin(form) in {Union, UnionType}:
        return next((one for one in get_args(form) if _has_tag(one, part)), None)
    if get_origin(form) is dict:
        return get_args(form)[1]
    if get_origin(form) is list:
        return get_args(form)[0]
    if isinstance(form, type) and issubclass(form, BaseModel):
        for name, field in form.model_fields.items():
            if part == (field.alias or name):
                return field.annotation
        extra: object = get_type_hints(form).get("__pydantic_extra__")
        return _step(extra, part) if extra else None
    return None


def _only(form: object) -> object:
    """Strip what is not structure: `Annotated`, and `None` beside one other type."""
    if get_origin(form) is Annotated:
        return _only(get_args(form)[0])
    if get_origin(form) in {Union, UnionType}:
        members = [one for one in get_args(form) if one is not NoneType]
        if len(members) == 1:
            return _only(members[0])
    return form


def _has_tag(form: object, tag: str | int) -> bool:
    marks = get_args(form)[1:] if get_origin(form) is Annotated else ()
    return any(isinstance(mark, Tag) and mark.tag == tag for mark in marks)
