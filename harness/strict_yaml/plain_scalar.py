"""What a scalar without quotes means, and which ones mean different things to YAML readers.

YAML 1.1 and 1.2 disagree on these, and PyYAML follows 1.1: `off` is false, `0123` is 83,
`12:30:45` is 45045. Whoever wrote one of them meant text or a plain number, so they are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Plain = bool | int | float | str | None
"""What a scalar may mean."""

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_LONGEST_NUMBER = 64  # the patterns below take quadratic time
_DIGITS = re.compile(r"[-+]?[0-9._:]+")
_SWITCH = re.compile(r"(?i:on|off|yes|no)")
_SWITCH_REASON = "is a switch (true or false) to some YAML readers"
_SURPRISES = (
    (re.compile(r"[-+]?0[xX][0-9a-fA-F_]+"), "is a hexadecimal number to some YAML readers"),
    (re.compile(r"[-+]?0b[01_]+"), "is a binary number to some YAML readers"),
    (re.compile(r"[-+]?0o?[0-9_]+"), "is an octal number to some YAML readers"),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"),
        "is a number in base 60 to some YAML readers",
    ),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9:.]+[ \t]*\S*)?"),
        "is a date to some YAML readers",
    ),
    (re.compile(r"[-+]?\.(?i:inf|nan)"), "is not a number that JSON has"),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][-+]?[0-9]+"),
        "is a number to some YAML readers and text to others",
    ),
    (re.compile(r"-?[0-9]+(?:\.[0-9]+)?"), "is too long for a number"),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)"),
        "is a number to some YAML readers and text to others",
    ),
    (re.compile(r"="), "is a special value to some YAML readers"),
)


@dataclass(frozen=True, slots=True)
class Surprise:
    """Why a scalar must not be written without quotes, and what may be meant instead."""

    reason: str
    instead: str = ""


def resolve_plain(text: str) -> Plain | Surprise:
    """Return what a scalar without quotes means, or why that is not certain."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _surprise(text) or text


def _surprise(text: str) -> Surprise | None:
    if _SWITCH.fullmatch(text):
        meant = "true" if text.lower() in {"on", "yes"} else "false"
        return Surprise(_SWITCH_REASON, f"write `{meant}` for a switch; for text, ")
    if len(text) > _LONGEST_NUMBER:
        return Surprise("is too long for a number") if _DIGITS.fullmatch(text) else None
    reasons = (reason for pattern, reason in _SURPRISES if pattern.fullmatch(text))
    return next(map(Surprise, reasons), None)
