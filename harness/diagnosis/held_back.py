"""What is said of a redirect that was not followed, for it would take the key elsewhere."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

from harness.model.exchange import NOT_FOLLOWED, RedactedExchange


def was_held_back(exchange: RedactedExchange) -> bool:
    """Tell whether the redirect that answers an exchange was held back."""
    return exchange.failure is not None and exchange.failure.kind == NOT_FOLLOWED


def redirect_facts(exchange: RedactedExchange) -> dict[str, str]:
    """Return the facts of the hop that was not made: both URLs, and the status between."""
    answer = exchange.response
    headers = answer.headers if answer is not None else ()
    location = next((value for name, value in headers if name.lower() == "location"), "")
    begin, end = _bare(exchange.url), _bare(urljoin(exchange.url, location))
    status = answer.status if answer is not None else "redirect"
    return {"hops": f"{begin} -> {status} -> {end}", "final_url": end}


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
