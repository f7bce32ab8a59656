"""Secrets that nobody told us of: provider keys by their form, credentials by their name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_START = rb"(?<![A-Za-z0-9_-])"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form by which a secret is known. One of `needs` is in every text that holds it."""

    name: str
    needs: tuple[bytes, ...]
    form: re.Pattern[bytes]
    is_real: Callable[[bytes], bool]


def _anything(_token: bytes) -> bool:
    return True


def _random(token: bytes) -> bool:
    """Tell a key from a name: it has a digit and is not words and short numbers only."""
    if not re.search(rb"[0-9]", token):
        return False
    parts = re.split(rb"[-_.]", token)
    words = [part for part in parts if re.fullmatch(rb"[A-Za-z]{0,14}|[0-9]{1,6}", part)]
    return len(words) < len(parts)


def _pattern(
    name: str,
    needs: tuple[bytes, ...],
    form: bytes,
    is_real: Callable[[bytes], bool] = _random,
) -> Pattern:
    return Pattern(name, needs, re.compile(form), is_real)


PATTERNS: tuple[Pattern, ...] = (
    _pattern("an OpenAI-like key", (b"sk-",), _START + rb"sk-[A-Za-z0-9_-]{20,}"),
    _pattern("a Stripe key", (b"k_live_", b"k_test_"), _START + rb"[sr]k_(?:live|test)_\w{16,}"),
    _pattern(
        "a GitHub token",
        (b"gh", b"github_pat_"),
        _START + rb"(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{30,})",
    ),
    _pattern("a GitLab token", (b"glpat-",), _START + rb"glpat-[\w-]{20,}"),
    _pattern("a Google key", (b"AIza",), _START + rb"AIza[A-Za-z0-9_-]{35}"),
    _pattern("a Google token", (b"ya29.",), _START + rb"ya29\.[\w-]{20,}"),
    _pattern("a Groq or xAI key", (b"gsk_", b"xai-"), _START + rb"(?:gsk_|xai-)\w{24,}"),
    _pattern("a Hugging Face token", (b"hf_",), _START + rb"hf_[A-Za-z0-9]{30,}"),
    _pattern("a Perplexity key", (b"pplx-",), _START + rb"pplx-\w{24,}"),
    _pattern("an npm token", (b"npm_",), _START + rb"npm_[A-Za-z0-9]{30,}"),
    _pattern("a Slack token", (b"xox",), _START + rb"xox[abposr]-[\w-]{10,}"),
    _pattern("an AWS key id", (b"AKIA", b"ASIA"), _START + rb"(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    _pattern("a Telegram bot token", (b":",), rb"(?<![0-9A-Za-z])[0-9]{8,10}:[\w-]{35}(?![\w-])"),
    _pattern(
        "a JSON Web Token",
        (b"eyJ",),
        _START + rb"eyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]{10,}",
        _anything,
    ),
    _pattern(
        "a private key",
        (b"PRIVATE KEY-----",),
        rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----",
        _anything,
    ),
)
"""What the writer of cassettes looks for too: the redactor leaves none of these."""

_NAME = (
    rb"(?:api[-_ ]?key|secret(?:[-_ ]?(?:access[-_ ]?)?key)?|(?:access|auth|refresh|bearer|session)"
    rb"[-_ ]?token|token|passw(?:or)?d|passphrase|authorization|client[-_ ]?secret)"
)
_VALUE = rb"(?P<value>[A-Za-z0-9_+/.~=-]{20,200})"
_AFTER_A_NAME = re.compile(
    rb"(?i)(?<![A-Za-z])" + _NAME + rb"[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\[({]?[\"']?"
    rb"(?:(?:bearer|basic|token)[ \t]{1,4})?" + _VALUE
)
_SCHEME = re.compile(rb"(?i)\b(?:bearer|basic)[ \t]{1,4}" + _VALUE)
_USERINFO = re.compile(rb"://[^\s/?#@:\"'<>]{1,80}:(?P<value>[^\s/?#@\"'<>]{8,80})@")
_NAMED = (
    ("a credential by its name", (b":", b"="), _AFTER_A_NAME),
    ("a credential by its scheme", (b"earer", b"asic", b"EARER", b"ASIC"), _SCHEME),
    ("a password in a URL", (b"://",), _USERINFO),
)
_BITS_PER_CHARACTER = 3.0
_PLACEHOLDER = re.compile(rb"RDX~|^[$%{<]|\$\{|\{\{")
_NO_SECRET = re.compile(rb"(?i)https?:|example|your[-_]|xxxx|placeholder|changeme")


def provider_keys(octets: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the name, the start and the end of each provider key."""
    for pattern in PATTERNS:
        if any(need in octets for need in pattern.needs):
            for match in pattern.form.finditer(octets):
                if pattern.is_real(match[0]):
                    yield pattern.name, *match.span()


def credentials(octets: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield values that a name or a scheme gives away and that look random, as above."""
    for name, needs, form in _NAMED:
        if any(need in octets for need in needs):
            for match in form.finditer(octets):
                if _is_credential(match["value"]):
                    yield name, *match.span("value")


def _is_credential(value: bytes) -> bool:
    if _PLACEHOLDER.search(value) or _NO_SECRET.search(value) or not _random(value):
        return False
    counts = Counter(value).values()
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
    return entropy >= _BITS_PER_CHARACTER
