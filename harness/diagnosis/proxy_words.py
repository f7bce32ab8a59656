"""What is said of a proxy that refuses: by HTTP with an answer, by SOCKS with none."""

from __future__ import annotations

from harness.diagnosis.answers import message_of, quoted, status_words
from harness.model.exchange import Failure, RedactedResponse
from harness.model.request import ProxyRoute, SystemProxy


def proxy_remedy(name: str, route: ProxyRoute | SystemProxy | None) -> str:
    """Say what to do about a proxy that refuses: it was given no credentials, or wrong ones."""
    if isinstance(route, ProxyRoute) and (route.username is not None or route.password is not None):
        return f"correct the user name and the password for the proxy {name}: it refused them"
    return f"give the proxy {name} a user name and a password"


def proxy_denial(name: str, answer: RedactedResponse | None, failure: Failure | None) -> str:
    """Say how a proxy asked for credentials of its own."""
    if answer is None and failure is not None:
        return _as_said(name, failure)
    return f"The answer {status_words(answer)} comes from the proxy {name}, not from the API"


def proxy_refusal(name: str, answer: RedactedResponse | None, failure: Failure | None) -> str:
    """Say how a proxy refused to let a request through."""
    if answer is None and failure is not None:
        return _as_said(name, failure)
    says = quoted(message_of(answer))
    return f"The proxy {name} answered {status_words(answer)} in place of the API: {says}"


def _as_said(name: str, failure: Failure) -> str:
    """Return what happened with the proxy by its name."""
    return failure.message.replace("the proxy", f"The proxy {name}", 1)
