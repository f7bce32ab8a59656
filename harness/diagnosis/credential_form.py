"""In which form a request carries its key: the header or query field, and what is around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    RequestPlan,
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
from harness.model.template import Template

CREDENTIAL_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key"})
"""Header names (lower case) that carry a credential even when no source stands in them."""

CREDENTIAL_QUERIES = frozenset({"key", "api_key", "apikey", "api-key", "access_token", "token"})

_SCHEMES: Mapping[type[Sign], str] = MappingProxyType(
    {
        BearerSign: "Bearer",
        JwtSign: "Bearer",
        OAuth2Sign: "Bearer",
        BasicSign: "Basic",
        DigestSign: "Digest",
        SigV4Sign: "AWS4-HMAC-SHA256",
        Tc3Sign: "TC3-HMAC-SHA256",
    }
)


class Carrier(StrEnum):
    """The part of a request that a key stands in."""

    HEADER = "header"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class CredentialForm:
    """One place of a key: `before` and `after` are the literal text around it."""

    carrier: Carrier
    name: str
    before: str = ""
    has_key: bool = True
    after: str = ""

    def __str__(self) -> str:
        """Render as it would be sent, `<key>` in place of the key."""
        text = f"{self.before}{'<key>' if self.has_key else ''}{self.after}"
        if self.carrier is Carrier.QUERY:
            return f"`?{self.name}={text}`"
        return f"`{self.name}: {text}`"

    @property
    def words_before(self) -> tuple[str, ...]:
        """The words before the key, such as `("Bearer",)`."""
        return tuple(self.before.split())


def credential_forms(plan: RequestPlan) -> tuple[CredentialForm, ...]:
    """Return every place in headers, query and signature where a credential stands."""
    forms = [
        _form(Carrier.HEADER, name, value)
        for name, value in plan.headers
        if value.references or name.lower() in CREDENTIAL_HEADERS
    ]
    forms += [
        _form(Carrier.QUERY, name, value)
        for name, value in plan.query
        if value.references or name.lower() in CREDENTIAL_QUERIES
    ]
    if plan.sign is not None:
        forms.append(_signed_form(plan.sign))
    return tuple(forms)


def _form(carrier: Carrier, name: str, value: Template) -> CredentialForm:
    literals: list[str] = ["", ""]
    has_key = False
    for part in value.parts:
        if isinstance(part, str):
            literals[has_key] += part
        else:
            has_key = True
    return CredentialForm(carrier, name, literals[0], has_key, literals[1])


def _signed_form(sign: Sign) -> CredentialForm:
    match sign:
        case HeaderSign(name=name) | HmacSign(header=name):
            return CredentialForm(Carrier.HEADER, name)
        case QuerySign(name=name):
            return CredentialForm(Carrier.QUERY, name)
        case HttpSignature():
            return CredentialForm(Carrier.HEADER, "Signature")
        case _:
            return CredentialForm(Carrier.HEADER, "Authorization", f"{_SCHEMES[type(sign)]} ")
