"""Parses the `${key}` in a text."""

from __future__ import annotations

import re

from harness.errors import UsageError
from harness.model.template import KeyFilter, KeyReference, Template
from harness.scenario_file.suggest import closest

KEY_NAME = r"[a-z][a-z0-9_-]{0,26}"
"""A name after `keys.`; with it an axis name, which has at most 32 characters."""

_TOKEN = re.compile(r"\$\$|\$\{(?P<inside>\{[^}\n]*\}|[^}\n]*)(?P<closed>\}?)")
_REFERENCE = re.compile(rf"(?P<name>key|keys\.{KEY_NAME})(?:\|(?P<filter>urlencode|base64))?")
_VARIABLE = re.compile(r"(?:env[.:])?(?P<name>[A-Za-z_][A-Za-z0-9_]*)")
_FILTERS = tuple(one.value for one in KeyFilter if one)


class TemplateError(UsageError):
    """A `${` that names no key; `offset` and `width` say where in the text it stands."""

    def __init__(self, message: str, *, hint: str, offset: int, width: int) -> None:
        """Keep where in the text the fault is, in characters from 0."""
        super().__init__(message, hint=hint)
        self.offset = offset
        self.width = width


def parse_template(text: str) -> Template:
    """Read `${key}`, `${keys.name}`, their filters and `$$`; all else is verbatim.

    Raises:
        TemplateError: a `${` that is none of these.
    """
    parts: list[str | KeyReference] = []
    literal = ""
    end = 0
    for match in _TOKEN.finditer(text):
        literal += text[end : match.start()]
        end = match.end()
        if match[0] == "$$":
            literal += "$"
            continue
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(_reference(match))
    literal += text[end:]
    return Template((*parts, literal) if literal else tuple(parts))


def _reference(match: re.Match[str]) -> KeyReference:
    inside = match["inside"]
    if not match["closed"]:
        raise _error(match, "`${` is never closed", "write `${key}`, or `$${` for the text `${`")
    found = _REFERENCE.fullmatch(inside)
    if found is None:
        raise _error(match, f"`{match[0]}` names no key", _hint(inside))
    return KeyReference(found["name"], KeyFilter(found["filter"] or ""))


def _error(match: re.Match[str], message: str, hint: str) -> TemplateError:
    start, end = match.span()
    return TemplateError(message, hint=hint, offset=start, width=end - start)


def _hint(inside: str) -> str:
    name, bar, wanted = (part.strip() for part in inside.partition("|"))
    if bar and re.fullmatch(rf"key|keys\.{KEY_NAME}", name):
        one = closest(wanted, _FILTERS)
        return f"did you mean `${{{name}|{one}}}`?" if one else "filters: `urlencode`, `base64`"
    if _REFERENCE.fullmatch(inside.strip().lower()):
        return f"did you mean `${{{inside.strip().lower()}}}`?"
    if inside.startswith("{"):
        return "expressions of a CI system are not filled in here: use an `env` key source"
    if re.fullmatch(r"keys?[._-]?[a-z0-9_-]+", name):
        return "a named key is written `${keys.<name>}`, the only key `${key}`"
    if variable := _VARIABLE.fullmatch(inside.strip()):
        return (
            f"declare it as a key source: `key: {{env: {variable['name']}}}` and write `${{key}}`; "
            "`$${` is the text `${`"
        )
    return "write `${key}` or `${keys.<name>}`; `$${` is the text `${`"
