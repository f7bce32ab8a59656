"""What an answer says: its message, and which kind of refusal its words are.

Words are matched, not parsed: each list holds what providers were seen to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from harness.model.exchange import RedactedResponse
from harness.redaction.placeholder import Placeholder, parse_placeholder, split_placeholders

LONGEST_MESSAGE = 200
"""Characters of a server's message that an explanation quotes."""

_NO_CREDENTIAL = (
    "authentication fails (governor)",
    "missing authentication header",
    "missing authorization",
    "authorization header missing",
    "authorization header was not present",
    "no auth credentials found",
    "you didn't provide an api key",
    "no api key provided",
    "no api key passed",
    "missing api key",
    "api-key header is required",
    "please carry the api secret key",
    "未收到authorization",
)
_BAD_KEY = (
    "is invalid",
    "invalid api key",
    "invalid api-key",
    "invalid x-api-key",
    "invalid bearer token",
    "invalid authentication",
    "invalid_token",
    "invalid proxy server token",
    "virtual key expected",
    "incorrect api key",
    "api key not valid",
    "no such user",
    "user not found",
    "bad credentials",
)
_ENDED_KEY = ("revoked", "deactivated", "has been deleted", "has been disabled", "key has expired")
_RATE_LIMIT = ("rate limit", "rate_limit", "ratelimit", "too many requests", "quota exceeded")
_MODEL = ("model names are", "model not exist", "model_not_found", "unknown model", "invalid model")
_EXPIRED = ("expired", "'exp'", '"exp"', "已过期")
_NOT_YET = ("not yet valid", "immature", "in the future", "'nbf'", "'iat'", "not before")
_SIGNATURE_TIME = (
    *("signature expired", "signature not yet current", "requesttimetooskewed"),
    *("signatureexpire", "too skewed"),
)
_NOT_SIGNED = ("headersnotsigned", "which were not signed", "must be a 'signedheader'")
_SCOPE = ("credential should be scoped",)


_PARTS = {"t": "last", "h": "first", "p": "some"}


def message_of(answer: RedactedResponse | None) -> str:
    """Return the server's own words, the most telling first; "" when it says nothing."""
    if answer is None:
        return ""
    challenge = _header(answer, "www-authenticate")
    text = (
        _described(challenge)
        or _json_message(answer.body)
        or _html_title(answer.body)
        or _plain_text(answer.body)
        or challenge
    )
    text = " ".join(_with_placeholders_in_words(text).split())
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def lacks_credential(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that it got no credential at all."""
    return _says(answer, _NO_CREDENTIAL)


def challenges_only(answer: RedactedResponse | None) -> bool:
    """Tell whether there is a challenge without an error, RFC 6750's sign of no credential."""
    if answer is None or rejects_key(answer):
        return False
    challenge = _header(answer, "www-authenticate")
    return bool(challenge) and "error" not in challenge.lower()


def rejects_key(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that it got a key, and that the key is bad."""
    return _says(answer, _BAD_KEY)


def says_key_ended(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that the key was good once."""
    return _says(answer, _ENDED_KEY)


def speaks_of_rate(answer: RedactedResponse | None) -> bool:
    """Tell whether the answer is about too many requests, whatever its status."""
    if answer is None:
        return False
    remaining = _header(answer, "x-ratelimit-remaining") or _header(
        answer, "x-ratelimit-remaining-requests"
    )
    return _says(answer, _RATE_LIMIT) or remaining.strip() == "0"


def speaks_of_model(answer: RedactedResponse | None) -> bool:
    """Tell whether the server complains of the model's name."""
    return _says(answer, _MODEL)


def says_expired(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that the token's time is over."""
    return _says(answer, _EXPIRED)


def says_not_yet_valid(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that the token's time has not come."""
    return _says(answer, _NOT_YET)


def says_signature_time(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that a signature's time is out of its window."""
    return _says(answer, _SIGNATURE_TIME)


def says_not_signed(answer: RedactedResponse | None) -> bool:
    """Tell whether the server misses a header in the set of those that are signed."""
    return _says(answer, _NOT_SIGNED)


def says_scope(answer: RedactedResponse | None) -> bool:
    """Tell whether the server says that a signature is for another region or service."""
    return _says(answer, _SCOPE)


def same_answer(one: RedactedResponse | None, other: RedactedResponse | None) -> bool:
    """Tell whether two answers have the same status and the same words."""
    if one is None or other is None:
        return False
    return (one.status, message_of(one)) == (other.status, message_of(other))


def status_words(answer: RedactedResponse | None) -> str:
    """Return the status with its reason, such as `401 Unauthorized`."""
    if answer is None:
        return "no answer"
    return f"{answer.status} {answer.reason}".strip()


def quoted(message: str) -> str:
    """Return a server's words in quotes, or say that there are none."""
    return f'"{message}"' if message else "nothing more"


def _with_placeholders_in_words(text: str) -> str:
    parts = split_placeholders(text)
    for index in range(1, len(parts), 2):
        parts[index] = _in_words(parse_placeholder(parts[index]), parts[index])
    return "".join(parts)


def _in_words(placeholder: Placeholder | None, text: str) -> str:
    if placeholder is None:
        return text
    part = _PARTS.get(placeholder.part[:1], "")
    size = f"{part} {placeholder.part[1:]} of " if part else ""
    return f"<{size}{placeholder.id}>"


def _says(answer: RedactedResponse | None, phrases: Iterable[str]) -> bool:
    if answer is None:
        return False
    text = f"{answer.body}\n{_header(answer, 'www-authenticate')}".lower()
    return any(phrase in text for phrase in phrases)


def _header(answer: RedactedResponse, name: str) -> str:
    return ", ".join(value for key, value in answer.headers if key.lower() == name)


def _described(challenge: str) -> str:
    """Return `error_description` of a challenge (RFC 6750, section 3)."""
    _, found, rest = challenge.partition('error_description="')
    return rest.partition('"')[0] if found else ""


def _json_message(body: str) -> str:
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return _message_in(document)


def _message_in(document: object) -> str:
    if isinstance(document, str):
        return document
    if not isinstance(document, dict):
        return ""
    for name in ("error_description", "message", "msg", "detail", "error", "Error", "Response"):
        found = _message_in(document.get(name))
        if found:
            return found
    code = document.get("code")
    return code if isinstance(code, str) else ""


def _html_title(body: str) -> str:
    lowered = body.lower()
    start, end = lowered.find("<title>"), lowered.find("</title>")
    return body[start + len("<title>") : end] if 0 <= start < end else ""


def _plain_text(body: str) -> str:
    return "" if body.lstrip().startswith(("<", "{", "[")) else body
