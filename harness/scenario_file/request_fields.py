"""The names of the request fields, and what may be an axis, a level, a key."""

from __future__ import annotations

import re

from harness.scenario_file.template import KEY_NAME

FIELDS = (
    "method",
    "url",
    "query",
    "headers",
    "json",
    "form",
    "body",
    "body_file",
    "key",
    "sign",
    "clock",
    "proxy",
    "client",
    "redirects",
    "timeout",
    "auto_headers",
    "resolve",
    "tls",
    "http",
)
BODY_FIELDS = ("json", "form", "body", "body_file")
NOT_YET_FIELDS = ("vantage",)
LIST_FIELDS = (
    "method",
    "url",
    "json",
    "body",
    "body_file",
    "clock",
    "proxy",
    "client",
    "redirects",
    "timeout",
    "auto_headers",
    "http",
)
"""Fields whose values may be scalars, so that an axis of them may be a list."""

AXIS_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,31}")
LEVEL_NAME = re.compile(r"[A-Za-z0-9+-][A-Za-z0-9._+-]{0,39}")
NAMED_KEY = re.compile(rf"keys\.({KEY_NAME})")
_PLURALS = {"query": "queries", "body": "bodies", "proxy": "proxies"}


def is_key_field(name: str) -> bool:
    """Tell whether a field takes a key source: `key` or `keys.<name>`."""
    return name == "key" or NAMED_KEY.fullmatch(name) is not None


def is_field(name: str) -> bool:
    """Tell whether a name is a request field that this version knows."""
    return name in FIELDS or is_key_field(name)


def not_yet_words(name: str) -> tuple[str, str]:
    """Return message and hint for a field of the contract that this version does not do."""
    return f"`{name}` is reserved", "this version sends from one machine: remove it"


def field_meant(name: str) -> str | None:
    """Return the field whose singular or plural this name is."""
    if name == "keys" or name.startswith("keys."):
        return "keys.<name>"
    for field in (*FIELDS, *NOT_YET_FIELDS):
        if name in {field.removesuffix("s"), field + "s", field + "es", _PLURALS.get(field)}:
            return field
    return None
