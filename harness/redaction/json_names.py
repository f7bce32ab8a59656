"""Find JSON members whose name says that their value is a secret, in whole or broken JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.redaction.common_values import looks_random
from harness.redaction.marks import marks_of

_MEMBER = re.compile(
    r"(?=\"(?P<name>[A-Za-z][\w.-]{0,63})\"\s*:\s*\"(?P<value>(?:[^\"\\\n]|\\.)*)\")", re.ASCII
)
_OF_A_KEY = frozenset({"k", "d", "p", "q", "dp", "dq", "qi"})
_SECRET_KIND = re.compile(r'"kind"\s{0,9}:\s{0,9}"Secret"')
_SECRET_DATA = re.compile(r'"(?:data|stringData)"\s{0,9}:\s{0,9}\{[^{}]*\}')
_TELLING_WORDS = """
    password passwd pwd passphrase secret clientsecret appsecret secretkey secretaccesskey
    accesskey accesskeysecret privatekey apikey xapikey accesstoken refreshtoken idtoken
    sessiontoken authtoken bearertoken sessionid sessionkey csrftoken xsrftoken nextnonce
    clientassertion assertion proxyauthorization
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_SUSPECT_WORDS = """
    token key code auth authorization jwt cookie signature sig otp
"""
_SUSPECT = frozenset(_SUSPECT_WORDS.split())
_MAY_TELL = re.compile(
    r"p(?:ass)?w|passphrase|secret|token|key|session|csrf|xsrf|nonce|assert|auth|code|jwt|cookie"
    r"|sig|otp|-|_|\.",
    re.IGNORECASE,
)
"""In every telling name, and fast: a name with signs in it is looked at without them."""

_PUBLIC_MARKS = frozenset({"null", "undef", "sample", "env", "name", "empty"})


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A member whose value is secret: where the value stands, and by which name."""

    start: int
    end: int
    name: str


def find_secret_members(text: str) -> Iterator[Member]:
    """Yield the members with a telling name; a value in words is a message and stays.

    In a JSON Web Key (RFC 7517) and in a Secret of Kubernetes other names tell.
    """
    is_key = '"kty"' in text
    for match in _MEMBER.finditer(text):
        name, value = match["name"], match["value"]
        if is_secret_member(name, value) or (is_key and name in _OF_A_KEY and value):
            yield Member(*match.span("value"), name)
    if '"Secret"' in text and _SECRET_KIND.search(text):
        for data in _SECRET_DATA.finditer(text):
            for match in _MEMBER.finditer(text, *data.span()):
                if match["value"]:
                    yield Member(*match.span("value"), match["name"])


def is_secret_member(name: str, value: str) -> bool:
    """Tell whether a member holds a secret, by its name and by the look of its value."""
    if not _MAY_TELL.search(name):
        return False
    plain = re.sub(r"[-_.]", "", name.lower())
    telling = plain in _TELLING
    suspect = plain in _SUSPECT or plain.endswith("token")
    if not value or not (telling or suspect) or any(map(str.isspace, value)):
        return False
    if _PUBLIC_MARKS & set(marks_of(value)):
        return False
    return telling or looks_random(value)
