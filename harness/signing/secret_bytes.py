"""The bytes that a secret's text stands for."""

from __future__ import annotations

import base64
import binascii

from harness.errors import SourceError
from harness.model.secret import Secret


def secret_bytes(secret: Secret, encoding: str) -> bytes:
    """Return the bytes of a secret whose text is of one of the model's `SECRET_ENCODINGS`.

    Raises:
        SourceError: the text is not of that encoding.
    """
    try:
        match encoding:
            case "base64":
                return base64.b64decode(secret.to_bytes(), validate=True)
            case "hex":
                return binascii.unhexlify(secret.to_bytes())
            case _:
                return secret.to_bytes()
    except (binascii.Error, ValueError):
        raise SourceError(
            f"cannot sign: the secret from {secret.provenance} is not {encoding}",
            hint="is it whole, without spaces or line breaks around it?",
        ) from None
