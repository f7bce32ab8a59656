import jwt
import pytest
from signing.drafts import draft, secret, values

from harness.errors import SourceError
from harness.matrix.sign_fields import time_claims
from harness.model.request import JwtSign
from harness.signing.json_web_token import sign_jwt

NOW = 1_790_000_000.0
SECRET = "s" * 40
OPTIONS = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


def token_of(sign, key=SECRET, now=NOW, issuer=None):
    signed = sign_jwt(draft(), sign, secret(key), now, issuer)
    token = values(signed, "Authorization")[0].removeprefix("Bearer ")
    claims = jwt.decode(token, key.rpartition(".")[2], algorithms=["HS256"], options=OPTIONS)
    return jwt.get_unverified_header(token), claims


def test_glm_names_the_keys_id_and_counts_in_milliseconds():
    header, claims = token_of(JwtSign(preset="glm", unit="ms"), f"the-id.{SECRET}")
    assert header == {"alg": "HS256", "typ": "JWT", "sign_type": "SIGN"}
    assert claims == {"api_key": "the-id", "exp": (NOW + 300) * 1000, "timestamp": NOW * 1000}


@pytest.mark.parametrize("key", ["nodot", ".x", "x."])
def test_a_glm_key_is_an_id_and_a_secret(key):
    with pytest.raises(SourceError, match="cannot sign a GLM token") as caught:
        sign_jwt(draft(), JwtSign(preset="glm"), secret(key), NOW)
    assert key not in str(caught.value)


def test_kling_names_the_issuer_and_is_valid_from_five_seconds_ago():
    header, claims = token_of(JwtSign(preset="kling", ttl_seconds=1800), issuer="access")
    assert header == {"alg": "HS256", "typ": "JWT"}
    assert claims == {"iss": "access", "exp": NOW + 1800, "nbf": NOW - 5}


def test_an_issuer_may_be_named_without_a_preset_and_claims_win():
    _, claims = token_of(JwtSign(claims={"iss": "other", "iat": 1}), issuer="me")
    assert claims == {"iss": "other", "iat": 1, "nbf": NOW, "exp": NOW + 300}


@pytest.mark.parametrize("preset", ["", "glm", "kling"])
def test_a_token_whose_times_are_all_given_does_not_follow_the_clock(preset):
    """What the matrix counts as times is what is made here."""
    claims = dict.fromkeys(time_claims(preset), 7)
    key = f"id.{SECRET}" if preset == "glm" else SECRET
    sign = JwtSign(preset=preset, claims=claims)
    assert token_of(sign, key, NOW) == token_of(sign, key, NOW + 60)
    for name in claims:
        some = JwtSign(preset=preset, claims={one: 7 for one in claims if one != name})
        assert token_of(some, key, NOW) != token_of(some, key, NOW + 60)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"alg": "none"}, "its header `alg` says none, and `alg` HS256"),
        ({"alg": "RS256"}, "its header `alg` says RS256, and `alg` HS256"),
        ({"alg": 5}, "its header `alg` says 5, and `alg` HS256"),
        ({"kid": 5}, "its header `kid` is no text"),
    ],
)
def test_a_header_that_does_not_fit_is_named_and_not_the_secret(headers, words):
    with pytest.raises(SourceError) as caught:
        sign_jwt(draft(), JwtSign(headers=headers), secret(SECRET), NOW)
    assert caught.value.message == f"cannot sign a JWT: {words}"


def test_a_secret_that_does_not_fit_is_named():
    with pytest.raises(SourceError, match="with RS256 and the secret from"):
        sign_jwt(draft(), JwtSign(algorithm="RS256"), secret(SECRET), NOW)


@pytest.mark.parametrize("preset", ["", "glm", "kling"])
def test_the_clock_moves_every_time_claim(preset):
    sign = JwtSign(preset=preset)
    (_, one), (_, two) = (
        token_of(sign, f"id.{SECRET}" if preset == "glm" else SECRET, now)
        for now in (NOW, NOW + 60)
    )
    moved = {name: two[name] - value for name, value in one.items() if two[name] != value}
    assert set(moved.values()) == {60}
    assert (
        set(moved)
        == {"": {"iat", "nbf", "exp"}, "glm": {"exp", "timestamp"}, "kling": {"exp", "nbf"}}[preset]
    )
