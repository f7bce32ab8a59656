"""How a connection is made: where to, with which TLS, in which version of HTTP."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from harness.scenario_file.form.key_source import Path
from harness.scenario_file.form.strict import WORD, Form, one_of, quantity, refuse, text_like

_VERSIONS = ("1.0", "1.1", "1.2", "1.3")
_HIGHEST_PORT = 65535
_HOST_PORT = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/:@?#\[\]]+):[0-9]{1,5}"


def _is_host_port(text: str) -> bool:
    port = text.rpartition(":")[2]
    return bool(re.fullmatch(_HOST_PORT, text)) and 0 < int(port) <= _HIGHEST_PORT


def _is_address(text: str) -> bool:
    if not _is_host_port(text):
        return False
    host = text.rpartition(":")[0]
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return host.startswith("[") is (address.version == 6)  # noqa: PLR2004 - the IP version


AutoHeadersText = Annotated[str, one_of("client", "none")]
HttpVersion = Annotated[
    str,
    quantity(
        lambda text: text in _VERSIONS[:2],
        "is not a version of HTTP that is spoken here",
        'write `"1.0"` or `"1.1"`, with the quotes',
        r"1\.[01]",
    ),
]
TlsVersion = Annotated[
    str,
    quantity(
        lambda text: text in _VERSIONS,
        "is not a version of TLS",
        'write `"1.0"`, `"1.1"`, `"1.2"` or `"1.3"`, with the quotes',
        r"1\.[0-3]",
    ),
]
ResolveForm = dict[
    Annotated[
        str,
        text_like(
            _is_host_port,
            "is not a host with a port",
            "write both, such as `api.example.com:443`",
            _HOST_PORT,
        ),
    ],
    Annotated[
        str,
        text_like(
            _is_address,
            "is not an IP address with a port",
            "write both, such as `203.0.113.7:443` or `[2001:db8::7]:443`",
            _HOST_PORT,
        ),
    ],
]


class TlsForm(Form):
    """How TLS is spoken; the files are relative to the scenario file."""

    verify: bool = Field(default=True, description="Whether the certificate is checked.")
    ca: Path | None = Field(default=None, description="Authorities, in place of the system's.")
    cert: Path | None = Field(default=None, description="A client certificate, PEM.")
    key: Path | None = Field(default=None, description="Its key, where `cert` does not hold it.")
    sni: Annotated[str, WORD] | None = Field(
        default=None, description="The name sent, and the one that the certificate must show."
    )
    min: TlsVersion | None = None
    max: TlsVersion | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.key is not None and self.cert is None:
            raise refuse("has a `key` without its `cert`", "name the certificate too")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise refuse("has a `min` above its `max`", "let `min` be the older version")
        return self
