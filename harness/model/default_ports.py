"""The port that a URL means when it names none (RFC 9110, sections 4.2.1 and 4.2.2; RFC 1928)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

PROXY_PORTS: Final[Mapping[str, int]] = {**DEFAULT_PORTS, "socks5": 1080, "socks5h": 1080}
"""The kinds of proxies that are spoken to, with their ports."""
