"""No secret survives, wherever it stands and however it is written; placeholders do."""

from __future__ import annotations

import base64
import dataclasses
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from redaction.samples import BASE62, HEX, exchange, secret

from harness.leak_scan.gate import find_leaks
from harness.model.exchange import Exchange, Failure, Phase, RecordedExchange, RedactedExchange
from harness.redaction.common_values import is_common
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

FORMS: dict[str, Callable[[str], str]] = {
    "raw": lambda key: key,
    "upper": str.upper,
    "lower": str.lower,
    "percent": lambda key: quote(key, safe=""),
    "plus": quote_plus,
    "lower percent": lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
    "double percent": lambda key: quote(quote(key, safe=""), safe=""),
    "JSON": lambda key: json.dumps(key)[1:-1],
    "JSON in JSON": lambda key: json.dumps(json.dumps(key))[1:-1],
    "HTML": html.escape,
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64, one before": lambda key: base64.b64encode(b":" + key.encode()).decode(),
    "base64, two around": lambda key: base64.b64encode(b"u:" + key.encode() + b"\r\n").decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(key.encode()).decode().rstrip("="),
    "hex": lambda key: key.encode().hex(),
    "upper hex": lambda key: key.encode().hex().upper(),
    "percent of base64": lambda key: quote(base64.b64encode(key.encode()), safe=""),
    "masked": lambda key: f"****{key.strip()[-4:]}",
    "first and last": lambda key: f"{key.strip()[:6]}****{key.strip()[-4:]}",
}
KEYS = st.one_of(
    st.text(HEX, min_size=24, max_size=40).map(lambda text: f"sk-{text}"),
    st.text(BASE62, min_size=16, max_size=60),
    st.text(BASE62 + "+/=-_.!$ %&<>\"'\\;:@", min_size=12, max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=10, max_size=30),
    st.text(HEX, min_size=24, max_size=40).map(lambda text: f'"sk-{text}"\r\n'),
)
SURROUNDINGS = st.text(BASE62 + " .,:;/?&={}[]\"'<>", max_size=12)


def _header(written: str) -> Exchange:
    return exchange(headers=(("X-Anything", written), ("User-Agent", written)))


PLACES: dict[str, Callable[[str], Exchange]] = {
    "url query": lambda text: exchange(url=f"https://h/p?model={text}"),
    "url path": lambda text: exchange(url=f"https://h/{text}/x"),
    "userinfo": lambda text: exchange(url=f"https://u:{text}@h/"),
    "header": _header,
    "credentials": lambda text: exchange(headers=(("Authorization", f"Bearer {text}"),)),
    "sent": lambda text: exchange(sent=(("Cookie", f"a={text}"), ("Host", text))),
    "header name": lambda text: exchange(headers=((text, "x"),)),
    "body": lambda text: exchange(body=f'{{"a": "{text}"}}'.encode()),
    "reason": lambda text: exchange(reason=text),
    "response header": lambda text: exchange(
        response_headers=(("Set-Cookie", f"a=b; Path={text}"), ("Location", f"/x#{text}"))
    ),
    "challenge": lambda text: exchange(
        response_headers=(("WWW-Authenticate", f'Bearer realm="{text}", error=x'),)
    ),
    "response body": lambda text: exchange(response_body=f"got <{text}>.".encode()),
    "failure": lambda text: exchange(failure=Failure(Phase.SEND, "odd", f"could not send {text}")),
}


def _texts(made: RedactedExchange) -> str:
    parts = [made.method, made.url, made.body, made.proxy or ""]
    parts += [part for pair in (*made.headers, *made.headers_sent) for part in pair]
    if made.response is not None:
        parts += [made.response.reason, made.response.body]
        parts += [part for pair in made.response.headers for part in pair]
    if made.failure is not None:
        parts += [made.failure.kind, made.failure.message]
    return "\n".join(parts)


def _recorded(made: RedactedExchange) -> RecordedExchange:
    names = [field.name for field in dataclasses.fields(RecordedExchange)]
    return RecordedExchange(**{name: getattr(made, name) for name in names})


@settings(max_examples=400, deadline=None, derandomize=True)
@given(KEYS, st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(PLACES)))
def test_a_known_secret_survives_nowhere_in_no_form(key: str, form: str, place: str) -> None:
    assume(not is_common(key))
    assume("RDX~" not in key)
    written = FORMS[form](key)
    given_exchange = dataclasses.replace(PLACES[place](written), secrets={"key": secret(key)})
    made = Redactor(SecretRegistry()).redact(given_exchange)
    shown = _texts(made)
    if form not in {"masked", "first and last"}:
        assert written.lower() not in shown.lower()
    assert find_leaks(shown.encode("utf-8", "surrogatepass"), [secret(key)]) == ()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(KEYS, SURROUNDINGS, SURROUNDINGS, st.sampled_from(sorted(FORMS)))
def test_a_secret_in_any_text_goes(key: str, before: str, after: str, form: str) -> None:
    assume(not is_common(key))
    assume("RDX~" not in key)
    redactor = Redactor(SecretRegistry())
    redactor.registry.add(secret(key))
    shown = redactor.text(before + FORMS[form](key) + after)
    assert find_leaks(shown.encode("utf-8", "surrogatepass"), [secret(key)]) == ()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(KEYS, st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(PLACES)))
def test_a_redacted_exchange_is_readmitted_unchanged(key: str, form: str, place: str) -> None:
    given_exchange = dataclasses.replace(
        PLACES[place](FORMS[form](key)), secrets={"k": secret(key)}
    )
    made = Redactor(SecretRegistry()).redact(given_exchange)
    assert Redactor(SecretRegistry("x")).readmit(_recorded(made)) == made


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_redacting_a_text_twice_changes_nothing(text: str) -> None:
    redactor = Redactor(SecretRegistry())
    once = redactor.text(text)
    assert redactor.text(once) == once


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.characters(), min_size=1, max_size=40), st.text(st.characters(), max_size=60))
def test_any_secret_and_any_text_can_be_redacted(key: str, text: str) -> None:
    redactor = Redactor(SecretRegistry())
    made = redactor.redact(exchange(key, response_body=text.encode("utf-8", "surrogatepass")))
    assert made.secret_ids == {"key": "s1"}
