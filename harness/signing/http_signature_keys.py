"""The algorithms of HTTP message signatures (RFC 9421, section 3.3)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from harness.errors import SourceError
from harness.model.secret import Secret
from harness.signing.secret_bytes import secret_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


def signature_of(base: bytes, algorithm: str, secret: Secret, encoding: str) -> bytes:
    """Return the signature of `base`; every algorithm but HMAC takes a private key as PEM.

    Raises:
        SourceError: the secret is no key for this algorithm.
    """
    if algorithm == "hmac-sha256":
        return hmac.digest(secret_bytes(secret, encoding), base, "sha256")
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(secret.to_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        signature = None
    else:
        signature = _asymmetric(base, algorithm, key)
    if signature is None:
        raise SourceError(
            f"cannot sign with {algorithm} and the secret from {secret.provenance}",
            hint="the algorithm needs a private key of its own kind, as PEM without a passphrase",
        ) from None
    return signature


def _asymmetric(base: bytes, algorithm: str, key: PrivateKeyTypes) -> bytes | None:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 - heavy
        ec,
        ed25519,
        padding,
        rsa,
    )

    sha512 = hashes.SHA512()
    match algorithm, key:
        case "ed25519", ed25519.Ed25519PrivateKey():
            return key.sign(base)
        case "ecdsa-p256-sha256", ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return _fixed_width(key.sign(base, ec.ECDSA(hashes.SHA256())))
        case "rsa-v1_5-sha256", rsa.RSAPrivateKey():
            return key.sign(base, padding.PKCS1v15(), hashes.SHA256())
        case "rsa-pss-sha512", rsa.RSAPrivateKey():
            salt = padding.PSS(padding.MGF1(sha512), sha512.digest_size)
            return key.sign(base, salt, sha512)
        case _:
            return None


def _fixed_width(der: bytes) -> bytes:
    """Return r and s side by side, 32 bytes each, as the RFC wants them (section 3.3.4)."""
    from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415 - heavy
        decode_dss_signature,
    )

    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
