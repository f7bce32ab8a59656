from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import subprocess
import sys

import jwt
import pytest
from redaction.samples import BASE62, URL, exchange, made_up, secret

from harness.model.exchange import (
    Failure,
    Phase,
    RecordedExchange,
    RedactedExchange,
    RedactionSeal,
    TokenFacts,
)
from harness.model.request import ProxyHop
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
LABEL = "RDX~s1.sk.L35.Chex~"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SecretRegistry())


def recorded(made: RedactedExchange, **changes: object) -> RecordedExchange:
    fields = {
        field.name: getattr(made, field.name) for field in dataclasses.fields(RecordedExchange)
    }
    return RecordedExchange(**{**fields, **changes})


def everything(made: RedactedExchange) -> str:
    return repr(made)


def test_what_is_no_secret_survives(redactor: Redactor) -> None:
    given = exchange(KEY, response_headers=(("Server", "openresty"),), from_proxy=True)
    made = redactor.redact(given)
    assert (made.key, made.sequence, made.timing) == (given.key, 1, given.attempt.timing)
    assert (made.method, made.url, made.body) == ("POST", URL, '{"model":"deepseek-chat"}')
    assert made.headers[0] == ("Authorization", f"Bearer {LABEL}")
    assert made.response is not None
    assert (made.response.status, made.response.reason) == (401, "Authorization Required")
    assert made.response.headers == (("Server", "openresty"),)
    assert made.response.body == "Authentication Fails (governor)"
    assert made.response.from_proxy
    assert made.secret_ids == {"key": "s1"}


def test_headers_keep_order_case_and_duplicates(redactor: Redactor) -> None:
    headers = (("accept", "a"), ("Accept", "b"), ("ACCEPT", "c"), ("accept", "d"))
    assert redactor.redact(exchange(KEY, headers=headers)).headers == headers


def test_what_was_sent_is_redacted_apart_from_what_was_asked(redactor: Redactor) -> None:
    made = redactor.redact(
        exchange(f"{KEY} ", sent=(("Host", "h"), ("Authorization", f"Bearer {KEY}")))
    )
    assert made.headers[0][1] == "Bearer RDX~s1.sk.L36.Chex.wtsp1~"
    assert made.headers_sent == (("Host", "h"), ("Authorization", f"Bearer {LABEL}"))


def test_a_secret_of_the_response_is_hidden_in_the_request_too(redactor: Redactor) -> None:
    token = made_up(8, 28, BASE62, "")
    made = redactor.redact(
        exchange(
            KEY,
            url=f"{URL}/{token.lower()}",
            response_headers=(("Set-Cookie", f"sid={token}; Path=/"),),
            response_body=f'{{"you":"{token}"}}'.encode(),
        )
    )
    assert token not in everything(made)
    assert token.lower() not in everything(made)


def test_a_failure_keeps_its_words_without_the_proxy(redactor: Redactor) -> None:
    proxy = ProxyHop("http://proxy.corp:3128", secret("ann"), secret("pw-12345678", "PW"))
    failure = Failure(
        Phase.PROXY, "refused", "cannot connect to proxy.corp:3128 as ann:pw-12345678"
    )
    made = redactor.redact(exchange(KEY, proxy=proxy, failure=failure))
    assert made.proxy == "http://RDX~s4.host.L10.Cascii~:3128"
    assert made.failure is not None
    assert made.failure.message == (
        "cannot connect to RDX~s4.host.L10.Cascii~:3128 as ann:RDX~s2.pw.L8-11.Cb64u~"
    )
    assert made.response is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (gzip.compress(b"x", mtime=0), "gzip"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xfe\x00", "binary"),
        (b"text\0", "binary"),
    ],
)
def test_a_body_that_is_no_text_is_withheld(redactor: Redactor, body: bytes, kind: str) -> None:
    made = redactor.redact(exchange(KEY, response_body=body, body=body))
    label = f"RDX~none.blob.L{len(body)}.Cbytes.m{kind}~"
    assert made.response is not None
    assert (made.body, made.response.body) == (label, label)


