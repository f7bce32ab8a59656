"""The worked examples of RFC 7616 (3.9.1) and RFC 2617 (3.5), and challenges as they come."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import secret

from harness.errors import SourceError
from harness.model.request import RedirectPolicy, SignedRequest
from harness.signing.challenge import DigestChallenge, digest_challenges
from harness.signing.digest import DigestAccount, chosen, digest_authorization

MUFASA = DigestAccount("Mufasa", secret("Circle of Life"))
REALM = "http-auth@example.org"
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def request(url="http://www.example.org/dir/index.html", method="GET", body=None):
    return SignedRequest(
        method=method,
        url=url,
        headers=(),
        body=body,
        proxy=None,
        client="aiohttp",
        redirects=RedirectPolicy(),
        timeout_seconds=1.0,
    )


def answered(challenge, account=MUFASA, cnonce=CNONCE, sent=None) -> dict[str, str]:
    value = digest_authorization(sent or request(), account, challenge, cnonce)
    assert value.startswith("Digest ")
    return {n: v.strip('"') for n, v in re.findall(r'(\w+)=("[^"]*"|[^,]*)', value)}


def challenge(algorithm="MD5", qops=("auth", "auth-int"), **fields):
    return DigestChallenge(REALM, NONCE, algorithm, qops, OPAQUE, **fields)


@pytest.mark.parametrize(
    ("algorithm", "published"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_come_out(algorithm, published):
    assert answered(challenge(algorithm)) == {
        "username": "Mufasa",
        "realm": REALM,
        "nonce": NONCE,
        "uri": "/dir/index.html",
        "response": published,
        "algorithm": algorithm,
        "qop": "auth",
        "nc": "00000001",
        "cnonce": CNONCE,
        "opaque": OPAQUE,
    }


def test_the_example_of_rfc_2617_comes_out():
    old = DigestChallenge(
        "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "MD5", ("auth",)
    )
    account = DigestAccount("Mufasa", secret("Circle Of Life"))
    fields = answered(old, account, "0a4f113b")
    assert fields["response"] == "6629fae49393a05397450978507c4ef1"
    assert "opaque" not in fields


def test_a_server_of_before_qop_gets_the_short_answer():
    fields = answered(challenge(qops=()))
    assert not {"qop", "nc", "cnonce"} & set(fields)
    assert fields["response"] == md5(
        f"{md5(f'Mufasa:{REALM}:Circle of Life')}:{NONCE}:{md5('GET:/dir/index.html')}"
    )


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_a_session_form_and_auth_int_count_nonces_and_body():
    first = md5(f"{md5(f'Mufasa:{REALM}:Circle of Life')}:{NONCE}:{CNONCE}")
    second = md5(f"POST:/:{md5('body')}")
    sent = request("http://x", "POST", b"body")
    fields = answered(challenge("md5-sess", ("auth-int",)), sent=sent)
    assert fields["response"] == md5(f"{first}:{NONCE}:00000001:{CNONCE}:auth-int:{second}")
    empty = answered(challenge("MD5", ("auth-int",)), sent=request("http://x"))
    assert empty["qop"] == "auth-int"


def test_a_user_name_is_hashed_where_the_server_asks_for_it():
    fields = answered(challenge(userhash=True))
    assert fields["username"] == md5(f"Mufasa:{REALM}")
    assert fields["userhash"] == "true"


def test_quotes_in_names_are_escaped():
    value = digest_authorization(request(), DigestAccount('a"\\b', secret("p")), challenge())
    assert 'username="a\\"\\\\b"' in value


def test_the_clients_nonce_is_new_for_every_challenge_and_the_same_for_the_same():
    def cnonce(nonce: str, password: str = "p") -> str:
        account = DigestAccount("me", secret(password))
        return answered(DigestChallenge("r", nonce, qops=("auth",)), account, None)["cnonce"]

    assert cnonce("1") == cnonce("1")
    assert len({cnonce("1"), cnonce("2"), cnonce("1", "q")}) == 3


def test_challenges_are_read_as_servers_send_them():
    headers = (
        (
            "Www-Authenticate",
            'Basic realm="a, b", Digest realm="r\\"q", nonce="n=,", qop="auth,auth-int"',
        ),
        ("X", "Digest nonce=no"),
        (
            "WWW-Authenticate",
            "DIGEST  Realm = r2 , NONCE=n2, stale=TRUE, algorithm=SHA-256,userhash=true,nonce=x",
        ),
        ("www-authenticate", "Negotiate"),
        ("www-authenticate", "Bearer"),
    )
    assert digest_challenges(headers) == (
        DigestChallenge('r"q', "n=,", "MD5", ("auth", "auth-int")),
        DigestChallenge("r2", "n2", "SHA-256", (), None, stale=True, userhash=True),
    )


def test_the_best_challenge_that_can_be_answered_is_taken():
    weak, strong = challenge(), challenge("SHA-256")
    odd = challenge("SHA-256", ("auth-conf",))
    assert chosen((weak, strong)) is strong
    assert chosen((odd, challenge("SHA-512-256"), weak)) is weak
    with pytest.raises(SourceError, match="offers SHA-256 with qop auth-conf, SHA-512-256 only"):
        chosen((odd, challenge("SHA-512-256", ())))


@given(st.text(max_size=60))
def test_any_text_may_stand_in_a_challenge(text):
    digest_challenges((("WWW-Authenticate", text), ("WWW-Authenticate", f"Digest {text}")))
