"""What is taken from a token that anybody may have made."""

import base64

import pytest

from harness.redaction.token_claims import token_facts


def token(claims: str) -> str:
    parts = ('{"alg":"HS256","typ":"JWT","kid":"abc"}', claims, "signature")
    return ".".join(base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in parts)


def test_the_public_claims_are_kept_as_they_stand():
    facts = token_facts("s1", token('{"iat":1,"exp":2.5,"aud":["a","b"],"iss":"i","sub":"no"}'))
    assert facts is not None
    assert (facts.algorithm, facts.type, facts.key_id_length) == ("HS256", "JWT", 3)
    assert facts.claims == {"iat": 1, "exp": 2.5, "aud": ["a", "b"], "iss": "i"}


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 300, "true", "[1]"]
)
def test_a_claim_that_no_cassette_can_hold_is_left_out(value):
    facts = token_facts("s1", token(f'{{"exp":{value},"iat":1}}'))
    assert facts is not None
    assert facts.claims == {"iat": 1}


@pytest.mark.parametrize("text", ["", "a.b", "e30", "e30.W10.x", token("[" * 100_000)])
def test_what_cannot_be_read_has_no_facts(text):
    assert token_facts("s1", text) is None
