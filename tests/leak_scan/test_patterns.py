"""Provider keys and credentials are known by their form; ids, digests and pictures are not."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid
from collections.abc import Callable

import pytest
from redaction.samples import BASE62, HEX, made_up

from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.patterns import PATTERNS, credentials, provider_keys
from harness.leak_scan.searcher import Searcher, Unknown

B64U = BASE62 + "-_"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
KEYS = [
    ("an OpenAI-like key", made_up(1)),
    ("an OpenAI-like key", made_up(2, 90, B64U, "sk-ant-api03-")),
    ("a Stripe key", made_up(3, 24, BASE62, "sk_" + "live_")),
    ("a GitHub token", made_up(4, 36, BASE62, "ghp_")),
    ("a GitHub token", made_up(5, 60, BASE62, "github_" + "pat_")),
    ("a GitLab token", made_up(6, 20, BASE62, "glpat-")),
    ("a Google key", made_up(7, 35, BASE62, "AIza")),
    ("a Google token", made_up(8, 60, BASE62, "ya29.")),
    ("a Groq or xAI key", made_up(9, 48, BASE62, "gsk_")),
    ("a Groq or xAI key", made_up(10, 60, BASE62, "xai-")),
    ("a Hugging Face token", made_up(11, 34, BASE62, "hf_")),
    ("a Perplexity key", made_up(12, 40, HEX, "pplx-")),
    ("an npm token", made_up(13, 36, BASE62, "npm_")),
    ("a Slack token", made_up(14, 24, BASE62, "xoxb-")),
    ("an AWS key id", made_up(15, 16, CAPITALS, "AKIA")),
    ("a Telegram bot token", made_up(16, 35, BASE62, "123456789:")),
    ("a JSON Web Token", f"eyJ{'a' * 12}.eyJ{'b' * 12}.{'c' * 12}"),
    ("a private key", "-----BEGIN " + "EC PRIVATE KEY-----"),
]


def names(found: Callable[..., object], text: str) -> list[str]:
    return [name for name, _, _ in found(text.encode())]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "key"), KEYS, ids=[name for name, _ in KEYS])
def test_a_key_of_each_provider_is_found(name: str, key: str) -> None:
    assert names(provider_keys, f'a "{key}" b, {key}') == [name, name]


def test_each_pattern_has_an_example() -> None:
    assert {name for name, _ in KEYS} == {pattern.name for pattern in PATTERNS}


@pytest.mark.parametrize(
    "text",
    [
        "sk-fading-circle-animation-12 sk-learn-contrib-extensions-2025",
        "task-0123456789abcdef0123456789 and sk-...",
        "ghp_short AKIA1234 xoxb-your-token-here",
        "RDX~s1.sk.L35.Chex~ RDX~s2.ghp.L40.Cb62.wtdq1~",
        "12:34:56 1795341128:7",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_what_looks_a_little_like_a_key_is_none(text: str) -> None:
    assert names(provider_keys, text) == []


SECRET = made_up(20, 32, BASE62, "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f'"api_key": "{SECRET}"', "a credential by its name"),
        (f"API-KEY={SECRET}", "a credential by its name"),
        (f"password: '{SECRET}'", "a credential by its name"),
        (f"Authorization: token {SECRET}", "a credential by its name"),
        (f'["Authorization", "Bearer {SECRET}"]', "a credential by its scheme"),
        (f"https://me:{SECRET}@example.org/", "a password in a URL"),
    ],
)
def test_a_credential_is_found_by_what_stands_before_it(text: str, name: str) -> None:
    assert names(credentials, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        f"id={SECRET} monkey: {SECRET}",
        "api_key: ${DEEPSEEK_API_KEY_OF_MINE_2}",
        "token: your-token-0123456789abcdef",
        "Authorization: Bearer RDX~s1.sk.L35.Chex~",
        "password: correct-horse-battery-staple",
        "token=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1111111111",
        "http://user:{password}@host/",
    ],
)
def test_what_is_no_credential(text: str) -> None:
    assert names(credentials, text) == []


def benign(number: int) -> str:
    """Return one of 200 texts that a person may publish: ten kinds, twenty of each."""
    rng = random.Random(number)
    data = rng.randbytes(400)
    digest = hashlib.sha256(data).hexdigest()
    made_id = str(uuid.UUID(bytes=rng.randbytes(16)))
    stamp = f"2025-{rng.randint(10, 12)}-{rng.randint(10, 28)}T{rng.randint(10, 23)}:11:12.345Z"
    kinds = (
        json.dumps({"id": f"chatcmpl-{''.join(rng.choices(BASE62, k=29))}", "created": 1763000000}),
        json.dumps({"request_id": made_id, "x-ds-trace-id": rng.randbytes(16).hex()}),
        f'sha256:{digest}  dist/package-1.2.{number}.tar.gz\nETag: W/"{digest[:32]}"',
        f"integrity sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}",
        f"[{stamp}] INFO worker-{number} took {rng.random():.6f}s, next at {stamp}",
        f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">',
        f"commit {rng.randbytes(20).hex()}\nAuthor: A <a@example.org>\nDate: {stamp}",
        f"!function(e,t){{var n=e.k||{{}},r={list(data[:60])};n.token=t}}(this,0);",
        json.dumps({"prompt_tokens": number, "max_tokens": 4096, "token_type": "bearer"}),
        f"set-cookie: RDX~s{number}.cookie.L32.Cb62~; Path=/; cf-ray: {rng.randbytes(8).hex()}-FRA",
    )
    return kinds[number % len(kinds)]


@pytest.mark.parametrize("number", range(200))
def test_benign_texts_give_no_alarm(number: int) -> None:
    searcher = Searcher(KnownSecrets(), Unknown.CREDENTIALS_TOO)
    searched = searcher.search(benign(number).encode())
    assert (searched.hits, searched.not_scanned) == ((), ())
