"""Which algorithms sign a JSON Web Token (RFC 7518, section 3.1; RFC 8037), and with what keys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class KeyKind(StrEnum):
    """What an algorithm signs with: a shared secret, or a private key in PEM."""

    SHARED = "a shared secret"
    RSA = "an RSA private key in PEM"
    EC = "an EC private key in PEM"
    ED25519 = "an Ed25519 private key in PEM"


JWT_ALGORITHMS: Final[Mapping[str, KeyKind]] = {
    **dict.fromkeys(("HS256", "HS384", "HS512"), KeyKind.SHARED),
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), KeyKind.RSA),
    **dict.fromkeys(("ES256", "ES384", "ES512"), KeyKind.EC),
    "EdDSA": KeyKind.ED25519,
}
"""Every algorithm that can be asked for; `none` signs nothing and is no way to get in."""
