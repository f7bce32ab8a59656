import pytest
from diagnosis.flips import plan, template

from harness.diagnosis.credential_form import credential_forms
from harness.model.key_source import EnvSource
from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    RequestPlan,
    Sign,
)
from harness.model.template import KeyReference, Template


def _words(request: RequestPlan) -> list[str]:
    return [str(form) for form in credential_forms(request)]


def test_a_header_with_a_key_is_shown_with_what_is_around_it() -> None:
    request = plan(headers=(("Authorization", template('Bearer "', '"')),))
    assert _words(request) == ['`Authorization: Bearer "<key>"`']


def test_a_known_credential_header_counts_without_a_key() -> None:
    request = plan(headers=(("x-api-key", Template.of("none")), ("Accept", Template.of("*/*"))))
    assert _words(request) == ["`x-api-key: none`"]


def test_any_query_field_with_a_key_counts() -> None:
    request = plan(headers=(), query=(("k", template("")), ("api_key", Template.of("x"))))
    assert _words(request) == ["`?k=<key>`", "`?api_key=x`"]


def test_a_second_key_is_part_of_what_follows_the_first() -> None:
    two = Template((KeyReference("key"), ":", KeyReference("keys.b")))
    (form,) = credential_forms(plan(headers=(("X-Key", two),)))
    assert (form.before, form.has_key, form.after) == ("", True, ":")


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        (BearerSign(), "`Authorization: Bearer <key>`"),
        (JwtSign(), "`Authorization: Bearer <key>`"),
        (BasicSign(EnvSource("USER")), "`Authorization: Basic <key>`"),
        (HeaderSign("X-Api-Key"), "`X-Api-Key: <key>`"),
        (QuerySign("key"), "`?key=<key>`"),
    ],
)
def test_a_signature_has_the_form_that_it_will_take(sign: Sign, words: str) -> None:
    assert _words(plan(headers=(), sign=sign)) == [words]
