"""Single request fields."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.request import (
    AutoHeaders,
    Credentials,
    Direct,
    Edit,
    EnvUrl,
    ProxyRoute,
    RedirectPolicy,
    RequestPlan,
    Resolve,
    SystemProxy,
    TlsSettings,
)
from harness.model.template import Template
from harness.scenario_file.convert.key_sources import optional_source, text_or_source
from harness.scenario_file.durations import seconds_of
from harness.scenario_file.form.connection import TlsForm
from harness.scenario_file.form.request import EnvUrlForm
from harness.scenario_file.form.route import FollowForm, ProxyForm, SystemProxyForm
from harness.scenario_file.template import parse_template

_DEFAULTS = RequestPlan(method="GET", url=Template(()))


def seconds(form: str) -> float:
    """Return a duration that the forms have checked."""
    return seconds_of(form) or 0.0


def url_of(form: str | EnvUrlForm) -> Template | EnvUrl:
    """Return a URL."""
    if isinstance(form, EnvUrlForm):
        return EnvUrl(form.env, form.default, form.path)
    return parse_template(form)


def edits_of(form: dict[str, str | None] | list[list[str]] | None) -> tuple[Edit, ...]:
    """Return headers or query fields in written order."""
    pairs = (
        form.items() if isinstance(form, dict) else ((name, value) for name, value in form or [])
    )
    return tuple(Edit(name, None if text is None else parse_template(text)) for name, text in pairs)


def replacing_query(form: dict[str, str | None] | None, names: Iterable[str]) -> tuple[Edit, ...]:
    """Return a query that also removes those of `names` that it does not have."""
    edits = edits_of(form)
    kept = {edit.name.lower() for edit in edits}
    removed = dict.fromkeys(name for name in names if name.lower() not in kept)
    return (*(Edit(name, None) for name in removed), *edits)


def clock_of(form: str | None) -> float:
    """Return an offset in seconds; without one the true time."""
    return 0.0 if form is None else seconds(form)


def timeout_of(form: str | None) -> float:
    """Return a limit in seconds; without one the default."""
    return _DEFAULTS.timeout_seconds if form is None else seconds(form)


def proxy_of(
    form: str | ProxyForm | SystemProxyForm | None,
) -> ProxyRoute | SystemProxy | Direct:
    """Return a route."""
    if isinstance(form, SystemProxyForm):
        return SystemProxy(form.system)
    if form == "system":
        return SystemProxy()
    if isinstance(form, ProxyForm):
        username = text_or_source(form.username)
        return ProxyRoute(form.url, username, optional_source(form.password), tls_of(form.tls))
    return Direct.DIRECT if form in {None, "none"} else ProxyRoute(str(form))


def redirects_of(form: str | FollowForm | None) -> RedirectPolicy:
    """Return a redirect policy."""
    if isinstance(form, FollowForm):
        return RedirectPolicy(form.follow, Credentials(form.credentials))
    return _DEFAULTS.redirects if form is None else RedirectPolicy(follow=0)


def auto_headers_of(form: str | None) -> AutoHeaders:
    """Return what the client may add; without a word its own."""
    return AutoHeaders.CLIENT if form is None else AutoHeaders(form)


def tls_of(form: TlsForm | None) -> TlsSettings:
    """Return how TLS is spoken; without a word as the system does."""
    return TlsSettings() if form is None else TlsSettings(**form.model_dump())


def resolve_of(form: dict[str, str] | None) -> Resolve:
    """Return the detours, in written order."""
    return tuple((form or {}).items())
