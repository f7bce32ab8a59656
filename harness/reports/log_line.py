"""How a log event is written: one line of text for people, or one of JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

from structlog.typing import WrappedLogger

from harness.reports.visible_text import ascii_form, visible

_SET_APART = ("timestamp", "level", "logger", "event", "exception")


class LogFormat(StrEnum):
    """The forms of `--log-format`."""

    TEXT = "text"
    JSON = "json"


def text_line(_logger: WrappedLogger, _method: str, event: Mapping[str, object]) -> str:
    """Write `time level event key=value …`; a traceback follows on lines of its own."""
    head = [_word(event[name]) for name in ("timestamp", "level") if name in event]
    if "logger" in event:
        head.append(f"{_word(event['logger'])}:")
    head.append(_word(event.get("event", "")))
    fields = [f"{_word(k)}={_value(v)}" for k, v in event.items() if k not in _SET_APART]
    trace = [_word(line) for line in str(event.get("exception", "")).splitlines()]
    return "\n    ".join([" ".join(filter(None, head + fields)), *trace])


def json_line(_logger: WrappedLogger, _method: str, event: Mapping[str, object]) -> str:
    """Write one JSON object, ASCII only."""
    return json.dumps(event, ensure_ascii=True, default=str)


def _word(value: object) -> str:
    """Keep a field on its line: a line break in it would pass for another event."""
    return ascii_form(visible(str(value).replace("\n", "\\n").replace("\t", "\\t")))


def _value(value: object) -> str:
    if not isinstance(value, str):
        return _word(json.dumps(value, default=str))
    word = _word(value)
    return f'"{word}"' if not word or " " in word else word
