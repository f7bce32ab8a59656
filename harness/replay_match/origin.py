"""Origins, and the targets by which a server that stands for several of them is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from harness.model.default_ports import DEFAULT_PORTS
from harness.model.request import HeaderPairs

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?",
    re.DOTALL,
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|RDX~[^~]*~|[^:]*)(?::(?P<port>\d*))?", re.DOTALL)
_PREFIX = re.compile(r"/(?P<scheme>https?)/(?P<authority>[^/?#]+)(?P<rest>.*)", re.DOTALL)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT_IN_PATHS = "/!$&'()*+,;=:@%~"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Scheme, host and port, as RFC 6454 compares them: the port is always written out."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Write the origin as a URL without a path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the scheme's own."""
        usual = DEFAULT_PORTS.get(self.scheme) == self.port
        return self.host if usual else f"{self.host}:{self.port}"

    @property
    def prefix(self) -> str:
        """The path under which a server that stands for many origins has this one."""
        return f"/{self.scheme}/{self.authority}"


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """A request target: the origin where it names one, the path, and the query without `?`.

    `path` and `query` are as written; `query` is None where there is no `?`.
    """

    origin: Origin | None
    path: str
    query: str | None

    def __repr__(self) -> str:
        """Say nothing: a live target may hold a key."""
        return "<Target>"

    @property
    def spelling(self) -> str:
        """Path and query as they were written."""
        return self.path if self.query is None else f"{self.path}?{self.query}"


def split_url(url: str) -> Target:
    """Cut an absolute URL, or a path with a query; a fragment is dropped."""
    match = _URL.fullmatch(url)
    rest = match["rest"] if match else url.partition("#")[0]
    path, mark, query = rest.partition("?")
    origin = _origin(match["scheme"], match["authority"]) if match else None
    return Target(origin, path or "/", query if mark else None)


def split_prefixed(target: str) -> Target | None:
    """Cut `/https/host:port/path?query`; None when the target has no such prefix."""
    match = _PREFIX.fullmatch(target)
    origin = _origin(match["scheme"], unquote(match["authority"])) if match else None
    if match is None or origin is None:
        return None
    rest = split_url(match["rest"])
    return Target(origin, rest.path, rest.query)


def hosts_named(headers: HeaderPairs) -> frozenset[Origin]:
    """Return the origins that `X-Forwarded-Host` names, or else `Host`, under either scheme."""
    named = {name.lower(): value.strip() for name, value in reversed(headers)}
    host = named.get("x-forwarded-host") or named.get("host", "")
    schemes = [named["x-forwarded-proto"]] if "x-forwarded-proto" in named else ["https", "http"]
    found = (_origin(scheme, host) for scheme in schemes)
    return frozenset(origin for origin in found if origin is not None)


def normal_path(path: str) -> str:
    """Return one spelling for paths that RFC 3986, section 6.2.2, calls equal.

    Escapes of unreserved characters are undone, others written in capitals, and what must be
    escaped is. `%2F` stays apart from `/`, and dot segments stay.
    """
    escaped = quote(path, safe=_KEPT_IN_PATHS, encoding="utf-8", errors="surrogateescape")
    return _ESCAPE.sub(_normal_escape, escaped)


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _origin(scheme: str, authority: str) -> Origin | None:
    scheme = scheme.lower()
    match = _AUTHORITY.fullmatch(authority.rpartition("@")[2])
    if match is None or not match["host"]:
        return None
    host = match["host"] if match["host"].startswith("RDX~") else match["host"].lower()
    return Origin(scheme, host, int(match["port"] or DEFAULT_PORTS.get(scheme, 0)))
