"""Redact `Signature-Input` (RFC 9421): what a signature covers and when it was made may stay."""

from __future__ import annotations

import re

from harness.redaction.opaque import redact_opaque
from harness.redaction.scrub import Scrubber

_STRING = r'"(?:[^"\\]|\\.)*"'
_INPUT = re.compile(
    r'(?P<covered>[A-Za-z0-9*._-]{1,20}=\((?:"[@a-z0-9-]{1,60}"(?: (?=")|(?=\))))*\))'
    rf"(?P<parameters>(?:;[a-z]{{1,20}}=(?:[0-9]{{1,20}}|{_STRING}))*)"
)
_PARAMETER = re.compile(rf";(?P<name>[a-z]+)=(?:(?P<number>[0-9]+)|(?P<text>{_STRING}))")
_MAY_STAY = frozenset({"created", "expires", "alg"})
_KINDS = {"keyid": "user", "nonce": "nonce"}


def redact_signature_input(scrub: Scrubber, value: str) -> str:
    """Return the value with the key's id and all that is unknown replaced."""
    match = _INPUT.fullmatch(value)
    if match is None:
        return redact_opaque(scrub, value, "Signature-Input")

    def redacted(parameter: re.Match[str]) -> str:
        name = parameter["name"]
        if name in _MAY_STAY:
            return scrub.message(parameter[0])
        inner = parameter["number"] or parameter["text"].strip('"')
        shown = redact_opaque(scrub, inner, f"Signature-Input {name}", _KINDS.get(name, ""))
        return f';{name}="{shown}"'

    return scrub.message(match["covered"]) + _PARAMETER.sub(redacted, match["parameters"])
