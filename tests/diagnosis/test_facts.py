import pytest
from diagnosis.flips import answer, exchange, failing, flip, key, passing, plan, refusal

from harness.diagnosis.facts import (
    and_list,
    failure_words,
    flip_facts,
    hops_of,
    key_facts,
    offset_words,
    prefix_words,
    status_words,
    url_of,
    where,
)
from harness.model.exchange import Phase
from harness.model.key_facts import KeyFacts
from harness.model.request import EnvUrl, JwtSign


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("env API_KEY", "API_KEY", "the environment variable API_KEY"),
        ("dotenv .env API_KEY", ".env:3 API_KEY", ".env:3 API_KEY"),
        ("dotenv .env API_KEY", "", ".env API_KEY"),
        ("file key.txt", "key.txt", "the file key.txt"),
        ("command pass show x", "", "the output of `pass show x`"),
        ("prompt key", "", "the answer to the prompt"),
        ("literal", "", "the value written in the scenario"),
        ("vault", "", "vault"),
    ],
)
def test_a_place_is_named_as_a_person_would_look_for_it(
    source: str, place: str, words: str
) -> None:
    assert where(KeyFacts(source=source, place=place)) == words


def test_an_unknown_key_has_words_too() -> None:
    assert where(None) == "the key's source"
    assert key_facts(None, None)["shape"] == "an unknown shape"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (600, "10 minutes ahead"),
        (-60, "1 minute behind"),
        (90, "1.5 minutes ahead"),
        (3600, "1 hour ahead"),
        (-172800, "2 days behind"),
        (1, "1 second ahead"),
        (0, "as it is"),
        (-0.5, "0.5 seconds off"),
    ],
)
def test_an_offset_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    assert offset_words(seconds) == words


def test_lists_read_as_english() -> None:
    assert [and_list(words) for words in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_status_has_its_reason() -> None:
    assert status_words(answer(401)) == "401"
    assert status_words(None) == "no answer"


def test_hops_show_the_way_without_queries() -> None:
    side = passing(
        exchanges=(
            exchange(url="http://a/x?key=RDX~s1~", response=answer(301)),
            exchange(url="https://a/x?key=RDX~s1~", hop=1, response=answer(401)),
        )
    )
    assert hops_of(side) == "http://a/x -> 301 -> https://a/x"
    assert hops_of(passing(exchanges=())) == "no request"


def test_a_url_from_a_variable_is_named() -> None:
    side = passing(plan(url=EnvUrl("BASE_URL")), exchanges=())
    assert "BASE_URL" in url_of(side)


def test_a_failure_is_told_by_message_kind_or_reason() -> None:
    told = passing(exchanges=(exchange(failure=refusal(Phase.TLS, "no trust")),))
    kind = passing(exchanges=(exchange(failure=refusal(Phase.TLS, "")),))
    assert failure_words(told) == "no trust"
    assert failure_words(kind) == "test"
    assert failure_words(passing(exchanges=(), reason="no key")) == "no key"
    assert failure_words(passing(exchanges=())) == "no reason is known"


def test_a_prefix_names_the_provider_that_alone_uses_it() -> None:
    assert prefix_words("gsk_") == "gsk_ (as Groq's keys do)"
    assert prefix_words("sk-") == "sk-"
    assert prefix_words("") == "no known prefix"
    assert key_facts(key("file a", prefix=""), None)["good_prefix_words"] == "does not"


def test_units_are_words_and_other_signatures_have_none() -> None:
    signed = plan(sign=JwtSign(unit="ms"))
    assert flip_facts(flip(failing(signed)))["unit"] == "milliseconds"
    assert flip_facts(flip(failing()))["unit"] == "no unit"


def test_a_key_that_did_not_change_is_known_all_the_same() -> None:
    assert flip_facts(flip(failing()))["where"] == "the environment variable API_KEY"
    assert flip_facts(flip(failing(keys={})))["where"] == "the key's source"


def test_what_a_rule_knows_wins() -> None:
    assert flip_facts(flip(failing()), {"where": "there"})["where"] == "there"
