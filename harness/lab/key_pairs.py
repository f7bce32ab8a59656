"""Private keys in PEM, for tokens that no shared secret signs, and what checks these."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from harness.model.jwt_algorithms import JWT_ALGORITHMS, KeyKind

_CURVES: Mapping[str, ec.EllipticCurve] = {
    "ES256": ec.SECP256R1(),
    "ES384": ec.SECP384R1(),
    "ES512": ec.SECP521R1(),
}
_RSA_BITS = 2048
_PEM = "-----BEGIN "


def make_private_key(algorithm: str) -> str:
    """Make a private key of the kind that the algorithm needs."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    match JWT_ALGORITHMS[algorithm]:
        case KeyKind.RSA:
            key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
        case KeyKind.EC:
            key = ec.generate_private_key(_CURVES[algorithm])
        case KeyKind.ED25519:
            key = ed25519.Ed25519PrivateKey.generate()
        case KeyKind.SHARED:
            raise ValueError(f"{algorithm} is signed with a shared secret")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def checking_key(secret: str) -> tuple[str, tuple[str, ...]]:
    """Return what checks a signature made with `secret`, and the algorithms it may be of."""
    if not secret.startswith(_PEM):
        return secret, _of(KeyKind.SHARED)
    private = load_pem_private_key(secret.encode("ascii"), None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(private, rsa.RSAPrivateKey):
        kind = KeyKind.RSA
    elif isinstance(private, ec.EllipticCurvePrivateKey):
        kind = KeyKind.EC
    else:
        kind = KeyKind.ED25519
    return public.decode("ascii"), _of(kind)


def _of(kind: KeyKind) -> tuple[str, ...]:
    return tuple(name for name, needed in JWT_ALGORITHMS.items() if needed is kind)