def test_a_form_is_decided_by_name(redactor: Redactor) -> None:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    made = redactor.redact(
        exchange(KEY, headers=headers, body=f"grant_type=a&client_secret={KEY}&x=1".encode())
    )
    assert made.body == f"grant_type=a&client_secret={LABEL}&x=RDX~s2.L1-3.Cdec~"


def test_no_body_is_no_text(redactor: Redactor) -> None:
    assert redactor.redact(exchange(KEY, body=None)).body == ""


def test_a_key_of_bytes_that_are_no_utf8_is_found_in_headers_and_bodies(redactor: Redactor) -> None:
    key = "sk-abc\udce9def-" + "9z" * 5
    made = redactor.redact(
        exchange(
            key,
            sent=(("Authorization", f"Bearer {key}"), ("X-Lone\udcff", "\udcff")),
            response_body=b'{"you": "sk-abc\xc3\xa9def-9z9z9z9z9z"}',
        )
    )
    assert "9z9z" not in everything(made)
    assert made.headers[0][1] == "Bearer RDX~s1.sk.L21.Cbytes~"


def test_the_facts_of_a_token_survive_it(redactor: Redactor) -> None:
    claims = {"iat": 1, "nbf": 2, "exp": 3, "aud": ["a"], "iss": "me", "sub": "ann", "admin": True}
    token = jwt.encode(claims, KEY, headers={"kid": "k-1"})
    made = redactor.redact(exchange(KEY, headers=(("Authorization", f"Bearer {token}"),)))
    kept = {"iat": 1, "nbf": 2, "exp": 3, "aud": ["a"], "iss": "me"}
    assert made.tokens == (TokenFacts("s2", "HS256", "JWT", 3, kept),)
    assert made.headers[0][1].startswith("Bearer RDX~s2.jwt.L")
    assert redactor.readmit(recorded(made)) == made
    assert Redactor(SecretRegistry("x")).readmit(recorded(made)) == made


@pytest.mark.parametrize("token", ["eyJhbGciOiI.eyJ9.x", "eyJoYWxm.zz!!.x"])
def test_a_token_that_cannot_be_read_has_no_facts(redactor: Redactor, token: str) -> None:
    made = redactor.redact(exchange(KEY, headers=(("Authorization", f"Bearer {token}"),)))
    assert made.tokens == ()


def test_a_claim_that_holds_a_key_is_redacted(redactor: Redactor) -> None:
    token = jwt.encode({"iss": KEY, "aud": "x" * 500, "exp": True}, "k" * 32)
    made = redactor.redact(exchange(KEY, headers=(("Authorization", f"Bearer {token}"),)))
    assert [facts.claims for facts in made.tokens] == [{"iss": LABEL}]


def test_redacting_again_changes_nothing(redactor: Redactor) -> None:
    made = redactor.redact(
        exchange(
            f'"{KEY}"\n',
            url=f"https://ann:{KEY}@h/p?key={KEY}&model=a",
            proxy=ProxyHop("http://proxy.corp:3128"),
            response_headers=(("Set-Cookie", "a=b; Path=/"), ("WWW-Authenticate", "Bearer")),
            response_body=f'{{"Received": "{KEY}", "tail": "****{KEY[-4:]}"}}'.encode(),
        )
    )
    assert redactor.readmit(recorded(made)) == made
    assert Redactor(SecretRegistry("x")).readmit(recorded(made)) == made


def test_a_strangers_recording_comes_out_clean() -> None:
    stranger = made_up(5)
    raw = recorded(Redactor(SecretRegistry()).redact(exchange(KEY)))
    response = dataclasses.replace(raw.response, body=f"Received={stranger}")
    raw = dataclasses.replace(
        raw,
        headers=(("Authorization", f"Bearer {stranger}"),),
        url=f"https://h/?key={stranger}",
        body=f'{{"a": "{stranger}"}}',
        response=response,
        failure=Failure(Phase.SEND, "kind", f"failed with {stranger}"),
        secret_ids={"key": "s1", "odd": stranger},
        tokens=(TokenFacts(stranger),),
    )
    made = Redactor(SecretRegistry("x")).readmit(raw)
    assert stranger[3:] not in everything(made)
    assert made.headers == (("Authorization", "Bearer RDX~x1.sk.L35.Chex~"),)
    assert made.secret_ids == {"key": "s1"}


