"""Reads the `Digest` challenges of an answer (RFC 9110, section 11.6.1; RFC 7616)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.model.request import HeaderPairs

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # noqa: S105 - a grammar's word
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ITEM = re.compile(
    rf"(?P<name>{_TOKEN})\s*=\s*(?P<value>{_QUOTED}|[^\s,]*)(?=\s*(?:,|$))"
    rf"|(?P<scheme>{_TOKEN})(?=\s|,|$)"
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class DigestChallenge:
    """One `Digest` challenge; `qops` is empty where the server is of before RFC 2617."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qops: tuple[str, ...] = ()
    opaque: str | None = None
    stale: bool = False
    userhash: bool = False


def digest_challenges(headers: HeaderPairs) -> tuple[DigestChallenge, ...]:
    """Return every `Digest` challenge, in order."""
    values = (value for name, value in headers if name.lower() == "www-authenticate")
    return tuple(
        _challenge(parameters)
        for value in values
        for scheme, parameters in _challenges(value)
        if scheme == "digest"
    )


def _challenges(value: str) -> Iterator[tuple[str, dict[str, str]]]:
    scheme, parameters = "", dict[str, str]()
    for match in _ITEM.finditer(value):
        if match["scheme"]:
            yield scheme, parameters
            scheme, parameters = match["scheme"].lower(), {}
        else:
            parameters.setdefault(match["name"].lower(), _unquoted(match["value"]))
    yield scheme, parameters


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def _challenge(parameters: dict[str, str]) -> DigestChallenge:
    qops = parameters.get("qop", "").split(",")
    return DigestChallenge(
        realm=parameters.get("realm", ""),
        nonce=parameters.get("nonce", ""),
        algorithm=parameters.get("algorithm") or "MD5",
        qops=tuple(qop.strip().lower() for qop in qops if qop.strip()),
        opaque=parameters.get("opaque"),
        stale=parameters.get("stale", "").lower() == "true",
        userhash=parameters.get("userhash", "").lower() == "true",
    )
