"""The port that a URL means when it names none (RFC 9110, sections 4.2.1 and 4.2.2)."""

from __future__ import annotations

from typing import Final

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