def test_what_was_learned_later_is_hidden_when_a_line_is_admitted_again(
    redactor: Redactor,
) -> None:
    word = "plainword-7"
    made = redactor.redact(exchange(KEY, response_body=f"got {word}".encode()))
    assert made.response is not None
    assert word in made.response.body
    redactor.registry.add(secret(word))
    again = redactor.readmit(recorded(made))
    assert again.response is not None
    assert again.response.body == "got RDX~s2.L8-11.Cb64u~"


def test_only_the_redactor_holds_the_seal(redactor: Redactor) -> None:
    made = redactor.redact(exchange(KEY))
    with pytest.raises(RuntimeError, match="claimed already"):
        RedactionSeal()
    with pytest.raises(TypeError, match="only the redactor"):
        dataclasses.replace(made, seal=object())


def test_the_seal_is_claimed_when_it_is_first_needed() -> None:
    code = (
        "import harness.redaction.redactor\n"
        "from harness.model.exchange import RedactionSeal\n"
        "RedactionSeal()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_prints_a_key(redactor: Redactor) -> None:
    given = exchange(KEY, url=f"https://h/?key={KEY}", response_body=KEY.encode())
    made = redactor.redact(given)
    shown = [repr(one) for one in (given, given.request, given.attempt, given.attempt.response)]
    shown += [repr(made), str(made), repr(recorded(made)), repr(redactor.registry)]
    shown += [repr(given.secrets), f"{given.secrets['key']}"]
    assert not [text for text in shown if KEY[3:11] in text or KEY[-4:] in text]


def test_a_basic_proxy_password_is_hidden_in_echoes(redactor: Redactor) -> None:
    proxy = ProxyHop("http://h:1", secret("ann"), secret("open sesame 7", "PW"))
    echo = base64.b64encode(b"ann:open sesame 7")
    made = redactor.redact(exchange(KEY, proxy=proxy, response_body=b"got " + echo))
    assert made.response is not None
    assert made.response.body == "got RDX~s2.L24.eb64~"


def test_a_token_in_a_header_is_one_secret_on_every_side(redactor: Redactor) -> None:
    token = made_up(8, 40, BASE62, "")
    made = redactor.redact(
        exchange(
            KEY,
            headers=(("Authorization", ""), ("X-Empty", ""), ("X-Custom", token)),
            response_headers=(("X-Custom", token), ("X-Empty", "")),
        )
    )
    assert made.response is not None
    assert made.headers[2][1] == made.response.headers[0][1] == "RDX~s2.L40.Cb62~"
    assert made.headers[1][1] == made.response.headers[1][1] == ""


def test_a_server_that_sends_thousands_of_tokens_does_not_fill_the_registry(
    redactor: Redactor,
) -> None:
    body = "\n".join(made_up(seed, 40) for seed in range(1500)).encode()
    made = redactor.redact(exchange(KEY, response_body=body))
    assert made.response is not None
    assert len(list(redactor.registry)) < 600
    lines = made.response.body.split("\n")
    assert len(lines) == 1500
    assert all(line.startswith("RDX~") for line in lines)
    assert lines[-1] == "RDX~none.sk.L43.Chex~"
    redactor.registry.add(secret(made_up(1499, 40)))
    assert redactor.text(made_up(1499, 40)) == "RDX~s502.sk.L43.Chex~"


@pytest.mark.parametrize("sign", ['"', "<", ">", "'", "&"])
def test_the_end_of_a_key_with_a_sign_in_it_does_not_survive(redactor: Redactor, sign: str) -> None:
    key = f"{made_up(8, 24, BASE62)}{sign}{made_up(9, 7, BASE62, prefix='')}"
    redactor.registry.add(secret(key))
    told = redactor.text(json.dumps({"message": f"ends with {key[-12:]}"}))
    assert key[-7:] not in told
    assert json.loads(told)["message"].startswith("ends with ")
