"""Which proxy `system` means: the environment, read by the rules of a client. No I/O.

The clients agree on little: curl alone ignores `HTTP_PROXY`, aiohttp alone `ALL_PROXY`, and each
has its own idea of `NO_PROXY`. Measured with requests 2.34, httpx 0.28, aiohttp 3.14 (with
`trust_env`) and curl 7.88; the tests hold each table to the real client.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from harness.model.default_ports import DEFAULT_PORTS

Environ = Mapping[str, str]

_HTTPX_ENTRY = re.compile(r"(?P<host>[^:/\[\]]*)(?::(?P<port>[0-9]*))?(?:/.*)?")


class Habits(StrEnum):
    """Whose reading of the environment counts."""

    AIOHTTP = "aiohttp"
    REQUESTS = "requests"
    HTTPX = "httpx"
    CURL = "curl"


@dataclass(frozen=True, slots=True, repr=False)
class ProxyChoice:
    """The proxy that a client would take (None: direct), and why in words without a secret.

    `url` has no userinfo; `username` and `password` are what it had. `refusal` says that the
    client would send nothing at all.
    """

    url: str | None
    why: str
    username: str | None = None
    password: str | None = None
    refusal: str = ""

    def __repr__(self) -> str:
        """Say why only: the rest may hold a password."""
        return f"<ProxyChoice {self.why}>"


def choose_proxy(environ: Environ, habits: Habits, url: str) -> ProxyChoice:
    """Return the proxy that a client takes for a URL, from `*_PROXY` and `NO_PROXY`."""
    parts = urlsplit(url)
    return _CHOOSERS[habits](environ, parts)


def _requests(environ: Environ, url: SplitResult) -> ProxyChoice:
    proxies = _python_proxies(environ)
    value = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    entry = _requests_bypass(value.replace(" ", ""), url) or _urllib_bypass(proxies, url)
    if entry:
        return _bypassed(entry)
    return _taken(proxies, (url.scheme, "all"), Habits.REQUESTS)


def _httpx(environ: Environ, url: SplitResult) -> ProxyChoice:
    proxies = _python_proxies(environ)
    entries = [entry.strip() for entry in proxies.get("no", _NONE).value.split(",")]
    if "*" in entries:
        return _bypassed("*")
    patterns = {entry: _HttpxPattern.of(entry) for entry in entries if entry}
    odd = next((entry for entry, pattern in patterns.items() if pattern is None), None)
    if odd is not None:
        return ProxyChoice(None, "NO_PROXY", refusal=f"httpx refuses {odd} in NO_PROXY")
    matching = [pattern for pattern in patterns.values() if pattern and pattern.matches(url)]
    if matching:
        # Only a pattern for the whole scheme competes, and every pattern with a host beats it.
        return _bypassed(min(matching, key=lambda one: one.priority).entry)
    return _taken(proxies, (url.scheme, "all"), Habits.HTTPX)


def _aiohttp(environ: Environ, url: SplitResult) -> ProxyChoice:
    proxies = _python_proxies(environ)
    entry = _urllib_bypass(proxies, url)
    if entry:
        return _bypassed(entry)
    found = proxies.get(url.scheme)
    if found is None:
        ignored = ", which has ALL_PROXY and ignores it" if "all" in proxies else ""
        return ProxyChoice(None, f"no {url.scheme.upper()}_PROXY for aiohttp{ignored}")
    return _spoken_by_aiohttp(found)


def _spoken_by_aiohttp(found: _Variable) -> ProxyChoice:
    """Take what aiohttp makes of a value: it knows http:// and treats the rest in odd ways."""
    scheme, mark, _ = found.value.partition("://")
    scheme = scheme.lower()
    if not mark:
        refusal = f"aiohttp refuses {found.name}, which has no http://"
        return ProxyChoice(None, found.name, refusal=refusal)
    if scheme in {"https", "wss"}:
        return ProxyChoice(None, f"{found.name}: aiohttp ignores https:// proxies")
    choice = _choice(found, Habits.AIOHTTP)
    if choice.url is None:
        return ProxyChoice(None, f"{found.name} names no host, so aiohttp goes without")
    if scheme == "http":
        return choice
    why = f"{choice.why}; aiohttp speaks plain HTTP to a {scheme}:// proxy"
    url = "http" + choice.url[len(scheme) :]
    return ProxyChoice(url, why, choice.username, choice.password)


