"""Finds whose secret signed a request, by trying each that the lab has given out."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from harness.lab.http_message import Request
from harness.model.scenario import LabKeyKind
from harness.signing.draft import Draft

Registered = Callable[[], tuple[tuple[str, LabKeyKind], ...]]


def signer_standing(
    registered: Registered, signature: str, sign: Callable[[bytes], str]
) -> LabKeyKind:
    """Return what the lab thinks of the key under which `sign` gives this signature."""
    for secret, standing in registered():
        made = sign(secret.encode("utf-8", "surrogateescape"))
        if hmac.compare_digest(made.encode(), signature.encode("utf-8", "surrogateescape")):
            return standing
    return LabKeyKind.UNKNOWN


def as_draft(request: Request) -> Draft:
    """Return the request as it arrived in the form in which it is signed."""
    url = f"{request.scheme}://{request.authority}{request.target}"
    return Draft(url, request.headers, request.body, frozenset(), request.method)


def scoped_credentials(value: str, algorithm: str) -> dict[str, str] | None:
    """Return `Credential`, `SignedHeaders` and `Signature`; None when one of them is missing."""
    scheme, _, rest = value.partition(" ")
    parts = (part.partition("=") for part in rest.split(","))
    fields = {name.strip(): text for name, _, text in parts}
    whole = {"Credential", "SignedHeaders", "Signature"} <= set(fields)
    return fields if scheme == algorithm and whole else None
