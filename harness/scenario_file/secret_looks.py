"""Finds text that looks like a real key, so that no message shows it and no file keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

MASK = "…"
# Public prefixes of key classes; what follows them is the secret part.
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(sk-ant-|sk-or-v1-|sk-proj-|sk-|rk-|pk-|gsk_|AIza|xai-|ghp_|gho_|ghs_|ghu_|github_pat_|glpat-"
    r"|AKIA|ASIA|xox[abprs]-|hf_|eyJ|pplx-|nvapi-|r8_|tvly-|ya29\.|sk_live_|sk_test_)"
    r"([A-Za-z0-9_\-]{12,})"
)
_RUN = re.compile(r"[A-Za-z0-9+]{24,}={0,2}")
_SEGMENT = re.compile(r"[A-Za-z0-9]+")
_MIN_PREFIXED_SEGMENT = 12
_MIN_UNMIXED_SEGMENT = 20
_MIN_DISTINCT = 8
_MIN_DIGITS = 2
_ENOUGH = 512
_MIN_CLASS_CHANGES = 6
# Names after which a value is hidden when a file is too broken to say what is what.
_NAMED = re.compile(
    r"(?i)((?:^|[\s{,\"'])(?:[\w.-]*(?:key|token|secret|password|authorization|cookie)|literal"
    r"|keys\.[\w-]+)[\"']?\s*:\s+)([^\s{\[$#&*|>].*)"
)


def looks_secret(text: str) -> bool:
    """Tell whether a text holds something that looks like a real key."""
    return next(secret_spans(text), None) is not None


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where key-like parts of a text start and end; public prefixes are not in them."""
    for match in _PREFIXED.finditer(text):
        if any(map(_is_key_part, _SEGMENT.findall(match[2][:_ENOUGH]))):
            yield match.span(2)
    for match in _RUN.finditer(text):
        if _is_random(match[0][:_ENOUGH]):
            yield match.span()


def mask_secrets(text: str) -> str:
    """Return a text of the same length in which what looks like a key is `…`."""
    return mask_spans(text, secret_spans(text))


def mask_named_values(text: str) -> str:
    """Return a text of the same length without the values of names such as `token`."""
    return _NAMED.sub(lambda match: match[1] + MASK * len(match[2]), text)


def mask_spans(text: str, spans: Iterator[tuple[int, int]]) -> str:
    """Return a text of the same length in which the spans are `…`."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * len(characters[start:end])
    return "".join(characters)


def _is_key_part(text: str) -> bool:
    """Tell a key from `sk-your-key-here` and `sk-XXXXXXXXXXXXXXXX`."""
    if len(set(text)) < _MIN_DISTINCT:
        return False
    if _is_mixed(text):
        return len(text) >= _MIN_PREFIXED_SEGMENT
    return len(text) >= _MIN_UNMIXED_SEGMENT and not text.islower()


def _is_mixed(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _is_random(text: str) -> bool:
    """Words change seldom between lower case, upper case and digits; keys do all the time."""
    kinds = [(char.isdigit(), char.isupper()) for char in text]
    changes = sum(left != right for left, right in pairwise(kinds))
    digits = sum(map(str.isdigit, text))
    return digits >= _MIN_DIGITS and changes >= _MIN_CLASS_CHANGES and _is_mixed(text)
