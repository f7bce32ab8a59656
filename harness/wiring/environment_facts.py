"""What a bug report should say of the machine: versions, and the shape of its proxies."""

from __future__ import annotations

import platform
import ssl
from collections.abc import Mapping
from importlib import metadata
from urllib.parse import urlsplit

import harness

_SCHEMES = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def environment_facts(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the facts by name; no host, no name and no path is among them."""
    facts = {
        "flip401": harness.__version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "aiohttp": metadata.version("aiohttp"),
        "vcrpy": metadata.version("vcrpy"),
        "TLS": ssl.OPENSSL_VERSION,
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for name in _PROXIES:
        value = environ.get(name) or environ.get(name.upper())
        if value:
            facts[name] = proxy_shape(value)
    exceptions = environ.get("no_proxy") or environ.get("NO_PROXY")
    if exceptions:
        facts["no_proxy"] = _count(len([one for one in exceptions.split(",") if one.strip()]))
    return facts


def proxy_shape(url: str) -> str:
    """Return what a proxy's URL is like, such as `http://<host>:3128, with a login`."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "not a URL"
    host = "127.0.0.1" if parts.hostname in {"localhost", "127.0.0.1", "::1"} else "<host>"
    scheme = (
        parts.scheme if parts.scheme in {"http", "https", "socks4", "socks5", "socks5h"} else "?"
    )
    notes = [] if "://" in url else ["written without a scheme"]
    notes += ["with a login"] if parts.username or parts.password else []
    return ", ".join((f"{scheme}://{host}{port}", *notes))


def _count(number: int) -> str:
    return f"{number} entr{'y' if number == 1 else 'ies'}"
