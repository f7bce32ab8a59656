import pytest
from diagnosis.flips import answer
from hypothesis import given
from hypothesis import strategies as st

from harness.diagnosis.answers import (
    LONGEST_MESSAGE,
    challenges_only,
    lacks_credential,
    message_of,
    rejects_key,
    same_answer,
    speaks_of_rate,
)
from harness.redaction.placeholder import Placeholder

_QUESTIONS = (lacks_credential, rejects_key, challenges_only, speaks_of_rate)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"error":{"message":"bad","type":"t"}}', "bad"),
        ('{"message":"Bad credentials"}', "Bad credentials"),
        ('{"detail":"Unauthorized"}', "Unauthorized"),
        ('{"error":"invalid_token","error_description":"too old"}', "too old"),
        ('{"Response":{"Error":{"Code":"A","message":"m"}}}', "m"),
        ('{"code":"InvalidApiKey"}', "InvalidApiKey"),
        ('{"code":401}', ""),
        ("[1]", ""),
        ("[" * 5000, ""),
        ("Authentication Fails\n (governor)", "Authentication Fails (governor)"),
        ("<html><head><TITLE>401 Denied</TITLE></head></html>", "401 Denied"),
        ("<p>no title</p>", ""),
        ("", ""),
    ],
)
def test_the_server_s_own_words_are_found(body: str, message: str) -> None:
    assert message_of(answer(401, body)) == message


def test_no_answer_says_nothing() -> None:
    assert message_of(None) == ""
    assert not any(says(None) for says in _QUESTIONS)


def test_the_description_of_a_challenge_tells_more_than_the_body() -> None:
    header = ("WWW-Authenticate", 'Bearer error="invalid_token", error_description="exp passed"')
    assert message_of(answer(401, '{"error":"no"}', headers=(header,))) == "exp passed"


def test_a_challenge_stands_in_for_an_empty_body() -> None:
    assert message_of(answer(401, headers=(("www-authenticate", "Basic"),))) == "Basic"


def test_placeholders_are_put_into_words() -> None:
    tail, head = Placeholder("s2", kind="sk", part="t4"), Placeholder("s1", part="h3")
    body = f"key ****{tail} of {head} in {Placeholder('s3')}"
    assert message_of(answer(401, body)) == "key ****<last 4 of s2> of <first 3 of s1> in <s3>"


def test_a_placeholder_of_another_making_is_left_alone() -> None:
    assert message_of(answer(401, "RDX~nonsense~")) == "RDX~nonsense~"


@given(st.text())
def test_a_message_is_one_line_of_bounded_length(body: str) -> None:
    message = message_of(answer(401, body))
    assert len(message) <= LONGEST_MESSAGE
    assert "\n" not in message


def test_a_challenge_with_an_error_is_not_bare() -> None:
    bare = answer(401, headers=(("WWW-Authenticate", 'Bearer realm="x"'),))
    fault = answer(401, headers=(("WWW-Authenticate", 'Bearer error="invalid_token"'),))
    told = answer(401, "invalid api key", headers=bare.headers)
    assert challenges_only(bare)
    assert not challenges_only(fault)
    assert not challenges_only(told)
    assert not challenges_only(answer(401))


def test_answers_are_the_same_by_status_and_words() -> None:
    assert same_answer(answer(401, "no"), answer(401, "no "))
    assert not same_answer(answer(401, "no"), answer(403, "no"))
    assert not same_answer(answer(401, "no"), None)
