"""Tell the secrets of one run from those of another in the same cassette: `s1` and `r2.s1`.

The first run keeps plain ids, so that a cassette of one run has nothing but those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from harness.redaction.placeholder import is_secret_id

_PLAIN = re.compile(r"RDX~(?=[sx][0-9])")
_ID_MEMBERS = frozenset({"secret_id", "secret_ids"})
_ID_FIELDS = _ID_MEMBERS | {"id", "of"}
"""Where documents, and values of the model, hold ids by themselves."""

_Value = TypeVar("_Value")


def in_run(value: _Value, number: int) -> _Value:
    """Return the value, a document or a value of the model, with its ids those of run `number`."""
    return value if number == 1 else _numbered(value, f"r{number}.", is_id=False)


def _numbered(value: Any, prefix: str, *, is_id: bool) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return _text(value, prefix, is_id=is_id)
    if isinstance(value, list | tuple):
        return type(value)(_numbered(item, prefix, is_id=is_id) for item in value)
    if isinstance(value, Mapping):
        return {
            _text(name, prefix, is_id=False): _numbered(
                item, prefix, is_id=is_id or name in _ID_MEMBERS
            )
            for name, item in value.items()
        }
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            one.name: _numbered(getattr(value, one.name), prefix, is_id=one.name in _ID_FIELDS)
            for one in fields(value)
        }
        return replace(value, **changed)
    return value


def _text(text: str, prefix: str, *, is_id: bool) -> str:
    if is_id and is_secret_id(text):
        return text if text.startswith("r") else prefix + text
    return _PLAIN.sub(f"RDX~{prefix}", text)
