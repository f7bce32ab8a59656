"""The steps of a run as a generator: no server, no clock, no event loop."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import draft, secret
from support.made_keys import made_key

from harness.errors import SourceError
from harness.model.exchange import ExchangeKey, Response, Step
from harness.model.key_source import EnvSource
from harness.model.request import (
    AutoHeaders,
    BearerSign,
    Credentials,
    JwtSign,
    ProxyRoute,
    RedirectPolicy,
    RequestPlan,
    TlsSettings,
)
from harness.model.signature import (
    DigestSign,
    HmacSign,
    HttpSignature,
    Message,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)
from harness.model.template import KeyReference, Template
from harness.runner.shared_answers import SharedAnswers
from harness.signing.build import World
from harness.signing.digest import DigestAccount
from harness.signing.flow import Answered, goes_on, sign_flow
from harness.signing.http_signature import Covered
from harness.signing.sigv4 import SigV4Keys
from harness.signing.target import target_of

KEY, ID, PROXY = EnvSource("KEY"), EnvSource("ID"), EnvSource("PROXY")
VALUES = {source: made_key(f"flow {source}") for source in (KEY, ID, PROXY)}
SECRETS = {source: secret(value) for source, value in VALUES.items()}
WORLD = World(lambda path: b"", lambda url: "")
TOKEN = made_key("flow token")
NONCE = (("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'),)
STALE = (("WWW-Authenticate", 'Digest realm="r", nonce="m", qop="auth", stale=true'),)
OAUTH2 = OAuth2Sign(token_url="https://login.test/t", client_id=ID, scope="a b", audience="x")


def plan(sign, **fields) -> RequestPlan:
    named = {"url": Template.of("https://x.test/a?b=1"), "keys": {"key": KEY}, "method": "GET"}
    return RequestPlan(**(named | {"sign": sign} | fields))


def flow(sign, now=lambda: 0.0, **fields):
    return sign_flow(plan(sign, **fields), SECRETS, WORLD, now)


def answer(status=200, document=None, headers=()) -> Answered:
    body = b"" if document is None else json.dumps(document).encode()
    return Answered(Response(status, "", headers, body))


def header(request, name: str) -> list[str]:
    return [value for key, value in request.headers if key.lower() == name.lower()]


def steps(running, *answers) -> list[tuple[Step, int]]:
    sent = [next(running)]
    for one in answers:
        try:
            sent.append(running.send(one))
        except StopIteration:
            break
    return [(item.step, item.attempt) for item in sent]


def test_most_signatures_take_one_request():
    assert steps(flow(BearerSign()), answer()) == [(Step.MAIN, 1)]
    sending = next(flow(BearerSign(), proxy=ProxyRoute("http://p:1", "me", PROXY)))
    assert set(sending.secrets) == {"key", "proxy.password"}
    assert sending.born(Response(200, "", (), b"")) == {}


def test_a_client_shows_itself_as_basic_each_part_encoded_as_in_a_form():
    sending = next(flow(OAUTH2, proxy=ProxyRoute("http://p:1", "me", PROXY)))
    request = sending.request
    assert (sending.step, request.method, request.url) == (
        Step.AUTH,
        "POST",
        "https://login.test/t",
    )
    assert request.body == b"grant_type=client_credentials&scope=a+b&audience=x"
    coded = header(request, "Authorization")[0].removeprefix("Basic ")
    assert base64.b64decode(coded).decode() == f"{VALUES[ID]}:{VALUES[KEY]}"
    assert set(sending.secrets) == {"key", "sign.client_id", "proxy.password"}
    assert request.proxy is not None
    assert request.redirects == RedirectPolicy(follow=0)


def test_odd_characters_in_a_client_survive_basic():
    sign = OAuth2Sign(token_url="https://l.test/t", client_id="a:b &ü")
    coded = header(next(flow(sign)).request, "Authorization")[0].removeprefix("Basic ")
    assert base64.b64decode(coded).startswith(b"a%3Ab+%26%C3%BC:")


def test_a_client_may_show_itself_in_the_form():
    sign = OAuth2Sign(token_url="https://l.test/t", client_id="me", client_secret=ID, in_body=True)
    request = next(flow(sign)).request
    assert request.body == (
        f"grant_type=client_credentials&client_id=me&client_secret={VALUES[ID]}".encode()
    )
    assert not header(request, "Authorization")


def test_the_token_is_a_secret_from_birth_and_goes_to_the_api_alone():
    running = flow(OAUTH2, headers=(("X", Template((KeyReference("key"),))),))
    auth = next(running)
    got = answer(200, {"access_token": TOKEN, "refresh_token": "r-1", "token_type": "BEARER"})
    born = auth.born(got.response)
    assert set(born) == {"oauth2.access_token", "oauth2.refresh_token"}
    assert str(born["oauth2.access_token"].provenance) == "oauth2 token_url login.test"
    main = running.send(got)
    assert header(main.request, "Authorization") == [f"Bearer {TOKEN}"]
    assert "authorization" in main.request.credential_headers
    assert set(main.secrets) == {"key", "oauth2.access_token"}
    assert main.step is Step.MAIN


@pytest.mark.parametrize("status", [400, 401, 302, 500])
def test_an_answer_that_is_no_success_ends_the_flow(status):
    assert steps(flow(OAUTH2), answer(status, {"access_token": TOKEN})) == [(Step.AUTH, 1)]


def test_no_answer_ends_the_flow():
    assert steps(flow(OAUTH2), Answered(None)) == [(Step.AUTH, 1)]
    assert steps(flow(DigestSign(username="me")), Answered(None)) == [(Step.PREFLIGHT, 1)]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "login.test answered 200 without access_token"),
        ([], "without access_token"),
        ({"access_token": 5}, "without access_token"),
        ({"access_token": ""}, "without access_token"),
        ({"access_token": TOKEN, "token_type": "mac"}, "another token_type"),
        ({"access_token": TOKEN, "token_type": 1}, "another token_type"),
    ],
)
def test_an_answer_without_a_bearer_token_says_so(document, words):
    running = flow(OAUTH2)
    next(running)
    with pytest.raises(SourceError, match=words) as caught:
        running.send(answer(200, document))
    assert TOKEN not in f"{caught.value}{caught.value.hint}"


def test_the_time_of_a_request_is_that_of_its_own_sending():
    times = iter((1.0, 2.0))
    running = flow(OAUTH2, now=lambda: next(times))
    next(running)
    running.send(answer(200, {"access_token": TOKEN}))
    assert next(times, None) is None


def test_digest_asks_first_without_a_credential():
    running = flow(DigestSign(username=ID))
    first = next(running)
    assert (first.step, dict(first.secrets)) == (Step.PREFLIGHT, {})
    assert first.request.redirects.follow == 0
    assert not header(first.request, "Authorization")
    second = running.send(answer(401, headers=NONCE))
    assert header(second.request, "Authorization")[0].startswith(f'Digest username="{VALUES[ID]}"')
    assert 'uri="/a?b=1"' in header(second.request, "Authorization")[0]
    assert set(second.secrets) == {"key", "sign.username"}
    assert second.request.redirects == RedirectPolicy()


DIGEST = DigestSign(username="me")
ASKED = [(Step.PREFLIGHT, 1), (Step.MAIN, 1)]


@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ((answer(200),), ASKED[:1]),
        ((answer(401),), ASKED[:1]),
        ((answer(403, headers=NONCE),), ASKED[:1]),
        ((answer(401, headers=NONCE), answer(200)), ASKED),
        ((answer(401, headers=NONCE), answer(401, headers=NONCE)), ASKED),
        ((answer(401, headers=NONCE), answer(200, headers=STALE)), ASKED),
        ((answer(401, headers=NONCE), Answered(None)), ASKED),
        (
            (answer(401, headers=NONCE), *[answer(401, headers=STALE)] * 3),
            [*ASKED, (Step.MAIN, 2)],
        ),
        (
            (answer(401, headers=NONCE), Answered(Response(401, "", STALE, b""), hop=1)),
            ASKED,
        ),
    ],
)
def test_digest_answers_a_challenge_and_a_stale_nonce_once(answers, sent):
    assert steps(flow(DIGEST), *answers) == sent


@pytest.mark.parametrize(
    ("sign", "step", "status", "headers", "goes"),
    [
        (None, Step.MAIN, 401, STALE, False),
        (OAUTH2, Step.AUTH, 200, (), True),
        (OAUTH2, Step.AUTH, 401, (), False),
        (OAUTH2, Step.MAIN, 200, (), False),
        (DIGEST, Step.PREFLIGHT, 401, NONCE, True),
        (DIGEST, Step.PREFLIGHT, 200, (), False),
        (DIGEST, Step.MAIN, 401, NONCE, False),
        (DIGEST, Step.MAIN, 401, STALE, True),
    ],
)
def test_whether_a_flow_goes_on_can_be_told_from_one_answer(sign, step, status, headers, goes):
    assert goes_on(sign, ExchangeKey("v", step=step), status, headers) is goes


@given(st.integers(0, 2), st.integers(1, 3))
def test_a_stale_nonce_counts_once_and_at_the_first_hop_only(hop, attempt):
    key = ExchangeKey("v", step=Step.MAIN, hop=hop, attempt=attempt)
    assert goes_on(DIGEST, key, 401, STALE) is (hop == 0 and attempt == 1)


EVERY = (
    *(BearerSign(), JwtSign(), JwtSign(issuer=ID, preset="kling"), DIGEST, OAUTH2),
    HmacSign(message=Message((KeyReference("key"),)), secret=ID),
    SigV4Sign(access_key=ID, region="r", service="s", session_token=PROXY),
    Tc3Sign(secret_id=ID, service="s", action="a", version="v"),
    HttpSignature(key_id=ID),
)


@pytest.mark.parametrize("sign", EVERY, ids=lambda sign: type(sign).__name__)
def test_no_kind_shows_a_secret(sign):
    running = flow(sign)
    sending = next(running)
    shown = f"{sending!r} {sending} {sending.request!r} {sending.secrets!r} {sign!r}"
    for value in VALUES.values():
        assert value not in shown


@pytest.mark.parametrize("sign", EVERY, ids=lambda sign: type(sign).__name__)
def test_every_kind_says_the_same_for_the_same_moment(sign):
    first, again = (next(flow(sign, now=lambda: 1e9)).request for _ in range(2))
    assert (first.url, first.headers, first.body) == (again.url, again.headers, again.body)


@pytest.mark.parametrize("sign", EVERY, ids=lambda sign: type(sign).__name__)
def test_the_variants_clock_is_the_true_time_moved(sign):
    moved = next(flow(sign, now=lambda: 1e9, clock_seconds=60.0)).request
    later = next(flow(sign, now=lambda: 1e9 + 60)).request
    assert (moved.url, moved.headers, moved.body) == (later.url, later.headers, later.body)


def test_helpers_of_the_signers_show_nothing():
    value = VALUES[KEY]
    made = (
        *(SigV4Keys(value, SECRETS[KEY]), DigestAccount(value, SECRETS[KEY]), SharedAnswers()),
        Covered(components=("@path",), created=1, key_id=value),
        target_of(draft("GET", f"https://x/?k={value}")),
    )
    assert value not in repr(made)


def test_the_place_of_a_shared_answer_shows_nothing():
    import asyncio

    async def shown() -> str:
        shared = SharedAnswers()
        async with shared.place_of(next(flow(OAUTH2)).request) as place:
            place.answered = answer(200, {"access_token": TOKEN})
            return f"{place!r} {shared!r} {place.answered!r}"

    assert asyncio.run(shown()) == (
        "<Place> <SharedAnswers 1> Answered(response=<Response 200>, hop=0)"
    )


CONNECTION = {
    "client": "raw",
    "http": "1.0",
    "auto_headers": AutoHeaders.NONE,
    "resolve": (("login.test:443", "127.0.0.1:1"),),
    "tls": TlsSettings(verify=False, ca="ca", cert="c", key="k", sni="x.test", min="1.2"),
}


def connection(request) -> dict[str, object]:
    return {name: getattr(request, name) for name in CONNECTION}


@pytest.mark.parametrize("sign", [DigestSign(username="me"), OAUTH2])
def test_the_first_request_connects_as_the_main_one_does(sign):
    running = flow(sign, **CONNECTION, url=Template.of("https://login.test/api"))
    first = next(running).request
    token = {"access_token": TOKEN}
    challenged = answer(401, headers=NONCE) if sign is not OAUTH2 else answer(200, token)
    main = running.send(challenged).request
    assert connection(first) == connection(main) == CONNECTION


def test_the_name_for_tls_and_a_client_certificate_are_not_shown_to_a_token_server_elsewhere():
    first = next(flow(OAUTH2, **CONNECTION)).request
    assert first.tls == TlsSettings(verify=False, ca="ca", min="1.2")
    assert first.resolve == CONNECTION["resolve"]
    always = RedirectPolicy(5, Credentials.ALWAYS)
    wandering = next(flow(OAUTH2, **CONNECTION, redirects=always)).request
    assert (wandering.tls.cert, wandering.tls.key, wandering.tls.sni) == ("c", "k", None)


def test_an_answer_serves_only_who_asks_the_same_server():
    async def places() -> list[bool]:
        shared = SharedAnswers()
        asked = [
            next(flow(OAUTH2, **fields)).request
            for fields in ({}, {"client": "raw"}, {"resolve": CONNECTION["resolve"]})
        ]
        async with shared.place_of(asked[0]) as first:
            pass
        kept = []
        for request in asked:
            async with shared.place_of(request) as place:
                kept.append(place is first)
        return kept

    assert asyncio.run(places()) == [True, True, False]
