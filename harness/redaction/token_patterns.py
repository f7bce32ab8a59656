"""Find secrets that nobody told us of, by their form: provider keys, tokens, PEM, userinfo."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harness.redaction.common_values import is_common, is_wordy, looks_random
from harness.redaction.lower_case import lowered

_START = r"(?<![A-Za-z0-9])"
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class _Form:
    """A pattern, and the texts of which one is there when it can match: to look is cheap.

    A pattern in lower case is for the text in lower case.
    """

    kind: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]


_PREFIXES = (
    *("sk-", "k_live_", "k_test_", "gsk_", "xai-", "pplx-", "hf_", "ghp_", "gho_", "ghu_", "ghs_"),
    *("ghr_", "github_pat_", "glpat-", "npm_", "AIza", "ya29.", "xox", "AKIA", "ASIA"),
)
_PATTERNS = (
    # The first part is bounded, as a text may begin one everywhere.
    _Form("jwt", re.compile(_START + r"eyJ[\w-]{8,600}\.[\w-]{2,}\.[\w-]*", re.ASCII), ("eyJ",)),
    _Form(
        "pem",
        re.compile(
            r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
            r"(?:.*?-----END [A-Z ]{0,20}PRIVATE KEY-----|.*)",
            re.DOTALL,
        ),
        ("-----BEGIN ",),
    ),
    _Form(
        "",
        re.compile(
            _START + r"(?:sk-(?:ant-|proj-|or-v1-|svcacct-)?[\w-]{16,}"
            r"|[sr]k_(?:live|test)_\w{10,}|gsk_\w{20,}|xai-\w{20,}|pplx-\w{20,}|hf_\w{20,}"
            r"|gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|npm_\w{30,}|AIza[\w-]{30,}"
            r"|ya29\.[\w-]{20,}|xox[abposr]-[\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16})",
            re.ASCII,
        ),
        _PREFIXES,
    ),
)
_BOT = re.compile(r":(?<=[0-9]{8}:)[\w-]{35}(?![\w-])", re.ASCII)
_BOT_ID = re.compile(r"(?<![0-9])[0-9]{8,10}$")
_AFTER_A_NAME = (
    _Form("", re.compile(r"bearer[ \t]+(?P<value>[a-z0-9._~+/=-]{12,})"), ("bearer",)),
    _Form("basic", re.compile(r"basic[ \t]+(?P<value>[a-z0-9+/_-]{8,}={0,2})"), ("basic",)),
    _Form(
        "",
        re.compile(
            r"(?:authorization|api-key|auth-token)"
            r"[\"']?[ \t]*[:=][ \t]*[\"']?(?P<value>[a-z0-9._~+/=-]{8,})"
        ),
        ("authorization", "api-key", "auth-token"),
    ),
    _Form(
        "",
        re.compile(
            r"[?&;](?:key|api[-_]?key|access[-_]?token|refresh[-_]?token|id[-_]?token|token|code"
            r"|client[-_]secret|secret|password|sig|signature|x-amz-signature|x-amz-security-token)"
            r"=(?P<value>[^&;\s\"'<>#]{4,})"
        ),
        ("key=", "token=", "code=", "secret=", "password=", "sig=", "signature="),
    ),
    _Form(
        "",
        re.compile(
            r"<(?:[a-z0-9]{1,20}:)?(?:password|passwd|secret|token|apikey|accesstoken)"
            r"(?: [^<>]{0,200})?>(?P<value>[^<>\s]{6,})<"
        ),
        ("<",),
    ),
)
_ASSIGNED = (
    r"(?:[\"']?[ \t]*(?::|=>?)[ \t]*[\"']?|[\"'] (?:value|content)=[\"'])"
    r"(?P<value>[^\s\"'<>&;,(){}\[\]]{8,})"
)
_OF_A_TOKEN = re.compile(r"(?:access|refresh|id|auth|session|api|client|csrf|xsrf)[-_]?$")
_OF_A_KEY = re.compile(r"(?:api|access|private|secret|client)[-_]?$")
_ASSIGNMENTS = tuple(
    # Each begins with a plain word, which is found fast; what stands before is looked at then.
    (re.compile(word + _ASSIGNED), before)
    for word, before in (
        ("password", None),
        ("passwd", None),
        ("passphrase", None),
        (r"secret(?:[-_]?(?:access)?[-_]?(?:key|token))?", None),
        ("token", _OF_A_TOKEN),
        ("key", _OF_A_KEY),
        ("session[-_]?id", None),
    )
)
_LONGEST_BEFORE = 10
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
    yield from _by_form(text)
    yield from _by_name(text, lowered(text))
    for match in _USERINFO.finditer(text):
        alone = match["password"] is None
        for group, kind in (("user", "pw" if alone else "user"), ("password", "pw")):
            if match[group] and not match[group].startswith("${"):
                yield Finding(*match.span(group), kind, "userinfo in a text")


def _by_form(text: str) -> Iterator[Finding]:
    for form in _PATTERNS:
        if any(sign in text for sign in form.signs):
            for match in form.pattern.finditer(text):
                if form.kind or _DIGIT.search(match[0]):
                    yield Finding(*match.span(), form.kind, "a token in a text")
    for match in _BOT.finditer(text):
        if name := _BOT_ID.search(text, max(0, match.start() - 11), match.start()):
            yield Finding(name.start(), match.end(), "bot", "a token in a text")


def _by_name(text: str, lower: str) -> Iterator[Finding]:
    for kind, match in _named_values(lower):
        start, end = match.span("value")
        if _is_value(text[start:end]):
            yield Finding(start, end, kind, "a named value in a text")


def _named_values(lower: str) -> Iterator[tuple[str, re.Match[str]]]:
    for form in _AFTER_A_NAME:
        if any(sign in lower for sign in form.signs):
            yield from ((form.kind, match) for match in form.pattern.finditer(lower))
    for pattern, before in _ASSIGNMENTS:
        for match in pattern.finditer(lower):
            start = match.start()
            if before is None or before.search(lower, max(0, start - _LONGEST_BEFORE), start):
                yield "", match


def find_random_runs(text: str) -> Iterator[Finding]:
    """Yield long runs that look drawn at random; ids and digests in hex are none."""
    for match in _LONG_TOKEN.finditer(text):
        parts = [part for part in match[0].split("/") if part]
        is_path = 3 * sum(map(bool, map(_PATH_WORD.fullmatch, parts))) >= len(parts)
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
