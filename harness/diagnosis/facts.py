"""The named facts that fill a cause's words in, all of them always there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from harness.diagnosis.answers import message_of, quoted, status_words
from harness.diagnosis.context import Change, FlipContext, Side
from harness.diagnosis.credential_form import credential_forms
from harness.diagnosis.key_words import new_edges, provider_of
from harness.diagnosis.proxy_words import proxy_denial, proxy_refusal, proxy_remedy
from harness.model.arrival import Arrival
from harness.model.exchange import RedactedExchange
from harness.model.key_facts import KeyFacts
from harness.model.request import JwtSign, ProxyRoute
from harness.model.signature import HmacSign

_UNITS = {"s": "seconds", "ms": "milliseconds", "rfc3339": "RFC 3339", "http-date": "HTTP-date"}

_WHERE = {
    "env": "the environment variable {name}",
    "file": "the file {place}",
    "command": "the output of `{name}`",
    "prompt": "the answer to the prompt",
    "literal": "the value written in the scenario",
    "keyring": "the secret store's entry {place}",
    "process": "the environment of process {place}",
    "unit": "the unit's {place}",
    "canary": "the made-up key",
}

_ECHO_WORDS: Mapping[Arrival | None, str] = {
    Arrival.INTACT: "It arrived as it was sent.",
    Arrival.ABSENT: "It did not arrive.",
    Arrival.ALTERED: "It arrived altered.",
    Arrival.REPLACED: "Another key arrived in its place.",
    Arrival.UNKNOWN: "The answer does not tell how it arrived.",
}

_NEXT_CHECKS = {
    "proxy": "send the request through it to an endpoint that echoes headers, and look at what "
    "arrives",
    "client": "compare the headers that both clients sent, as the cassette has them",
    "headers": "add the changed headers one by one",
    "url": "compare the answers of both URLs in the cassette: do they come from the same server?",
    "redirects": "look at the hops in the cassette",
    "sign": "decode what was signed on both sides and compare the fields",
}
_NEXT_CHECK = "compare both exchanges in the cassette, field by field"


def flip_facts(context: FlipContext, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return every fact that a cause of a flip may name; `extra` wins."""
    failing, passing = context.failing, context.passing
    facts = {
        "axis": and_list([change.axis for change in context.changes]),
        "bad": levels_of(context.changes, failing=True),
        "good": levels_of(context.changes, failing=False),
        "outcome": str(failing.outcome),
        "good_fate": "a made-up key arrives as it was sent"
        if passing.arrival
        else "the same key passes",
        "status": status_words(failing.answer),
        "good_status": status_words(passing.answer),
        "status_note": f" ({status_words(failing.answer)})" if failing.answer else "",
        "says": quoted(message_of(failing.answer)),
        "url": url_of(failing),
        "good_url": url_of(passing),
        "hops": hops_of(failing),
        "final_url": _bare_url(failing.main_hops[-1].url) if failing.main_hops else url_of(failing),
        "proxy": _proxy_of(failing),
        "proxy_remedy": proxy_remedy(_proxy_of(failing), failing.plan.proxy),
        "proxy_denial": proxy_denial(_proxy_of(failing), failing.answer, failing.failure),
        "proxy_refusal": proxy_refusal(_proxy_of(failing), failing.answer, failing.failure),
        "failure": failure_words(failing),
        "offset": offset_words(failing.plan.clock_seconds - passing.plan.clock_seconds),
        "bad_form": and_list([str(form) for form in credential_forms(failing.plan)]) or "nothing",
        "good_form": and_list([str(form) for form in credential_forms(passing.plan)]) or "no key",
        "header": "",
        "unit": _unit_of(failing),
        "good_unit": _unit_of(passing),
        "next_check": _next_check(context.changes),
        "send_remedy": "correct what it names",
        "echo_words": _ECHO_WORDS.get(failing.echo, _ECHO_WORDS[Arrival.UNKNOWN]),
    }
    facts.update(key_facts(*(context.changed_key() or _shared_key(context))))
    facts.update(extra or {})
    return facts


