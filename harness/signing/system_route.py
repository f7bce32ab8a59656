"""Send a request through the proxy that the environment names, when its plan says `system`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.errors import SourceError
from harness.matrix.system_proxy import Habits, ProxyChoice, habits_of
from harness.model.default_ports import PROXY_PORTS
from harness.model.request import ProxyHop, RequestPlan, SignedRequest, SystemProxy
from harness.model.secret import Provenance, Secret

ChooseProxy = Callable[[Habits, str], ProxyChoice]
"""Returns the proxy that a client with these habits takes for a URL."""


def no_system_proxy(_habits: Habits, _url: str) -> ProxyChoice:
    """Go direct: the lab touches no environment."""
    return ProxyChoice(None, "no environment is read here")


def routed(request: SignedRequest, plan: RequestPlan, choose: ChooseProxy) -> SignedRequest:
    """Return the request with the proxy for its own URL; each hop of a redirect asks anew.

    Raises:
        SourceError: the client would send nothing, or the proxy is of a kind not spoken here.
    """
    if not isinstance(plan.proxy, SystemProxy):
        return request
    habits = Habits(plan.proxy.habits) if plan.proxy.habits else habits_of(request.client)
    choice = choose(habits, request.url)
    if choice.refusal:
        raise SourceError(choice.refusal)
    if choice.url is None:
        return replace(request, proxy=None, proxy_why=f"direct: {choice.why}")
    scheme = choice.url.partition("://")[0]
    if scheme not in PROXY_PORTS:
        raise SourceError(
            f"the environment names a {scheme}:// proxy ({choice.why}), a kind not spoken here"
        )
    hop = ProxyHop(choice.url, _secret(choice.username), _secret(choice.password))
    return replace(request, proxy=hop, proxy_why=choice.why)


def _secret(value: str | None) -> Secret | None:
    return None if value is None else Secret(value, Provenance("environment", "proxy variable"))
