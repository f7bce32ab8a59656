"""An HMAC over a text that the scenario describes."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import formatdate

from harness.model.secret import Secret
from harness.model.signature import HmacSign, Message, MessageField
from harness.model.template import KeyReference, Template
from harness.signing.draft import Draft
from harness.signing.fill import fill
from harness.signing.secret_bytes import secret_bytes
from harness.signing.target import body_sha256, target_of

_TIMESTAMPS: Mapping[str, Callable[[float], str]] = {
    "s": lambda now: str(int(now)),
    "ms": lambda now: str(int(now * 1000)),
    "rfc3339": lambda now: f"{datetime.fromtimestamp(int(now), UTC):%Y-%m-%dT%H:%M:%SZ}",
    "http-date": lambda now: formatdate(int(now), usegmt=True),
}


def sign_hmac(
    draft: Draft, sign: HmacSign, secret: Secret, named: Mapping[str, Secret], now: float
) -> Draft:
    """Set the signature's header, and that of its time (RFC 2104).

    Raises:
        SourceError: the secret is not of the encoding that the scenario says.
    """
    timestamp = _TIMESTAMPS[sign.timestamp_format](now)
    if sign.timestamp_header is not None:
        draft = draft.with_plain_header(sign.timestamp_header, timestamp)
    key = secret_bytes(secret, sign.secret_encoding)
    text = _filled(sign.message, _fields_of(draft, timestamp), named)
    digest = hmac.new(key, text, sign.algorithm).digest()
    signature = base64.b64encode(digest).decode() if sign.encoding == "base64" else digest.hex()
    around = {"signature": signature, "timestamp": timestamp}
    value = _filled(sign.value, lambda name: around[name].encode(), named)
    return draft.with_header(sign.header, value.decode("utf-8", "surrogateescape"))


def _fields_of(draft: Draft, timestamp: str) -> Callable[[str], bytes]:
    target = target_of(draft)
    known: dict[str, str] = {
        "method": draft.method,
        "host": target.authority,
        "path": target.path,
        "query": target.query or "",
        "target": target.request_target,
        "url": draft.url.partition("#")[0],
        "timestamp": timestamp,
        "body_sha256": body_sha256(draft),
    }

    def value(name: str) -> bytes:
        if name == "body":
            return draft.body or b""
        if name.startswith("header."):
            return _bytes(draft.header(name.removeprefix("header.")) or "")
        return _bytes(known[name])

    return value


def _filled(
    message: Message, value_of: Callable[[str], bytes], named: Mapping[str, Secret]
) -> bytes:
    """Return the bytes to sign: a body may be no text, so all is joined as bytes."""
    written: list[bytes] = []
    for part in message.parts:
        match part:
            case MessageField(name):
                written.append(value_of(name))
            case KeyReference():
                written.append(_bytes(fill(Template((part,)), named)))
            case _:
                written.append(_bytes(part))
    return b"".join(written)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
