"""What PyYAML, and so vcrpy, makes of a scalar without quotes.

Dates stay text: JSON has none, and nothing in a cassette is one.
"""

from __future__ import annotations

import re
from functools import reduce

import yaml

from harness.strict_yaml.plain_scalar import Plain, Surprise

_LONGEST_NUMBER = 64
_TAGS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_TRUE = frozenset({"yes", "true", "on"})
_BASES = (("0b", 2), ("0x", 16), ("0", 8))
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[eE][-+]?[0-9]+")
_TOO_LONG = Surprise("is too long for a number")
_NO_NUMBER = Surprise("is not a number that JSON has")


def resolve_yaml11(text: str) -> Plain | Surprise:
    """Return the value, or why it cannot be read."""
    patterns = _TAGS.get(text[:1])
    if patterns is None:
        return text
    tag = next((tag for tag, pattern in patterns if pattern.match(text)), "")
    match tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in _TRUE
        case "int" | "float" as kind:
            return _TOO_LONG if len(text) > _LONGEST_NUMBER else _number(text, kind)
        case _:
            return text


def resolve_json(text: str) -> Plain | Surprise:
    """Return the value of a JSON word: a number with an exponent is one."""
    if len(text) <= _LONGEST_NUMBER and _JSON_NUMBER.fullmatch(text):
        return _finite(float(text))
    return resolve_yaml11(text)


def _number(text: str, kind: str) -> Plain | Surprise:
    try:
        return _integer(text) if kind == "int" else _float(text)
    except ValueError:  # such as `0x_`, which PyYAML cannot read either
        return _NO_NUMBER


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if digits == "0":
        return 0
    for start, base in _BASES:
        if digits.startswith(start):
            return sign * int(digits[len(start) :], base)
    return sign * reduce(lambda before, part: before * 60 + part, map(int, digits.split(":")))


def _float(text: str) -> float | Surprise:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if digits in {".inf", ".nan"}:
        return _NO_NUMBER
    parts = map(float, digits.split(":"))
    return _finite(sign * reduce(lambda before, part: before * 60 + part, parts))


def _finite(number: float) -> float | Surprise:
    return number if abs(number) < float("inf") else _NO_NUMBER
