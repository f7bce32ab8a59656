"""What class of key a text is: its public prefix and its alphabet."""

from __future__ import annotations

import re

_KIND_BY_PREFIX = {
    "sk-ant-oat01-": "sk-ant-oat01",
    "sk-ant-": "sk-ant",
    "sk-proj-": "sk-proj",
    "sk-svcacct-": "sk-svcacct",
    "sk-or-v1-": "sk-or-v1",
    "sk_live_": "sk_live",
    "rk_live_": "rk_live",
    "github_pat_": "github_pat",
    "sk-": "sk",
    "gsk_": "gsk",
    "xai-": "xai",
    "AIza": "AIza",
    "ghp_": "ghp",
    "gho_": "gho",
    "ghu_": "ghu",
    "ghs_": "ghs",
    "ghr_": "ghr",
    "glpat-": "glpat",
    "pplx-": "pplx",
    "npm_": "npm",
    "hf_": "hf",
    "AKIA": "AKIA",
    "ASIA": "ASIA",
    "ya29.": "ya29",
    "xoxb-": "xoxb",
    "xoxp-": "xoxp",
}
_PREFIX = re.compile("|".join(map(re.escape, sorted(_KIND_BY_PREFIX, key=len, reverse=True))))

_ALPHABETS = (
    ("dec", re.compile(r"[0-9]+")),
    ("hex", re.compile(r"[0-9a-f]+")),
    ("HEX", re.compile(r"[0-9A-F]+")),
    ("b62", re.compile(r"[0-9A-Za-z]+")),
    ("b64u", re.compile(r"[0-9A-Za-z_-]+=*")),
    ("b64", re.compile(r"[0-9A-Za-z+/]+=*")),
    ("ascii", re.compile(r"[\x00-\x7f]+")),
    ("bytes", re.compile(r".*[\ud800-\udfff].*", re.DOTALL)),
)
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]*", re.ASCII)


def public_prefix(text: str) -> str:
    """Return the longest public key prefix that `text` begins with, or ""."""
    match = _PREFIX.match(text)
    return match[0] if match else ""


def prefix_of_kind(kind: str) -> str:
    """Return the public prefix that a placeholder's kind stands for, or ""."""
    return next((prefix for prefix, name in _KIND_BY_PREFIX.items() if name == kind), "")


def kind_of(text: str) -> str:
    """Return the placeholder kind of a key-like text: by prefix, `jwt`, `pem` or ""."""
    if _JWT.fullmatch(text):
        return "jwt"
    if text.startswith("-----BEGIN "):
        return "pem"
    return _KIND_BY_PREFIX.get(public_prefix(text), "")


def charset_of(text: str) -> str:
    """Return the narrowest alphabet that holds `text` after its public prefix; "" if empty."""
    rest = text[len(public_prefix(text)) :]
    if not rest:
        return ""
    return next((name for name, alphabet in _ALPHABETS if alphabet.fullmatch(rest)), "unicode")
