"""What counts as passed and as denied, as the file writes it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator

from harness.scenario_file.form.field_texts import HeaderName
from harness.scenario_file.form.strict import WORD, Checked, Form, refuse, text_like

_LOWEST_STATUS = 100
_HIGHEST_STATUS = 599
_STATUS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": _LOWEST_STATUS, "maximum": _HIGHEST_STATUS},
        {"type": "string", "pattern": "^(?:[1-5]xx|[1-5][0-9]{2})$"},
    ]
}


def _check_status(value: JsonValue) -> None:
    statuses = value if isinstance(value, list) else [value]
    if not statuses:
        raise refuse("names no status", "write one, such as `2xx` or `401`")
    for status in statuses:
        if isinstance(status, bool) or not isinstance(status, int | str):
            break
        if isinstance(status, int) and not _LOWEST_STATUS <= status <= _HIGHEST_STATUS:
            break
        if isinstance(status, str) and not re.fullmatch("[1-5](?:xx|[0-9]{2})", status):
            break
    else:
        return
    raise refuse("is not an HTTP status", "write `401`, `4xx`, or a list such as `[401, 403]`")


Status = Annotated[
    JsonValue,
    Checked(
        _check_status,
        {
            "anyOf": [
                *_STATUS_SCHEMA["anyOf"],
                {"type": "array", "items": _STATUS_SCHEMA, "minItems": 1},
            ]
        },
    ),
]
Pointer = Annotated[
    str,
    text_like(
        re.compile(r"(?:/(?:[^~/]|~[01])*)*").fullmatch,
        "is not a JSON pointer (RFC 6901)",
        "write the way from the top, such as `/error/type`",
        r"(?:/(?:[^~/]|~[01])*)*",
    ),
]


class _Comparison(Form):
    contains: Annotated[str, WORD] | None = None
    present: bool | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise refuse(
                "compares in more than one way" if self.model_fields_set else "compares nothing",
                "give one of `equals`, `contains`, `present`",
            )
        return self


class TextMatcherForm(_Comparison):
    """Compares a text: `equals`, `contains` or `present`."""

    equals: str | None = None


class JsonMatcherForm(_Comparison):
    """Compares a JSON value: `equals`, `contains` or `present`."""

    equals: JsonValue = None


def _text_kind(value: object) -> str:
    return "<list>" if isinstance(value, list) else "<mapping>"


TextForm = Annotated[
    Annotated[TextMatcherForm, Tag("<mapping>")]
    | Annotated[list[TextMatcherForm], Field(min_length=1), Tag("<list>")],
    Discriminator(_text_kind),
]


class RuleForm(Form):
    """An all-of: every part that is given must hold."""

    status: Status = None
    header: dict[HeaderName, TextMatcherForm] = Field(default={})
    json_: dict[Pointer, JsonMatcherForm] = Field(default={}, alias="json")
    text: TextForm | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise refuse("matches everything", "give `status`, `header`, `json` or `text`")
        return self


class OutcomeForm(Form):
    """Alternatives for each outcome; `denied` is tried first, what fits neither is `other`."""

    passing: list[RuleForm] | None = Field(default=None, alias="pass", min_length=1)
    denied: list[RuleForm] | None = Field(default=None, min_length=1)
