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
_PUBLIC_MARKS = frozenset({"null", "undef", "sample", "env", "name", "empty"})


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A member whose value is secret: where the value stands, and by which name."""

    start: int
    end: int
    name: str


def find_secret_members(text: str) -> Iterator[Member]:
    """Yield the members with a telling name; a value in words is a message and stays."""
    for match in _MEMBER.finditer(text):
        if is_secret_member(match["name"], match["value"]):
            yield Member(*match.span("value"), match["name"])


def is_secret_member(name: str, value: str) -> bool:
    """Tell whether a member holds a secret, by its name and by the look of its value."""
    if not value or any(map(str.isspace, value)) or _PUBLIC_MARKS & set(marks_of(value)):
        return False
    plain = re.sub(r"[-_.]", "", name.lower())
    suspect = plain in _SUSPECT or plain.endswith("token")
    return plain in _TELLING or (suspect and looks_random(value))
