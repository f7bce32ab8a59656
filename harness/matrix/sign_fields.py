"""What a signature is made of: its key sources, and whether a time is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from harness.model.key_source import KeySource
from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    Sign,
)
from harness.model.signature import (
    DigestSign,
    HmacSign,
    HttpSignature,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)
from harness.model.template import KeyReference

_MAIN: Mapping[type[Sign], str] = MappingProxyType(
    {
        BearerSign: "key",
        HeaderSign: "key",
        QuerySign: "key",
        BasicSign: "password",
        JwtSign: "secret",
        HmacSign: "secret",
        SigV4Sign: "secret_key",
        Tc3Sign: "secret_key",
        HttpSignature: "secret",
        OAuth2Sign: "client_secret",
        DigestSign: "password",
    }
)


_TIME_CLAIMS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": frozenset({"iat", "nbf", "exp"}),
        "glm": frozenset({"timestamp", "exp"}),
        "kling": frozenset({"nbf", "exp"}),
    }
)


def time_claims(preset: str) -> frozenset[str]:
    """Return the claims of a JSON Web Token that follow the clock unless they are given."""
    return _TIME_CLAIMS[preset]


def main_field(sign: Sign) -> str:
    """Return the field of the secret that is the request's `key` where it is not given."""
    return _MAIN[type(sign)]


def own_sources(sign: Sign) -> dict[str, KeySource]:
    """Return the sources that the signature itself names, by field, in written order."""
    values = ((field.name, getattr(sign, field.name)) for field in fields(sign))
    return {name: value for name, value in values if isinstance(value, KeySource)}


def message_references(sign: Sign | None) -> tuple[KeyReference, ...]:
    """Return the key references in the texts that the signature fills in."""
    if not isinstance(sign, HmacSign):
        return ()
    return (*sign.message.references, *sign.value.references)


def signs_time(sign: Sign | None) -> bool:
    """Tell whether what is signed says when, so that the clock matters."""
    match sign:
        case JwtSign(preset=preset, claims=claims):
            return not time_claims(preset) <= set(claims)
        case SigV4Sign() | Tc3Sign() | HttpSignature():
            return True
        case HmacSign():
            told = sign.message.has_field("timestamp") or sign.value.has_field("timestamp")
            return told or sign.timestamp_header is not None
        case _:
            return False
