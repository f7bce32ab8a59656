"""Where keys would go: which source is sent to which origins, and which commands would run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harness.matrix.cells import (
    CONTEXT_LIMIT,
    contexts,
    count_cells,
    is_excluded,
    single_deviations,
)
from harness.matrix.compose import plan_of
from harness.matrix.tls_elsewhere import tls_elsewhere
from harness.matrix.uses import (
    TextOf,
    proxy_sources,
    request_sources,
    token_sources,
)
from harness.model.default_ports import PROXY_PORTS
from harness.model.key_source import CanarySource, CommandSource, KeySource, LiteralSource
from harness.model.request import (
    Credentials,
    EnvUrl,
    FileBody,
    ProxyRoute,
    RequestPlan,
    Resolve,
    SystemProxy,
    TlsSettings,
)
from harness.model.scenario import Scenario
from harness.model.signature import OAuth2Sign


@dataclass(frozen=True, slots=True)
class TrustRow:
    """One source, the origins that its key may reach, and the command it runs, if any.

    `wanders` says that redirects may take the key anywhere (`credentials: always`).
    """

    source: str
    origins: tuple[str, ...]
    command: tuple[str, ...] = ()
    wanders: bool = False


@dataclass(frozen=True, slots=True)
class TrustTable:
    """All rows, sorted; two scenarios with equal tables ask for the same trust."""

    rows: tuple[TrustRow, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of the table, in hex: under this name trust is kept."""
        rows = [[row.source, row.origins, row.command, row.wanders] for row in self.rows]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def trust_table(
    scenario: Scenario, resolve_url: Callable[[EnvUrl], str], text_of: TextOf
) -> TrustTable:
    """Work out the table from the plans of all cells, before any source is read.

    A literal or a canary is no key of the user's and needs no trust. `resolve_url` reads an
    `{env: …}` URL, "" where there is none now.
    In a matrix over `CONTEXT_LIMIT` cells every source is taken to reach every origin: the
    table may then name more than will happen, never less.
    """
    reach = _Reach()
    for plan in _plans(scenario):
        origins = _origins(plan, resolve_url)
        if isinstance(plan.sign, OAuth2Sign):
            # The API's own origin counts below: it gets the token that the client's secret buys.
            for source in token_sources(plan).values():
                reach.add(source, {_token_origin(plan, plan.sign)})
        wanders = bool(plan.redirects.follow) and plan.redirects.credentials is Credentials.ALWAYS
        for source in request_sources(plan, text_of).values():
            reach.add(source, origins, wanders=wanders)
        if isinstance(plan.body, FileBody):
            reach.add(plan.body, origins)
        for source in proxy_sources(plan).values():
            assert isinstance(plan.proxy, ProxyRoute)
            reach.add(source, {_proxy_origin(plan, plan.proxy)})
    if count_cells(scenario) > CONTEXT_LIMIT:
        reach.spread(_proxies(scenario))
    return TrustTable(tuple(sorted(reach.rows(), key=lambda row: (row.source, row.origins))))


@dataclass(slots=True)
class _Reach:
    """Where each key, and each file that is sent, may go."""

    origins: dict[KeySource | FileBody, set[str]] = field(default_factory=dict)
    wandering: set[KeySource | FileBody] = field(default_factory=set)

    def add(self, what: KeySource | FileBody, origins: set[str], *, wanders: bool = False) -> None:
        self.origins.setdefault(what, set()).update(origins)
        if wanders:
            self.wandering.add(what)

    def spread(self, proxies: set[str]) -> None:
        """Let everything reach every origin, and the proxies where one of them may be read."""
        everywhere = set[str]().union(*self.origins.values())
        if any(not origin.startswith("https:") or "(" in origin for origin in everywhere):
            everywhere |= proxies
        self.origins = dict.fromkeys(self.origins, everywhere)

    def rows(self) -> Iterator[TrustRow]:
        for what, origins in self.origins.items():
            if not isinstance(what, LiteralSource | CanarySource):
                shown = f"body_file {what.path}" if isinstance(what, FileBody) else str(what)
                argv = what.argv if isinstance(what, CommandSource) else ()
                yield TrustRow(shown, tuple(sorted(origins)), argv, what in self.wandering)


def origin_of(url: str) -> str:
    """Return `scheme://host:port` of a URL, the scheme's default port written out."""
    parts = urlsplit(url)
    port = parts.port or PROXY_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname or ''}:{port}"


def _origins(plan: RequestPlan, resolve_url: Callable[[EnvUrl], str]) -> set[str]:
    """The origin, and the proxy where it can read what passes.

    Only https is a closed tunnel, and only when the certificate is checked as usual. Key
    references are left as they stand: they never make up a host.
    """
    if isinstance(plan.url, EnvUrl):
        now = resolve_url(plan.url)
        origin = origin_of(now) if now else f"the URL in ${plan.url.name}"
    else:
        origin = origin_of(str(plan.url))
    is_closed = origin.startswith("https:") and plan.tls.verify and not plan.tls.ca
    shown = origin + _detour(plan.resolve, plan.tls)
    return {shown} if is_closed else {shown, *_proxy(plan)}


def _proxy(plan: RequestPlan) -> set[str]:
    if isinstance(plan.proxy, SystemProxy):
        return {"the proxy that the environment names"}
    return set() if plan.proxy is None else {_proxy_origin(plan, plan.proxy)}


def _proxies(scenario: Scenario) -> set[str]:
    cells = single_deviations(scenario)
    return set[str]().union(*(_proxy(plan_of(scenario, cell)) for cell in cells))


def _token_origin(plan: RequestPlan, sign: OAuth2Sign) -> str:
    """The token endpoint; taken for the API's own origin where that is not known yet."""
    origin = origin_of(sign.token_url)
    is_same = isinstance(plan.url, EnvUrl) or origin == origin_of(str(plan.url))
    tls = plan.tls if is_same else tls_elsewhere(plan.tls, plan.redirects)
    return origin + _detour(plan.resolve, tls)


def _proxy_origin(plan: RequestPlan, proxy: ProxyRoute) -> str:
    return origin_of(proxy.url) + _detour(plan.resolve, proxy.tls)


def _detour(resolve: Resolve, tls: TlsSettings) -> str:
    """Say what lets somebody else than the origin take the key."""
    notes = [f"{host} at {address}" for host, address in resolve]
    notes += [] if tls.verify else ["certificate not checked"]
    notes += [f"certificate by {tls.ca}"] if tls.ca else []
    notes += [f"certificate for {tls.sni}"] if tls.sni else []
    return f" ({', '.join(notes)})" if notes else ""


def _plans(scenario: Scenario) -> Iterator[RequestPlan]:
    large = count_cells(scenario) > CONTEXT_LIMIT
    for cell in single_deviations(scenario) if large else contexts(scenario):
        if not is_excluded(scenario, cell):
            yield plan_of(scenario, cell)
