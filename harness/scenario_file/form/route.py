"""Which way a request takes: proxy, redirects."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Discriminator, Field, Tag, model_validator

from harness.matrix.system_proxy import Habits
from harness.model.default_ports import PROXY_PORTS
from harness.scenario_file.form.connection import TlsForm
from harness.scenario_file.form.key_source import KeySourceForm, TextOrSource
from harness.scenario_file.form.strict import Checked, Form, one_of, refuse
from harness.scenario_file.web_address import is_web_address, userinfo_of

PROXY = "proxy-form"
REDIRECTS = "redirects-form"
"""The types of the pydantic errors when a value is no proxy, no redirect policy at all."""

_PROXY_URL = rf"(?:{'|'.join(PROXY_PORTS)})://[^\s/?#@]+/?"
_OLD_SOCKS = ("socks", "socks4", "socks4a")


def _check_url(text: str) -> None:
    scheme, _, rest = text.partition("://")
    if scheme.lower() in _OLD_SOCKS:
        raise refuse(
            f"`{scheme}` is not a kind of proxy that is spoken here",
            "use `socks5://` (names are resolved here) or `socks5h://` (by the proxy)",
        )
    if userinfo_of(text):
        raise refuse(
            "holds a user and a password, which the URL of a proxy cannot",
            "write `{url: …, username: …, password: {env: PROXY_PASSWORD}}`",
        )
    path = rest.partition("/")[2]
    # Beside its scheme, the URL of a proxy is written like that of any web address.
    known = scheme in PROXY_PORTS and is_web_address(f"http://{rest}")
    if not known or path or "${" in text or "?" in text or "#" in text:
        raise refuse(
            "is not a proxy",
            "write `none`, `system`, or scheme (http, https, socks5, socks5h), host and port "
            "alone, such as `http://127.0.0.1:3128`",
        )


def _check_proxy(text: str) -> None:
    if text not in {"none", "system"}:
        _check_url(text)


class ProxyForm(Form):
    """A proxy that wants credentials, or TLS of its own kind."""

    url: Annotated[str, Checked(_check_url, {"type": "string", "pattern": f"^{_PROXY_URL}$"})]
    username: TextOrSource | None = None
    password: KeySourceForm | None = None
    tls: TlsForm | None = Field(
        default=None, description="How TLS is spoken with the proxy itself, an https one."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.tls is not None and not self.url.startswith("https:"):
            raise refuse(
                "has `tls`, and no TLS is spoken with such a proxy",
                "write its URL with https://, or `tls` in the request itself",
            )
        return self


class SystemProxyForm(Form):
    """The proxy that the environment names, as one client reads the environment."""

    system: Annotated[str, one_of(*Habits)]


ProxyText = Annotated[
    str, Checked(_check_proxy, {"type": "string", "pattern": f"^(?:none|system|{_PROXY_URL})$"})
]


def _kind(value: object) -> str | None:
    if isinstance(value, dict):
        return "<mapping>"
    return "<text>" if isinstance(value, str) else None


def _proxy_kind(value: object) -> str | None:
    return "<system>" if isinstance(value, dict) and "system" in value else _kind(value)


ProxyRouteForm = Annotated[
    Annotated[ProxyText, Tag("<text>")]
    | Annotated[ProxyForm, Tag("<mapping>")]
    | Annotated[SystemProxyForm, Tag("<system>")],
    Discriminator(_proxy_kind, custom_error_type=PROXY, custom_error_message="a proxy"),
]


class FollowForm(Form):
    """How many redirects are followed, and who gets the credentials."""

    follow: int = Field(default=5, ge=0, le=20)
    credentials: Annotated[str, one_of("same-origin", "always")] = "same-origin"


RedirectsForm = Annotated[
    Annotated[str, one_of("none"), Tag("<text>")] | Annotated[FollowForm, Tag("<mapping>")],
    Discriminator(_kind, custom_error_type=REDIRECTS, custom_error_message="a redirect policy"),
]