def _curl(environ: Environ, url: SplitResult) -> ProxyChoice:
    names = [f"{url.scheme}_proxy"]
    if url.scheme != "http":  # a CGI script's HTTP_PROXY is what the visitor sent
        names.append(f"{url.scheme.upper()}_PROXY")
    names += ["all_proxy", "ALL_PROXY"]
    entry = _curl_bypass(environ.get("no_proxy") or environ.get("NO_PROXY") or "", url)
    if entry:
        return _bypassed(entry)
    found = next((_Variable(name, environ[name]) for name in names if environ.get(name)), None)
    if found is None:
        ignored = url.scheme == "http" and environ.get("HTTP_PROXY")
        note = "; curl ignores HTTP_PROXY in capitals" if ignored else ""
        return ProxyChoice(None, f"no proxy variable for curl{note}")
    return _choice(found, Habits.CURL)


_CHOOSERS: Mapping[Habits, Callable[[Environ, SplitResult], ProxyChoice]] = {
    Habits.AIOHTTP: _aiohttp,
    Habits.REQUESTS: _requests,
    Habits.HTTPX: _httpx,
    Habits.CURL: _curl,
}


@dataclass(frozen=True, slots=True, repr=False)
class _Variable:
    """A variable of the environment; its value may hold a password."""

    name: str
    value: str


_NONE = _Variable("", "")


def _python_proxies(environ: Environ) -> dict[str, _Variable]:
    """Return proxies by scheme as Python's `urllib` does: lower case wins, and an empty one unsets.

    In a CGI script (`REQUEST_METHOD`) `HTTP_PROXY` in capitals is what the visitor sent.
    """
    names = [
        name for name in environ if name[-6:].lower() == "_proxy" and len(name) > len("_proxy")
    ]
    found = {name[:-6].lower(): _Variable(name, environ[name]) for name in names if environ[name]}
    if "REQUEST_METHOD" in environ:
        found.pop("http", None)
    for name in names:
        if name.endswith("_proxy"):
            scheme = name[:-6].lower()
            if environ[name]:
                found[scheme] = _Variable(name, environ[name])
            else:
                found.pop(scheme, None)
    return found


def _taken(
    proxies: Mapping[str, _Variable], schemes: tuple[str, ...], habits: Habits
) -> ProxyChoice:
    found = next((proxies[scheme] for scheme in schemes if scheme in proxies), None)
    if found is None:
        return ProxyChoice(None, f"no proxy variable for {habits}")
    return _choice(found, habits)


def _choice(found: _Variable, habits: Habits) -> ProxyChoice:
    """Take the value apart; a client's default scheme and port are written out."""
    text = found.value if "://" in found.value else f"http://{found.value}"
    why = f"{found.name}, read as {habits} does"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        return ProxyChoice(None, why, refusal=f"{found.name} holds no URL of a proxy")
    if port is None and habits is Habits.CURL and parts.scheme != "https":
        port = 1080
    shown = f"[{host}]" if ":" in host else host
    # httpx has the proxy resolve names also where curl and requests resolve them themselves.
    scheme = "socks5h" if habits is Habits.HTTPX and parts.scheme == "socks5" else parts.scheme
    url = f"{scheme}://{shown}{f':{port}' if port else ''}"
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    return ProxyChoice(url, why, user, password)


def _bypassed(entry: str) -> ProxyChoice:
    return ProxyChoice(None, f"NO_PROXY has {entry}")


