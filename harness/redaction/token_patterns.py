"""Find secrets that nobody told us of, by their form: provider keys, tokens, PEM, userinfo."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harness.redaction.common_values import is_common, is_wordy, looks_random

_START = r"(?<![A-Za-z0-9])"
_DIGIT = r"(?=[\w-]{0,200}\d)"  # bounded: at each of many `sk-` the rest would be read again
_PATTERNS = (
    ("jwt", re.compile(_START + r"eyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]*", re.ASCII)),
    (
        "pem",
        re.compile(
            r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
            r"(?:.*?-----END [A-Z ]{0,20}PRIVATE KEY-----|.*)",
            re.DOTALL,
        ),
    ),
    (
        "",
        re.compile(
            _START + _DIGIT + r"(?:sk-(?:ant-|proj-|or-v1-|svcacct-)?[\w-]{16,}"
            r"|[sr]k_(?:live|test)_\w{10,}|gsk_\w{20,}|xai-\w{20,}|pplx-\w{20,}|hf_\w{20,}|gh[pousr]_\w{30,}|github_pat_\w{30,}"
            r"|glpat-[\w-]{20,}|npm_\w{30,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|xox[abposr]-[\w-]{10,}"
            r"|(?:AKIA|ASIA)[0-9A-Z]{16})",
            re.ASCII,
        ),
    ),
    ("bot", re.compile(r"(?<![0-9])[0-9]{8,10}:[\w-]{35}(?![\w-])", re.ASCII)),
)
_AFTER_A_NAME = (
    ("", re.compile(r"\bBearer[ \t]+(?P<value>[A-Za-z0-9._~+/=-]{12,})", re.IGNORECASE)),
    ("basic", re.compile(r"\bBasic[ \t]+(?P<value>[A-Za-z0-9+/_-]{8,}={0,2})", re.IGNORECASE)),
    (
        "",
        re.compile(
            r"\b(?:proxy-authorization|authorization|x-api-key|api-key|x-goog-api-key|x-auth-token)"
            r"[\"']?[ \t]*[:=][ \t]*[\"']?(?P<value>[A-Za-z0-9._~+/=-]{8,})",
            re.IGNORECASE,
        ),
    ),
    (
        "",
        re.compile(
            r"[?&;](?:key|api[-_]?key|access[-_]?token|refresh[-_]?token|id[-_]?token|token|code"
            r"|client[-_]secret|secret|password|sig|signature|x-amz-signature|x-amz-security-token)"
            r"=(?P<value>[^&;\s\"'<>#]{4,})",
            re.IGNORECASE,
        ),
    ),
)
_USERINFO = re.compile(r"://(?P<user>[^\s/?#@:\"'<>]*)(?::(?P<password>[^\s/?#@\"'<>]*))?@")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_PUBLIC_ID = re.compile(
    r"(?:chatcmpl|cmpl|gen|req|msg|resp|call|run|thread|file|fp|asst|batch|rs|request)[-_]",
    re.IGNORECASE,
)
_BITS_PER_CHARACTER = 4.0
_SHORTEST_RUN = 24
_BETWEEN_SLASHES = re.compile(r"[^/]+")
_PATH_WORD = re.compile(r"[a-z]{3,14}|v[0-9]{1,2}")


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A stretch of text that is a secret by its form."""

    start: int
    end: int
    kind: str
    place: str


def find_tokens(text: str) -> Iterator[Finding]:
    """Yield what is a secret by its own form or by the name right before it."""
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), kind, "a token in a text")
    for kind, pattern in _AFTER_A_NAME:
        for match in pattern.finditer(text):
            if _is_value(match["value"]):
                yield Finding(*match.span("value"), kind, "a named value in a text")
    for match in _USERINFO.finditer(text):
        alone = match["password"] is None
        for group, kind in (("user", "pw" if alone else "user"), ("password", "pw")):
            if match[group] and not match[group].startswith("${"):
                yield Finding(*match.span(group), kind, "userinfo in a text")


def find_random_runs(text: str) -> Iterator[Finding]:
    """Yield long runs that look drawn at random; ids and digests in hex are none."""
    for match in _LONG_TOKEN.finditer(text):
        is_path = any(map(_PATH_WORD.fullmatch, match[0].split("/")))
        runs = _BETWEEN_SLASHES.finditer(text, *match.span()) if is_path else iter([match])
        for run in runs:
            if _is_random_run(run[0]):
                yield Finding(*run.span(), "", "a random run in a text")


def _is_value(value: str) -> bool:
    return not is_common(value) and not is_wordy(value) and any(map(str.isalnum, value))


def _is_random_run(run: str) -> bool:
    if len(run) < _SHORTEST_RUN or _PUBLIC_ID.match(run) or not looks_random(run):
        return False
    mixed = all(re.search(kind, run) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return mixed and _entropy(run) >= _BITS_PER_CHARACTER


def _entropy(run: str) -> float:
    """Return Shannon's entropy in bits per character."""
    counts = Counter(run).values()
    return -sum(count / len(run) * math.log2(count / len(run)) for count in counts)
