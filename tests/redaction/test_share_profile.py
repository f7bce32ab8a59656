from __future__ import annotations

import dataclasses
import json

import pytest
from redaction.samples import exchange, made_up

from harness.model.exchange import Failure, Phase, RedactedExchange, TokenFacts
from harness.model.outcome import Outcome
from harness.model.wire import (
    BodyForm,
    RedactedMessage,
    RedactedTunnel,
    RedactedWire,
    TlsFacts,
)
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.share_profile import Bodies, ShareSettings

KEY = made_up(1)


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SecretRegistry())


def shared(
    redactor: Redactor,
    made: RedactedExchange,
    outcome: Outcome = Outcome.DENIED,
    bodies: Bodies = Bodies.SHAPE,
) -> RedactedExchange:
    profile = redactor.share_profile(ShareSettings(bodies=bodies, words=("mallory",)))
    return redactor.readmit(profile.exchange(made, outcome))


def test_the_key_the_status_and_the_message_survive(redactor: Redactor):
    made = redactor.redact(exchange(KEY))
    again = shared(redactor, made)
    assert again.headers == made.headers
    assert again.response == made.response
    assert (again.url, again.timing, again.secret_ids) == (made.url, made.timing, made.secret_ids)


def test_hosts_become_classes_everywhere_with_one_id(redactor: Redactor):
    made = dataclasses.replace(
        redactor.redact(exchange(KEY)),
        url="http://llm.corp.acme.com:8000/v1/x",
        headers_sent=(("Host", "llm.corp.acme.com:8000"), ("X", "y")),
        failure=Failure(Phase.CONNECT, "refused", "llm.corp.acme.com:8000 refused mallory"),
        wire=RedactedWire(
            sent=RedactedMessage(lines=("POST /v1/x HTTP/1.1", "Host: llm.corp.acme.com:8000")),
            tunnel=RedactedTunnel(
                RedactedMessage(lines=("CONNECT llm.corp.acme.com:8000 HTTP/1.1",)),
                RedactedMessage(lines=("HTTP/1.1 200 OK", "", "odd line of llm.corp.acme.com")),
            ),
            peer="10.0.0.5:8000",
            local="192.168.0.2:5555",
            tls=TlsFacts(sni="llm.corp.acme.com", issuer="CN=ca.corp.acme.com"),
        ),
    )
    again = shared(redactor, made)
    host = again.url.removeprefix("http://").partition(":")[0]
    assert host.startswith("RDX~s")
    assert host.endswith(".host~")
    assert again.url == f"http://{host}:8000/v1/x"
    assert again.headers_sent[0] == ("Host", f"{host}:8000")
    assert again.failure is not None
    assert again.failure.message.startswith(f"{host}:8000 refused RDX~")
    assert again.wire is not None
    assert again.wire.sent.lines[1] == f"Host: {host}:8000"
    assert again.wire.tunnel is not None
    assert again.wire.tunnel.sent.lines == (f"CONNECT {host}:8000 HTTP/1.1",)
    assert again.wire.tls is not None
    assert again.wire.tls.sni == host
    for text in (again.wire.peer, again.wire.local, again.wire.tls.issuer):
        assert text is not None
        assert "RDX~" in text
    assert "acme" not in repr(again)


def test_this_machines_loopback_and_public_hosts_stay(redactor: Redactor):
    made = redactor.redact(exchange(KEY))
    wire = RedactedWire(peer="127.0.0.1:80", local="[::1]:5", tls=TlsFacts(sni="api.deepseek.com"))
    again = shared(redactor, dataclasses.replace(made, wire=wire))
    assert again.wire == wire


def test_a_prompt_is_a_shape_and_a_form_goes_by_names(redactor: Redactor):
    made = redactor.redact(exchange(KEY, body=b'{"model":"m","prompt":"the merger of two"}'))
    assert '"model":"m","prompt":"RDX~' in shared(redactor, made).body
    assert shared(redactor, made, bodies=Bodies.KEEP).body == made.body
    form = dataclasses.replace(
        made, headers=(("Content-Type", "application/x-www-form-urlencoded; x"),), body="limit=5"
    )
    assert shared(redactor, form).body == "limit=5"


def test_a_good_answer_is_a_shape_a_refusal_is_told(redactor: Redactor):
    made = redactor.redact(exchange(KEY, status=200, response_body=b'{"text":"all of it here"}'))
    again = shared(redactor, made, Outcome.PASS)
    assert again.response is not None
    assert "all of it" not in again.response.body
    told = shared(redactor, made, Outcome.DENIED)
    assert told.response is not None
    assert "all of it" not in told.response.body  # `text` is where an echo stands
    kept = shared(redactor, made, Outcome.PASS, Bodies.KEEP)
    assert kept.response == made.response


def test_what_is_no_answer_is_a_shape(redactor: Redactor):
    message = RedactedMessage(body_form=BodyForm.TEXT, body="SSH-2.0-OpenSSH_9 build 77")
    made = dataclasses.replace(redactor.redact(exchange(KEY)), wire=RedactedWire(received=message))
    again = shared(redactor, made)
    assert again.wire is not None
    assert again.wire.received.body.startswith("RDX~")
    kept = shared(redactor, made, bodies=Bodies.KEEP)
    assert kept.wire is not None
    assert kept.wire.received.body == message.body


def test_claims_of_tokens_name_no_private_host(redactor: Redactor):
    facts = TokenFacts(
        "s1", claims={"iss": "https://sso.internal/", "aud": ["a", "x.lan"], "exp": 5}
    )
    profile = redactor.share_profile(ShareSettings())
    made = dataclasses.replace(redactor.redact(exchange(KEY)), tokens=(facts,))
    (again,) = profile.exchange(made, Outcome.DENIED).tokens
    assert again.claims["exp"] == 5
    assert "internal" not in repr(again)
    assert ".lan" not in repr(again)


def test_an_echo_of_the_request_names_no_private_host(redactor: Redactor):
    made = dataclasses.replace(
        redactor.redact(exchange(KEY, status=200, response_body=b'{"headers": {"Host": "gw:80"}}')),
        headers_sent=(("Host", "gw:80"),),
    )
    again = shared(redactor, made, Outcome.PASS)
    assert again.response is not None
    shown = again.headers_sent[0][1]
    assert shown.endswith(".host~:80")
    assert json.loads(again.response.body) == {"headers": {"Host": shown}}
