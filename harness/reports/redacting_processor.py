"""The one processor through which every log event goes: nothing secret comes out of it."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from types import TracebackType

from structlog.typing import EventDict, WrappedLogger

Redact = Callable[[str], str]
"""Replaces every secret in a text."""

WITHHELD = "[withheld: it could not be redacted]"
_DEEPEST = 8

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


class RedactingProcessor:
    """A structlog processor: turns values into plain ones and redacts each text in them.

    Numbers are redacted by their digits, objects by their `str`, exceptions by their traceback
    without local variables. What cannot be redacted is withheld: it never raises.
    """

    def __init__(self, redact: Redact) -> None:
        """Use `redact` for every text."""
        self._redact = redact

    def __call__(
        self, _logger: WrappedLogger, _method: str, event: EventDict
    ) -> MutableMapping[str, Plain]:
        """Return the event, redacted."""
        exception = _exception_of(event.pop("exc_info", None))
        if exception is not None:
            event["exception"] = exception
        return self._mapping(event.items(), 0)

    def plain(self, value: object, depth: int = 0) -> Plain:
        """Return a value as plain data with every text in it redacted."""
        if value is None or isinstance(value, bool):
            return value
        if depth > _DEEPEST:
            return WITHHELD
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, Mapping):
            return self._mapping(value.items(), depth)
        if isinstance(value, list | tuple | set | frozenset):
            return [self.plain(item, depth + 1) for item in value]
        return self._text(value)

    def _mapping(self, items: Iterable[tuple[object, object]], depth: int) -> dict[str, Plain]:
        return {self._text(key): self.plain(item, depth + 1) for key, item in items}

    def _number(self, value: float) -> Plain:
        text = self._text(value)
        return type(value)(value) if text == str(value) else text

    def _text(self, value: object) -> str:
        try:
            return self._redact(_as_text(value))
        except Exception:  # noqa: BLE001 - a log line must neither leak nor stop the run
            return WITHHELD


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, BaseException):
        return "".join(traceback.format_exception(value)).rstrip()
    return str(value)


def _exception_of(exc_info: object) -> BaseException | None:
    """Return the exception of any form of `exc_info` that logging and structlog take."""
    if isinstance(exc_info, BaseException):
        return exc_info
    match exc_info:
        case (_, BaseException() as error, TracebackType() | None):
            return error
        case True:
            return sys.exception()
        case _:
            return None
