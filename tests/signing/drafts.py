"""Drafts and secrets for the signers' tests."""

from __future__ import annotations

from harness.model.secret import Provenance, Secret
from harness.signing.draft import Draft


def draft(method: str = "GET", url: str = "https://x.test/", *headers, body=None) -> Draft:
    return Draft(url, tuple(headers), body, frozenset(), method)


def secret(text: str) -> Secret:
    return Secret(text, Provenance("env", "S"))


def values(signed, name: str) -> list[str]:
    return [value for key, value in signed.headers if key.lower() == name.lower()]
