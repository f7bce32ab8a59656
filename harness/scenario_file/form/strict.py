"""What all forms share: strict types, no unknown field, and errors in our words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from harness.scenario_file.durations import DURATION, RATE, per_second, seconds_of
from harness.scenario_file.suggest import did_you_mean

WORDED = "worded"
"""The type of a pydantic error whose context holds our `message` and `hint`."""

_LONGEST_SHOWN = 40


class Form(BaseModel):
    """A mapping of the file: every field is declared, nothing is converted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def refuse(message: str, hint: str = "") -> PydanticCustomError:
    """Return the error that carries our words; the caller raises it."""
    return PydanticCustomError(WORDED, "{message}", {"message": message, "hint": hint})


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Marks a value that `check` accepts or refuses by raising; `schema` says it to editors."""

    check: Callable[[Any], None]
    schema: dict[str, Any]
    takes_any_type: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Run the check after pydantic's own, or before when it judges the type too."""

        def run(value: Any) -> Any:
            self.check(value)
            return value

        if self.takes_any_type:
            return core_schema.no_info_before_validator_function(run, handler(source))
        return core_schema.no_info_after_validator_function(run, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the value."""
        return dict(self.schema)


def one_of(*valid: str, not_yet: tuple[str, ...] = ()) -> Checked:
    """Mark a word that is one of `valid`; those in `not_yet` are known, but not yet done."""

    def check(word: str) -> None:
        if word in not_yet:
            listed = ", ".join(f"`{one}`" for one in valid)
            hint = f"valid: {listed}" if valid else "remove it"
            raise refuse(f"`{word}` is not supported by this version yet", hint)
        if word not in valid:
            shown = word if len(word) <= _LONGEST_SHOWN else f"{word[:_LONGEST_SHOWN]}…"
            raise refuse(f"`{shown}` is not a word known here", did_you_mean(word, valid))

    return Checked(check, {"enum": list(valid)})


def text_like(test: Callable[[str], object], message: str, hint: str, pattern: str) -> Checked:
    """Mark a text that passes `test`; `pattern` says it to editors."""

    def check(text: str) -> None:
        if not test(text):
            raise refuse(message, hint)

    return Checked(check, {"type": "string", "pattern": f"^(?:{pattern})$"})


def quantity(test: Callable[[str], object], message: str, hint: str, pattern: str) -> Checked:
    """Mark a text such as `5m`; a bare number is refused in the same words."""

    def check(value: object) -> None:
        if not (isinstance(value, str) and test(value)):
            raise refuse(message, hint)

    schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return Checked(check, schema, takes_any_type=True)


OFFSET = quantity(
    lambda text: seconds_of(text) is not None,
    "is not a duration",
    "write a number with a unit (ms, s, m, h, d), such as `0s` or `-10m`",
    DURATION,
)
"""A duration that may have a sign, such as the clock's."""

LIMIT = quantity(
    lambda text: (seconds_of(text) or 0) > 0,
    "is not a duration above zero",
    "write a number with a unit (ms, s, m, h, d), such as `300ms` or `5m`",
    DURATION,
)
"""A duration that must be more than nothing."""

LEEWAY = quantity(
    lambda text: (seconds_of(text) or -1) >= 0 or seconds_of(text) == 0,
    "is not a duration",
    "write a number with a unit (ms, s, m, h, d), such as `0s` or `60s`",
    DURATION,
)
"""A duration that is nothing or more."""

SPEED = quantity(
    lambda text: per_second(text) is not None,
    "is not a rate",
    "write a number per s, m or h, such as `5/s` or `30/m`",
    RATE,
)
"""How many of something in a time."""

WORD = text_like(bool, "is empty", "write a text, or leave the field out", r"[\s\S]+")
"""A text that is not empty."""
