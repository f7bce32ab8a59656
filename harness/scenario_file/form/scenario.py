"""The whole file."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Discriminator, Field, JsonValue, Tag

from harness.model.arrival import Arrival
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy
from harness.scenario_file.form.axes import AxesForm
from harness.scenario_file.form.lab import LabForm
from harness.scenario_file.form.outcome import OutcomeForm
from harness.scenario_file.form.request import RequestForm
from harness.scenario_file.form.strict import (
    LIMIT,
    SPEED,
    WORD,
    Checked,
    Form,
    one_of,
    refuse,
    text_like,
)

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_CODE = r"[A-Z][0-9]{2}"


def _check_version(value: JsonValue) -> None:
    if value != 1 or isinstance(value, bool):
        raise refuse("is not a version of the file format known here", "write `version: 1`")


def _levels_kind(value: object) -> str:
    return "<list>" if isinstance(value, list) else "<text>"


LevelsForm = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[str], Field(min_length=1), Tag("<list>")],
    Discriminator(_levels_kind),
]
SelectionForm = dict[str, LevelsForm]


class ExpectationForm(Form):
    """What is expected of the variants that `when` selects."""

    when: SelectionForm = Field(default={}, description="Axes not named: any level.")
    outcome: Annotated[str, one_of(*Outcome)] | None = None
    arrival: Annotated[str, one_of(*Arrival)] | None = Field(
        default=None, description="How a canary is to arrive, in place of an outcome."
    )
    code: (
        Annotated[
            str,
            text_like(
                re.compile(_CODE).fullmatch,
                "is not a cause code",
                "write a letter and two digits, such as `H06`",
                _CODE,
            ),
        ]
        | None
    ) = None


class SearchForm(Form):
    """Strategy and limits."""

    strategy: Annotated[str, one_of(*Strategy)] = "isolate"
    concurrency: int = Field(default=8, ge=1, le=100)
    rate: Annotated[str, SPEED] | None = Field(default=None, description="Such as `5/s`.")
    repeat: int = Field(default=1, ge=1, le=100)
    budget: int = Field(default=200, ge=1, le=100_000, description="Every exchange counts.")
    max_denied: int = Field(default=50, ge=1, le=100_000)
    deadline: Annotated[str, LIMIT] = Field(default="5m", description="Of the whole run.")


class RecordForm(Form):
    """Where the run is recorded."""

    cassette: Annotated[str, WORD] = Field(description="Relative to the working directory.")


class ScenarioForm(Form):
    """A scenario of flip401."""

    version: Annotated[JsonValue, Checked(_check_version, {"const": 1})]
    name: Annotated[
        str,
        text_like(
            re.compile(_NAME).fullmatch,
            "is not a name",
            "use letters, digits, `.`, `_` and `-`, at most 64",
            _NAME,
        ),
    ]
    description: str = ""
    request: RequestForm
    axes: AxesForm = AxesForm.model_validate({})
    exclude: list[SelectionForm] = Field(
        default=[], description="Never sent. Axes not named: any level."
    )
    include: list[SelectionForm] = Field(
        default=[], description="Always run. Axes not named: the baseline's level."
    )
    outcome: OutcomeForm = OutcomeForm()
    expect: list[ExpectationForm] = Field(
        default=[], description="The first match wins; default: pass."
    )
    search: SearchForm = SearchForm()
    record: RecordForm | None = None
    lab: LabForm = LabForm()
