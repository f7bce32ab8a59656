"""The lab as a whole: keys, origin, proxies, and the map from the scenario's hosts to them."""

from __future__ import annotations

import ipaddress
import random
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from harness.errors import UsageError
from harness.lab.certificates import Certificates
from harness.lab.connection import Service, Socks, Tunnel
from harness.lab.http_message import Answer, Clock, Request
from harness.lab.keys import LabKeys
from harness.lab.limits import Limits
from harness.lab.listener import Listeners
from harness.lab.origin import SERVER, Origin
from harness.lab.providers.aws import AwsService
from harness.lab.providers.deepseek import DeepSeekGateway
from harness.lab.providers.hmac_verifier import HmacVerifier
from harness.lab.providers.http_basic import HttpBasic
from harness.lab.providers.http_bearer import HttpBearer
from harness.lab.providers.jwt_verifier import JwtVerifier
from harness.lab.providers.tencent import TencentService
from harness.lab.proxy import SERVER as PROXY_SERVER
from harness.lab.proxy import ForwardProxy
from harness.lab.redirects import Redirects
from harness.model.default_ports import PROXY_PORTS
from harness.model.key_source import KeySource
from harness.model.scenario import LabKeyKind, LabProvider, LabProxy, LabSettings
from harness.ports import KeyReader

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

Address = tuple[str, int]


class LabWorld:
    """Servers for one scenario, alive inside `async with`.

    `sources` maps the names that `LabSettings.keys` uses to key sources, `proxies` those that
    `LabSettings.proxies` uses to the scenario's proxy URLs. With a `seed` the keys are the same
    each time. `pairs` are the sources
    of private keys, with the algorithm that signs. `now` is the clock of the servers.

    Raises:
        UsageError: the settings contradict themselves or name what the scenario does not have.
    """

    def __init__(
        self,
        settings: LabSettings,
        *,
        sources: Mapping[str, KeySource],
        proxies: Mapping[str, str],
        seed: int | None = None,
        pairs: Mapping[KeySource, str] | None = None,
        now: Clock = time.time,
        limits: Limits | None = None,
    ) -> None:
        """Make the keys and read the settings; nothing listens yet."""
        self._keys = LabKeys(settings, sources, seed, pairs)
        self._proxy_kinds = _proxy_kinds(settings, proxies)
        self._now = now
        self._limits = limits or Limits()
        self._certificates = Certificates()
        redirects = Redirects(settings.redirects, server=SERVER, now=now)
        self._origin = Origin(_provider(settings, self._keys, seed, now), redirects, now=now)
        self._literals: frozenset[str] = frozenset()
        self._proxy_addresses: dict[Address, Address] = {}
        self._origin_address: Address | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start every server."""
        async with AsyncExitStack() as stack:
            listeners = await stack.enter_async_context(Listeners())
            self._origin_address = listeners.listen(self._origin_service())
            for address, kind in self._proxy_kinds.items():
                self._proxy_addresses[address] = (
                    listeners.refuse()
                    if kind is LabProxy.DEAD
                    else listeners.listen(self._proxy_service(kind))
                )
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every server and wait until no task and no socket is left."""
        await self._stack.__aexit__(kind, error, trace)

    @property
    def key_reader(self) -> KeyReader:
        """Reads the lab's keys, and no real source."""
        return self._keys

    @property
    def origin(self) -> Address:
        """The address of the one origin, for plain HTTP and TLS alike."""
        if self._origin_address is None:
            raise RuntimeError("the lab is not running: use it inside `async with`")
        return self._origin_address

    @property
    def allowed(self) -> frozenset[Address]:
        """Every address that may be connected to; a dead proxy's refuses."""
        return frozenset({self.origin, *self._proxy_addresses.values()})

    @property
    def ca_pem(self) -> bytes:
        """The certificate of the throw-away authority."""
        return self._certificates.ca_pem

    def ssl_context(self) -> ssl.SSLContext:
        """Return a client context that trusts the throw-away authority only."""
        return self._certificates.client_context()

    def route(self, host: str, port: int) -> Address:
        """Return where a connection to `host` and `port` really goes.

        The scenario's proxies go to their lab proxies, everything else to the origin.
        """
        bare = host.strip("[]").lower()
        if _is_ip_address(bare):
            # A TLS client names no host for an address, so the leaf must hold all that may come.
            self._literals |= {bare}
        return self._proxy_addresses.get((bare, port), self.origin)

    def _origin_service(self) -> Service:
        return self._service(SERVER, self._origin.respond)

    def _proxy_service(self, kind: LabProxy) -> Service:
        proxy = ForwardProxy(
            kind=kind,
            origin=self._origin.respond,
            is_good=lambda key: self._keys.standing(key) is LabKeyKind.GOOD,
            stranger=self._keys.stranger,
            certificates=self._certificates,
            now=self._now,
            limits=self._limits,
        )
        return self._service(PROXY_SERVER, proxy.respond, proxy.socks)

    def _service(
        self,
        name: str,
        respond: Callable[[Request], Answer | Tunnel],
        socks: Socks | None = None,
    ) -> Service:
        return Service(
            name=name,
            respond=respond,
            tls=lambda: self._certificates.server_context(_LOCAL_NAMES | self._literals),
            now=self._now,
            limits=self._limits,
            socks=socks,
        )


