"""Which way a request takes: proxy, redirects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from harness.matrix.system_proxy import Habits
from harness.scenario_file.form.key_source import KeySourceForm, TextOrSource
from harness.scenario_file.form.strict import Checked, Form, one_of, refuse
from harness.scenario_file.web_address import is_web_address, userinfo_of

PROXY = "proxy-form"
REDIRECTS = "redirects-form"
"""The types of the pydantic errors when a value is no proxy, no redirect policy at all."""

_NOT_YET_SCHEMES = ("https", "socks5", "socks5h", "socks4")
_PROXY_URL = r"http://[^\s/?#@]+/?"


def _check_url(text: str) -> None:
    scheme = text.partition("://")[0].lower()
    if scheme in _NOT_YET_SCHEMES:
        raise refuse(
            f"`{scheme}` proxies are not supported by this version yet",
            "use `none` or an http:// proxy such as `http://127.0.0.1:3128`",
        )
    if userinfo_of(text):
        raise refuse(
            "holds a user and a password, which the URL of a proxy cannot",
            "write `{url: …, username: …, password: {env: PROXY_PASSWORD}}`",
        )
    path = text.partition("://")[2].partition("/")[2]
    if not is_web_address(text) or path or "${" in text or "?" in text or "#" in text:
        raise refuse(
            "is not a proxy",
            "write `none`, `system`, or scheme, host and port alone, such as `http://127.0.0.1:3128`",
        )


def _check_proxy(text: str) -> None:
    if text not in {"none", "system"}:
        _check_url(text)


class ProxyForm(Form):
    """A proxy that wants credentials."""

    url: Annotated[str, Checked(_check_url, {"type": "string", "pattern": f"^{_PROXY_URL}$"})]
    username: TextOrSource | None = None
    password: KeySourceForm | None = None


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
