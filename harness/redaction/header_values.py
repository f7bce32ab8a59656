"""Redact header fields: the name decides, and what explains a 401 stays.

The scheme word with its spacing and doublings, the parameters of a challenge, the names of
cookies and their attributes are kept; credentials give way to placeholders.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from harness.redaction.allowed_names import header_may_stay, parameter_may_stay
from harness.redaction.opaque import redact_opaque
from harness.redaction.scrub import Scrubber
from harness.redaction.signature_input import redact_signature_input
from harness.redaction.url_parts import redact_url

_URLS = frozenset({"location", "content-location", "referer", "http-referer", "origin"})

_SCHEME_WORD = (
    r"(?:bearer|basic|token|digest|negotiate|ntlm|apikey|api-key|key|dpop|signature|hmac|hawk"
    r"|oauth|jwt|ssws|bot|googlelogin|aws4-hmac-sha256|tc3-hmac-sha256|authorization)"
)
_SCHEMES = re.compile(
    rf"(?P<schemes>(?:[\s\"']*{_SCHEME_WORD}(?![A-Za-z0-9_-])[:=]?[\s\u00a0]*)*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_WORD = re.compile(rf"{_SCHEME_WORD}(?=[^A-Za-z0-9]*$)", re.IGNORECASE)
_WITH_PARAMETERS = frozenset(
    {"digest", "signature", "hawk", "oauth", "aws4-hmac-sha256", "tc3-hmac-sha256", "hmac"}
)
_PARAMETER = re.compile(
    r"(?P<name>[A-Za-z][\w-]*)(?P<equals>\s*=\s*)(?P<value>\"[^\"]*\"?|[^,\s]*)"
)
_HANDSHAKE = re.compile(r"(?P<scheme>\s*(?:negotiate|ntlm)\s+)(?P<token>\S.*)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://[^\s\"'<>;,()]+|(?<![\w/])/[^\s\"'<>;,()?]*\?[^\s\"'<>;,()]+",
    re.IGNORECASE,
)
_NONCE = re.compile(r"(?<='nonce-)[^\s']+")
_SCOPE = re.compile(r"(?P<id>[^/]+)(?P<scope>(?:/[A-Za-z0-9_-]+)+)")


def redact_header(scrub: Scrubber, name: str, value: str) -> tuple[str, str]:
    """Return the field with every secret replaced; the name always survives."""
    shown = scrub.message(name)
    lower = shown.strip().lower()  # a name that was a secret decides nothing
    if header_may_stay(shown):
        return shown, _listed(scrub, value)
    if lower in _URLS:
        return shown, redact_url(scrub, value)
    if lower in _WITH_STRUCTURE:
        # Known secrets go before the value is cut at `;` and `=`, which they may hold.
        return shown, _WITH_STRUCTURE[lower](scrub, scrub.known(value))
    return shown, _credential(scrub, value, name)


def _listed(scrub: Scrubber, value: str) -> str:
    """Keep a value but the secrets in it; addresses and nonces in it are decided by their names."""
    shown = scrub.message(value)
    if "?" in shown or "@" in shown:
        shown = _ADDRESS.sub(lambda match: redact_url(scrub, match[0]), shown)
    return _NONCE.sub(lambda match: redact_opaque(scrub, match[0], "nonce", "nonce"), shown)


def _credential(scrub: Scrubber, value: str, name: str) -> str:
    match = _SCHEMES.fullmatch(value)
    schemes, rest = (match["schemes"], match["rest"]) if match else ("", value)
    word = _LAST_WORD.search(schemes)
    scheme = word[0].lower() if word else ""
    if scheme == "basic":
        return schemes + _basic(scrub, rest, name)
    if scheme in _WITH_PARAMETERS and _PARAMETER.match(rest):
        return schemes + _parameters(scrub, rest, name)
    return schemes + redact_opaque(scrub, rest, name)


def _basic(scrub: Scrubber, rest: str, name: str) -> str:
    """Replace Basic credentials whole; the user and the password are known from then on."""
    token = rest.strip()
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except (binascii.Error, ValueError):
        return redact_opaque(scrub, rest, name)
    user, colon, password = decoded.decode("utf-8", "surrogateescape").partition(":")
    if not colon:
        return redact_opaque(scrub, rest, name)
    if user:
        scrub.hidden(user, f"{name} user", "user")
    if password:
        scrub.born(password, f"{name} password", "pw")
    start = rest.find(token)
    return rest[:start] + scrub.born(token, name, "basic") + rest[start + len(token) :]


def _challenge(scrub: Scrubber, value: str) -> str:
    """Keep a challenge but its nonces and the token of Negotiate or NTLM."""
    match = _HANDSHAKE.fullmatch(value)
    if match is not None:
        return match["scheme"] + redact_opaque(scrub, match["token"], "challenge", "nonce")
    return _parameters(scrub, value, "challenge", unlisted_stay=True)


def _parameters(scrub: Scrubber, text: str, place: str, *, unlisted_stay: bool = False) -> str:
    def redacted(match: re.Match[str]) -> str:
        name, value = match["name"], match["value"]
        quote = '"' if value.startswith('"') else ""
        inner = value.strip('"') if quote else value
        closing = quote if len(value) > 1 and value.endswith('"') else ""
        return f"{name}{match['equals']}{quote}{_parameter(name, inner)}{closing}"

    def _parameter(name: str, inner: str) -> str:
        if name.lower() == "credential" and (scope := _SCOPE.fullmatch(inner)):
            return redact_opaque(scrub, scope["id"], place, "user") + scope["scope"]
        if parameter_may_stay(name) or (unlisted_stay and not _is_nonce(name)):
            return scrub.message(inner)
        return redact_opaque(scrub, inner, f"{place} {name}", _kind_of_parameter(name))

    return _PARAMETER.sub(redacted, text)


def _is_nonce(name: str) -> bool:
    return "nonce" in name.lower() or name.lower() == "opaque"


def _kind_of_parameter(name: str) -> str:
    lower = name.lower()
    if _is_nonce(lower):
        return "nonce"
    if "username" in lower or lower == "keyid":
        return "user"
    return "sig" if lower in {"response", "signature", "mac", "oauth_signature"} else ""


def _set_cookie(scrub: Scrubber, value: str) -> str:
    first, *attributes = value.split(";")
    shown = [_cookie(scrub, first, "Set-Cookie"), *map(scrub.message, attributes)]
    return ";".join(shown)


def _cookies(scrub: Scrubber, value: str) -> str:
    return ";".join(_cookie(scrub, pair, "Cookie") for pair in value.split(";"))


def _information(scrub: Scrubber, value: str) -> str:
    return _parameters(scrub, value, "Authentication-Info")


def _cookie(scrub: Scrubber, pair: str, header: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return redact_opaque(scrub, pair, header, "cookie")
    shown = scrub.message(name)
    return f"{shown}={redact_opaque(scrub, value, f'{header} {name.strip()}', 'cookie')}"


_WITH_STRUCTURE: Mapping[str, Callable[[Scrubber, str], str]] = {
    "www-authenticate": _challenge,
    "proxy-authenticate": _challenge,
    "authentication-info": _information,
    "proxy-authentication-info": _information,
    "signature-input": redact_signature_input,
    "set-cookie": _set_cookie,
    "cookie": _cookies,
}
