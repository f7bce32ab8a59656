"""Made-up secrets and exchanges for the tests of redaction and of cassettes."""

from __future__ import annotations

import json
import random

from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    Response,
    Timing,
)
from harness.model.request import ProxyHop, RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret

HEX = "0123456789abcdef"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
URL = "https://api.deepseek.com/chat/completions"


def made_up(seed: int, length: int = 32, alphabet: str = HEX, prefix: str = "sk-") -> str:
    """Return a key that looks real; its last four characters hold a letter and a digit."""
    rng = random.Random(seed)
    while True:
        body = "".join(rng.choice(alphabet) for _ in range(length))
        tail = body[-4:]
        if any(map(str.isdigit, tail)) and any(map(str.isalpha, tail)):
            return prefix + body


def secret(value: str, place: str = "DEEPSEEK_API_KEY") -> Secret:
    return Secret(value, Provenance("env", place))


def deepseek_body(tail: str) -> bytes:
    """Return DeepSeek's answer to an unknown key, as it has been since October 2026."""
    message = (
        f"Authentication Fails, Your api key: ****{tail} is invalid"
        " (request_id: 2c3b7d7e-9a40-4f0c-8f0e-0b7a6c1d2e3f)"
    )
    error = {"message": message, "type": "authentication_error", "param": None}
    return json.dumps({"error": {**error, "code": "invalid_request_error"}}).encode()


def exchange(
    key: str = "",
    *,
    variant: str = "baseline",
    sequence: int = 1,
    method: str = "POST",
    url: str = URL,
    headers: tuple[tuple[str, str], ...] | None = None,
    sent: tuple[tuple[str, str], ...] | None = None,
    body: bytes | None = b'{"model":"deepseek-chat"}',
    proxy: ProxyHop | None = None,
    status: int = 401,
    reason: str = "Authorization Required",
    response_headers: tuple[tuple[str, str], ...] = (),
    response_body: bytes = b"Authentication Fails (governor)",
    failure: Failure | None = None,
    from_proxy: bool = False,
    truncated: bool = False,
) -> Exchange:
    if headers is None:
        headers = (("Authorization", f"Bearer {key}"), ("Content-Type", "application/json"))
    response = Response(status, reason, response_headers, response_body, truncated, from_proxy)
    return Exchange(
        ExchangeKey(variant),
        sequence,
        SignedRequest(
            method=method,
            url=url,
            headers=headers,
            body=body,
            proxy=proxy,
            client="aiohttp",
            redirects=RedirectPolicy(),
            timeout_seconds=3.0,
        ),
        Attempt(
            Timing(1_763_000_000.25, 0.125),
            headers if sent is None else sent,
            None if failure else response,
            failure,
        ),
        {"key": secret(key)} if key else {},
    )