def _provider(
    settings: LabSettings, keys: LabKeys, seed: int | None, now: Clock
) -> Callable[[Request], Answer]:
    makers: Mapping[LabProvider, Callable[[], Callable[[Request], Answer]]] = {
        LabProvider.DEEPSEEK: lambda: DeepSeekGateway(
            keys.standing,
            wording=settings.wording,
            random=random.Random(seed),  # noqa: S311 - makes trace ids, never keys
            now=now,
        ),
        LabProvider.HTTP_BEARER: lambda: HttpBearer(keys.standing, now=now),
        LabProvider.HTTP_BASIC: lambda: HttpBasic(keys.standing, now=now),
        LabProvider.JWT: lambda: JwtVerifier(
            keys.registered, leeway_seconds=settings.leeway_seconds, now=now
        ),
        LabProvider.HMAC: lambda: HmacVerifier(
            keys.registered, leeway_seconds=settings.leeway_seconds, now=now
        ),
        LabProvider.AWS: lambda: AwsService(
            keys.registered, leeway_seconds=settings.leeway_seconds, now=now
        ),
        LabProvider.TENCENT: lambda: TencentService(
            keys.registered,
            leeway_seconds=settings.leeway_seconds,
            random=random.Random(seed),  # noqa: S311 - makes request ids, never keys
            now=now,
        ),
    }
    return makers[settings.provider]()


def _proxy_kinds(settings: LabSettings, proxies: Mapping[str, str]) -> dict[Address, LabProxy]:
    """Return what each proxy address does; levels with one address share one proxy."""
    for name in settings.proxies:
        if name not in proxies:
            known = ", ".join(proxies) or "none"
            raise UsageError(f"lab.proxies: no proxy is called {name}", hint=f"known: {known}")
    kinds: dict[Address, tuple[str, LabProxy]] = {}
    for name, url in proxies.items():
        address = _proxy_address(name, url)
        kind = settings.proxies.get(name)
        if kind is None:
            continue
        other, known_kind = kinds.setdefault(address, (name, kind))
        if known_kind is not kind:
            raise UsageError(
                f"lab.proxies: {other} and {name} disagree, and both are one proxy",
                hint="one address has one behaviour: give both the same, or only one of them",
            )
    honest = (_proxy_address(name, url) for name, url in proxies.items())
    return dict.fromkeys(honest, LabProxy.HONEST) | {
        address: kind for address, (_, kind) in kinds.items()
    }


def _proxy_address(name: str, url: str) -> Address:
    try:
        parts = urlsplit(url)
        default_port = PROXY_PORTS[parts.scheme]
        host, port = parts.hostname, parts.port or default_port
    except (ValueError, KeyError):
        host, port = None, 0
    if not host:
        # The URL may hold a password: it is not repeated.
        raise UsageError(
            f"lab: the proxy of {name} is of no kind that is spoken here",
            hint="write its URL like http://proxy.example.com:3128 or socks5://proxy:1080",
        )
    return host, port


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
