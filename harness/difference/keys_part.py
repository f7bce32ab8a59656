"""Compare the keys that two requests were built from, and what their tokens say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from harness.difference.difference import Difference, Part, Weight
from harness.difference.judgement import Pair, judge
from harness.difference.likeness import OPEN_SHAPELESS, SHAPELESS, Scope
from harness.model.exchange import RedactedExchange, TokenFacts
from harness.model.key_facts import KeyFacts
from harness.redaction.placeholder import Placeholder, find_placeholders, split_placeholders

_ISSUED = frozenset({"oauth2.access_token"})
"""Names of secrets that a run is given anew by its first request."""


def fresh_ids(exchange: RedactedExchange) -> frozenset[str]:
    """Return the ids of secrets made or issued for this exchange alone.

    Those are issued tokens, tokens that are no key themselves and so were signed here, and
    what stands in the answer alone.
    """
    names = exchange.secret_ids.items()
    keys = {secret_id for name, secret_id in names if name not in _ISSUED}
    issued = {secret_id for name, secret_id in names if name in _ISSUED}
    signed = {facts.secret_id for facts in exchange.tokens}
    answered = _ids_in(_answer_texts(exchange)) - _ids_in(_request_texts(exchange))
    return frozenset((issued | signed | answered) - keys)


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """Where the keys of A and of B came from and what they are like, by secret id."""

    left: Mapping[str, KeyFacts] = field(default_factory=dict)
    right: Mapping[str, KeyFacts] = field(default_factory=dict)


def compare_keys(
    left: RedactedExchange, right: RedactedExchange, scope: Scope, known: KnownKeys
) -> Iterator[Difference]:
    """Yield the keys that differ, by the names that the scenario gives them.

    The placeholders in the requests decide; where a key stands in none, for it only signs, the
    facts of the run do.
    """
    one, other = _keys(left), _keys(right)
    for name in dict.fromkeys((*one, *other)):
        facts = known.left.get(left.secret_ids.get(name, ""))
        other_facts = known.right.get(right.secret_ids.get(name, ""))
        shown = (_shown(one.get(name), facts), _shown(other.get(name), other_facts))
        both = name in one and name in other
        texts = (one[name], other[name]) if both else None
        for found in judge(Pair(Part.KEY, name, *shown, texts), scope):
            yield _by_facts(found, facts, other_facts)


def compare_tokens(
    left: tuple[TokenFacts, ...], right: tuple[TokenFacts, ...], scope: Scope
) -> Iterator[Difference]:
    """Yield what differs in the headers and the claims of tokens, first with first."""
    for index in range(max(len(left), len(right))):
        one = _facts(left[index]) if index < len(left) else {}
        other = _facts(right[index]) if index < len(right) else {}
        number = f" {index + 1}" if index else ""
        for name in dict.fromkeys((*one, *other)):
            pair = Pair(Part.CREDENTIALS, f"token{number} {name}", one.get(name), other.get(name))
            yield from judge(pair, scope)


def _keys(exchange: RedactedExchange) -> dict[str, str]:
    """Return what is shown of each key: its placeholder as it stands in the request.

    One that stands nowhere, for it only signs, is shown by its id.
    """
    shapes: dict[str, str] = {}
    for text in _request_texts(exchange):
        for one in _placeholders(text):
            if not one.part and not one.encoding:
                shapes.setdefault(one.id, str(one))
    return {
        name: shapes.get(secret_id, str(Placeholder(secret_id)))
        for name, secret_id in exchange.secret_ids.items()
    }


def _shown(placeholder: str | None, facts: KeyFacts | None) -> str | None:
    if placeholder is None or facts is None:
        return placeholder
    return f"{placeholder} from {facts.source}"


def _by_facts(found: Difference, left: KeyFacts | None, right: KeyFacts | None) -> Difference:
    """Say what is known of keys that stand in no text; another form proves another value."""
    if found.words not in {SHAPELESS, OPEN_SHAPELESS} or left is None or right is None:
        return found
    if left.shape is None or right.shape is None or left.shape == right.shape:
        return found
    words = f"{right.shape} in place of {left.shape}"
    return replace(found, words=words, weight=Weight.DIFFERS)


def _facts(token: TokenFacts) -> dict[str, str]:
    facts = {
        "alg": token.algorithm,
        "typ": token.type,
        "length of kid": "" if token.key_id_length is None else str(token.key_id_length),
        **{
            f"claim {name}": claim if isinstance(claim, str) else json.dumps(claim)
            for name, claim in token.claims.items()
        },
    }
    return {name: text for name, text in facts.items() if text}


def _ids_in(texts: list[str]) -> set[str]:
    return {one.id for text in texts for one in _placeholders(text)}


def _placeholders(text: str) -> Iterator[Placeholder]:
    """Yield every placeholder once, however often a stranger's text has it."""
    for one in dict.fromkeys(split_placeholders(text)[1::2]):
        yield from find_placeholders(one)


def _request_texts(exchange: RedactedExchange) -> list[str]:
    headers = (*exchange.headers_sent, *exchange.headers)
    tunnel = exchange.wire.tunnel if exchange.wire else None
    lines = tunnel.sent.lines if tunnel else ()
    return [*(value for _, value in headers), exchange.url, exchange.body, *lines]


def _answer_texts(exchange: RedactedExchange) -> list[str]:
    response = exchange.response
    if response is None:
        return []
    return [*(value for _, value in response.headers), response.body]
