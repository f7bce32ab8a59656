"""One kind of hostile server, and how a request to it must end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hostile.script import Script


class Certificate(Enum):
    """What a server shows when TLS begins."""

    NONE = "plain"
    GOOD = "good"
    EXPIRED = "expired"
    NOT_YET = "not yet valid"
    WRONG_HOST = "for another host"
    UNTRUSTED = "of an unknown authority"
    WANTS_ONE = "good, and wants the client's"


@dataclass(frozen=True)
class Kind:
    """A server, the URL's scheme (TLS is the server's own by default), and the right end.

    `status` is the last hop's; `failures` are the (phase, kind) that may be recorded, none when
    the exchange is whole. `hops` is how many exchanges it takes.
    """

    script: Script
    outcome: str
    status: int | None = None
    failures: tuple[str, ...] = ()
    certificate: Certificate = Certificate.NONE
    scheme: str = ""
    hops: int = 1

    @property
    def url_scheme(self) -> str:
        plain = self.certificate is Certificate.NONE
        return self.scheme or ("http" if plain else "https")


def cut(script: Script, *failures: str, **rest: object) -> Kind:
    """Return a kind from which no answer comes."""
    return Kind(script, "unreachable", failures=failures, **rest)  # type: ignore[arg-type]


def answered(script: Script, outcome: str, status: int, *failures: str, **rest: object) -> Kind:
    """Return a kind from which an answer's head comes, and perhaps a failure behind it."""
    return Kind(script, outcome, status, failures, **rest)  # type: ignore[arg-type]
