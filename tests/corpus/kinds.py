"""Secrets of every kind, made from a seed: the repository holds none that looks real."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable

_HEX = "0123456789abcdef"
_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE62 = _DIGITS + _UPPER + _UPPER.lower()
_URL = _BASE62 + "-_"
_SIGNS = _BASE62 + "!#%&()*+,-./:;<=>?@[]^_{|}~"

Make = Callable[[random.Random], str]


def _drawn(rng: random.Random, alphabet: str, length: int) -> str:
    while True:
        text = "".join(rng.choices(alphabet, k=length))
        if any(map(str.isdigit, text)) and any(map(str.isalpha, text[-4:])):
            return text


def _prefixed(prefix: str, alphabet: str, length: int) -> Make:
    return lambda rng: prefix + _drawn(rng, alphabet, length)


def _part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def _token(rng: random.Random) -> str:
    claims = {
        "sub": _drawn(rng, _BASE62, 12),
        "email": f"{_drawn(rng, _HEX, 9)}@example.com",
        "iat": 1_763_000_000,
        "exp": 1_763_003_600,
    }
    return f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}.{_drawn(rng, _URL, 43)}"


def _pem(rng: random.Random) -> str:
    lines = "\n".join(_drawn(rng, _BASE62 + "+/", 64) for _ in range(4))
    kind = "PRIVATE KEY"
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"


ONE_LINE: dict[str, Make] = {
    "sk": _prefixed("sk-", _HEX, 32),
    "sk-proj": _prefixed("sk-proj-", _URL, 74),
    "sk-ant": _prefixed("sk-ant-api03-", _URL, 60),
    "sk-or": _prefixed("sk-or-v1-", _HEX, 64),
    "AIza": _prefixed("AIza", _URL, 35),
    "ghp": _prefixed("ghp_", _BASE62, 36),
    "glpat": _prefixed("glpat-", _URL, 20),
    "xoxb": _prefixed("xoxb-", _DIGITS + "-" + _BASE62, 40),
    "sk_live": _prefixed("sk_" + "live_", _BASE62, 24),
    "AKIA": _prefixed("AKIA", _UPPER + "234567", 16),
    "AWS secret": _prefixed("", _BASE62 + "+/", 40),
    "jwt": _token,
    "b62 of 20": _prefixed("", _BASE62, 20),
    "b62 of 48": _prefixed("", _BASE62, 48),
    "hex of 64": _prefixed("", _HEX, 64),
    "base64": lambda rng: base64.b64encode(rng.randbytes(32)).decode(),
    "signs": _prefixed("", _SIGNS, 18),
    "letters": lambda rng: "".join(rng.choices(_UPPER + _UPPER.lower(), k=24)),
    "Telegram": lambda rng: f"{rng.randrange(10**8, 10**9)}:{_drawn(rng, _URL, 35)}",
    "accents": lambda rng: f"pä{_drawn(rng, _BASE62, 6)}ßé{_drawn(rng, _BASE62, 6)}",
    "words": lambda rng: "-".join("".join(rng.choices(_UPPER.lower(), k=6)) for _ in range(4)),
}
"""Kinds that fit in one header line."""

ANY: dict[str, Make] = {
    **ONE_LINE,
    "CJK": lambda rng: "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(12)),
    "LF": lambda rng: f"sk-{_drawn(rng, _HEX, 32)}\n",
    "quoted": lambda rng: f'"sk-{_drawn(rng, _HEX, 32)}"',
    "spaces": lambda rng: " ".join(_drawn(rng, _BASE62, 7) for _ in range(4)),
    "PEM": _pem,
}


def made(kind: str, seed: object) -> str:
    """Return the secret of this kind and seed."""
    return ANY[kind](random.Random(f"corpus {kind} {seed}"))