def key_facts(passing: KeyFacts | None, failing: KeyFacts | None) -> dict[str, str]:
    """Return the facts of a key and of the one that passes, either of which may be unknown."""
    bad = failing.shape if failing else None
    good = passing.shape if passing else None
    rival = "; ".join(failing.shadows) if failing else ""
    lengths_differ = bad is not None and good is not None and bad.length != good.length
    return {
        "where": where(failing),
        "good_where": where(passing),
        "shape": str(bad) if bad else "an unknown shape",
        "good_shape": str(good) if good else "an unknown shape",
        "edges": and_list(new_edges(bad, good)) or "odd characters",
        "rival": rival or f"{where(passing)} has another value, which it hides",
        "shadow_note": f" Besides: {rival}." if rival else "",
        "key_error": (failing.error if failing else "") or "the source has no value",
        "key_remedy": _remedy(failing),
        "length_note": " in length too" if lengths_differ else " in value",
        "prefix": prefix_words(bad.prefix if bad else ""),
        "good_prefix_words": f"with {prefix_words(good.prefix)}"
        if good and good.prefix
        else "does not",
    }


def where(facts: KeyFacts | None) -> str:
    """Return where a person goes to change a key: a file and line, or a variable."""
    if facts is None:
        return "the key's source"
    kind, _, rest = facts.source.partition(" ")
    known = facts.place or rest
    return _WHERE.get(kind, "{place}").format(name=rest, place=known or facts.source)


def prefix_words(prefix: str) -> str:
    """Return a prefix with the provider that alone uses it."""
    provider = provider_of(prefix)
    return f"{prefix} (as {provider}'s keys do)" if provider else prefix or "no known prefix"


def offset_words(seconds: float) -> str:
    """Return a clock offset in words, such as `10 minutes ahead`."""
    size = abs(seconds)
    for unit_seconds, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if size >= unit_seconds:
            count = size / unit_seconds
            number = f"{count:.1f}".removesuffix(".0")
            plural = "" if number == "1" else "s"
            return f"{number} {unit}{plural} {'ahead' if seconds > 0 else 'behind'}"
    return "as it is" if not seconds else f"{size:.1f} seconds off"


def hops_of(side: Side) -> str:
    """Return the redirects that were followed, such as `http://a/x -> 307 -> https://a/x`."""
    parts: list[str] = []
    for exchange in side.main_hops:
        parts.append(_bare_url(exchange.url))
        if exchange.response and exchange is not side.main_hops[-1]:
            parts.append(str(exchange.response.status))
    return " -> ".join(parts) or "no request"


def failure_words(side: Side) -> str:
    """Return why there was no answer."""
    if side.failure is not None:
        return side.failure.message or side.failure.kind
    return side.reason or "no reason is known"


def url_of(side: Side) -> str:
    """Return the URL of the first request without its query, or as the scenario has it."""
    if side.main_hops:
        return _bare_url(side.main_hops[0].url)
    return str(side.plan.url)


def and_list(words: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no `and`
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def levels_of(changes: tuple[Change, ...], *, failing: bool) -> str:
    """Return the levels of one side, such as `key=dotenv and proxy=corp`."""
    return and_list(
        [
            f"{change.axis}={(change.failing if failing else change.passing).name}"
            for change in changes
        ]
    )


def exchange_ids(*exchanges: RedactedExchange | None) -> tuple[str, ...]:
    """Return the ids of those exchanges that are there."""
    return tuple(str(exchange.key) for exchange in exchanges if exchange is not None)


def _remedy(facts: KeyFacts | None) -> str:
    """Return the source's own hint where it says what to do, else the place to fill."""
    hint = facts.hint if facts else ""
    if hint.partition(" ")[0] in {"set", "add", "write", "save"}:
        return hint
    return f"put the key into {where(facts)}{f' ({hint})' if hint else ''}"


def _shared_key(context: FlipContext) -> tuple[KeyFacts | None, KeyFacts | None]:
    for name, facts in context.failing.keys.items():
        return context.passing.keys.get(name), facts
    return None, None


def _bare_url(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _proxy_of(side: Side) -> str:
    if side.last is not None and side.last.proxy:
        return side.last.proxy
    return side.plan.proxy.url if isinstance(side.plan.proxy, ProxyRoute) else "the proxy"


def _unit_of(side: Side) -> str:
    sign = side.plan.sign
    match sign:
        case JwtSign(unit=unit) | HmacSign(timestamp_format=unit):
            return _UNITS.get(unit, unit)
        case _:
            return "no unit"


def _next_check(changes: tuple[Change, ...]) -> str:
    for change in changes:
        check = _NEXT_CHECKS.get(change.field or change.axis)
        if check:
            return check
    return _NEXT_CHECK