def _requests_bypass(no_proxy: str, url: SplitResult) -> str:
    host = url.hostname or ""
    entries = [entry for entry in no_proxy.split(",") if entry]
    if _is_ipv4(host):
        return next((entry for entry in entries if _is_in_network(host, entry)), "")
    with_port = f"{host}:{url.port}" if url.port else host
    for entry in entries:
        bare = entry.lstrip(".")
        if bare in {host, with_port} or host.endswith(f".{bare}") or with_port.endswith(f".{bare}"):
            return entry
    return ""


def _is_in_network(host: str, entry: str) -> bool:
    address, slash, _ = entry.partition("/")
    if not slash:
        return entry == host
    try:
        return _is_ipv4(address) and ipaddress.ip_address(host) in ipaddress.ip_network(
            entry, strict=False
        )
    except ValueError:
        return False


def _urllib_bypass(proxies: Mapping[str, _Variable], url: SplitResult) -> str:
    """Match as `urllib.request.proxy_bypass` does: whole names and suffixes at a dot."""
    value = proxies.get("no", _NONE).value
    if value == "*":
        return "*"
    host = (url.hostname or "").lower()
    for entry in map(str.strip, value.split(",")):
        bare = entry.lstrip(".").lower()
        if entry and (host == bare or host.endswith(f".{bare}")):
            return entry
    return ""


def _curl_bypass(no_proxy: str, url: SplitResult) -> str:
    if no_proxy == "*":
        return "*"
    host = (url.hostname or "").removesuffix(".").lower()
    is_address = _is_ip(host)
    for entry in re.split(r"[ \t,]+", no_proxy):
        if not entry:
            continue
        if is_address:
            if _is_in_curl_network(host, entry):
                return entry
            continue
        bare = entry.removesuffix(".").removeprefix(".").lower()
        if bare and (host == bare or host.endswith(f".{bare}")):
            return entry
    return ""


def _is_in_curl_network(host: str, entry: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _HttpxPattern:
    """An entry of NO_PROXY as httpx turns it into a pattern of URLs."""

    entry: str
    scheme: str
    host: str
    port: int | None
    subdomains: str

    @classmethod
    def of(cls, entry: str) -> _HttpxPattern | None:
        """Return the pattern; None for an entry on which httpx gives up."""
        scheme, mark, rest = entry.partition("://")
        text = rest if mark else entry
        wanted = scheme.lower() if mark and scheme != "all" else ""
        if _is_ip(text):
            return cls(entry, wanted, text, None, "")
        matched = _HTTPX_ENTRY.fullmatch(text)
        if matched is None:
            return None
        host = matched["host"].strip("[]").lower()
        exact = bool(mark) or _is_ip(host) or host == "localhost"
        subdomains = "" if exact else "only" if host.startswith(".") else "too"
        port = int(matched["port"]) if matched["port"] else None
        port = None if port == DEFAULT_PORTS.get(wanted) else port
        return cls(entry, wanted, host.lstrip(".") if subdomains else host, port, subdomains)

    @property
    def priority(self) -> tuple[bool, int, int]:
        return (self.port is None, -len(self.host), -len(self.scheme))

    def matches(self, url: SplitResult) -> bool:
        port = None if url.port == DEFAULT_PORTS.get(url.scheme) else url.port
        if self.scheme not in {"", url.scheme} or self.port not in {None, port}:
            return False
        host = (url.hostname or "").lower()
        if not self.host:  # `http://` alone is every host of the scheme
            return True
        below = host.endswith(f".{self.host}")
        return (
            below
            if self.subdomains == "only"
            else host == self.host or (self.subdomains == "too" and below)
        )


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def habits_of(client: str) -> Habits:
    """Return the habits of a client of the scenario; one without any reads as aiohttp does."""
    return Habits(client) if client in _names() else Habits.AIOHTTP


def _names() -> Iterator[str]:
    return (habits.value for habits in Habits)
