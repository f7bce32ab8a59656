import pytest
from diagnosis.flips import failing, flip, passing, plan, template

from harness.diagnosis.recognise import diagnose
from harness.model.finding import Diagnosis
from harness.model.outcome import Outcome
from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    RequestPlan,
    Sign,
)
from harness.model.template import Template


def _headers(*pairs: tuple[str, Template]) -> RequestPlan:
    return plan(headers=pairs)


def _diagnose(bad: RequestPlan, good: RequestPlan | None = None, **fields: object) -> Diagnosis:
    return diagnose(flip(failing(bad, **fields), passing(good), axis="scheme"))


def test_no_credential_at_all_is_h01() -> None:
    found = _diagnose(_headers())
    assert found.code == "H01"
    assert found.fix == "send `Authorization: Bearer <key>` with every request"


def test_a_request_that_never_had_a_credential_is_not_h01() -> None:
    assert _diagnose(_headers(), _headers()).code == "X01"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("X-Api-Key", template(""), "H06"),
        ("api_key", template(""), "H06"),
        ("Authorization", template(""), "H03"),
        ("Authorization", template("Token "), "H04"),
        ("Authorization", template("bearer "), "H04"),
        ("Authorization", template("Bearer: "), "H04"),
        ("Authorization", template("Bearer  "), "H04"),
        ("Authorization", template("Bearer Bearer "), "H05"),
        ("Authorization", template("Bearer $"), "H10"),
        ("Authorization", Template.of("Bearer ${key}"), "H10"),
        ("Authorization", Template.of("Bearer {key}"), "H10"),
        ("Authorization", Template.of("Bearer "), "H02"),
        ("Authorization", template('Bearer "', '"'), "K08"),
        ("Authorization", template("Bearer ", "\t"), "H11"),
        ("Authorization", template("Bearer ", " "), "H11"),
        ("Authorization", template("Bearer ", "\u00a0"), "H13"),
        ("Authorization", template("Bearer \u200b"), "H13"),
    ],
)
def test_the_form_of_the_header_decides(name: str, value: Template, code: str) -> None:
    assert _diagnose(_headers((name, value))).code == code


def test_quotes_in_the_header_are_not_said_to_be_in_the_key() -> None:
    found = _diagnose(_headers(("Authorization", template('Bearer "', '"'))))
    assert "has quotes around it; the one that passes has none." in found.explanation
    assert "characters" not in found.explanation


@pytest.mark.parametrize("value", [template(""), template("Token "), template("Bearer Bearer ")])
def test_a_form_that_passes_is_not_the_cause(value: Template) -> None:
    same = _headers(("Authorization", value))
    assert _diagnose(same, same).code == "X01"


def test_a_header_name_in_other_case_is_not_another_name() -> None:
    assert _diagnose(_headers(("authorization", template()))).code == "X01"


def test_both_forms_are_shown_in_the_fix() -> None:
    found = _diagnose(_headers(("X-Api-Key", template(""))))
    assert found.fix == "send `Authorization: Bearer <key>`, not `X-Api-Key: <key>`"


def test_a_wrong_literal_is_not_called_an_empty_key() -> None:
    assert _diagnose(_headers(("Authorization", Template.of("Bearer wrong")))).code == "X01"


def test_two_authorization_headers_are_h08() -> None:
    pair = ("Authorization", template())
    assert _diagnose(_headers(pair, ("Authorization", template("Basic ")))).code == "H08"


def test_two_authorization_headers_that_pass_are_not_h08() -> None:
    twice = (("Authorization", template()), ("Authorization", template("Basic ")))
    assert _diagnose(_headers(*twice), _headers(*twice)).code == "X01"


def test_a_second_credential_under_another_name_is_h06() -> None:
    both = _headers(("Authorization", template()), ("X-Api-Key", template("")))
    assert _diagnose(both).code == "H06"


def test_a_credential_that_is_missing_beside_another_is_not_explained() -> None:
    both = _headers(("Authorization", template()), ("X-Api-Key", template("")))
    assert _diagnose(_headers(("Authorization", template())), both).code == "X01"


def test_a_key_in_the_query_where_the_header_passes_is_u07() -> None:
    found = _diagnose(plan(headers=(), query=(("key", template("")),)))
    assert found.code == "U07"
    assert found.fix == "send `Authorization: Bearer <key>`, not `?key=<key>`"


def test_a_key_in_the_query_on_both_sides_is_not_u07() -> None:
    good = plan(headers=(), query=(("key", template("")),))
    bad = plan(headers=(), query=(("key", template("x")),))
    assert _diagnose(bad, good).code == "H04"


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (HeaderSign("X-Api-Key"), "H06"),
        (QuerySign("key"), "U07"),
        (BasicSign("user"), "H04"),
        (JwtSign(), "X01"),
    ],
)
def test_what_a_signer_would_send_is_compared_too(sign: Sign, code: str) -> None:
    bad, good = plan(headers=(), sign=sign), plan(headers=(), sign=BearerSign())
    assert _diagnose(bad, good).code == code


def test_a_missing_header_beside_the_credential_is_h14() -> None:
    auth = ("Authorization", template())
    version = ("Anthropic-Version", Template.of("2023-06-01"))
    found = _diagnose(_headers(auth), _headers(auth, version), outcome=Outcome.OTHER, status=400)
    assert (found.code, found.fix) == (
        "H14",
        "send the header Anthropic-Version with every request",
    )


def test_an_account_header_that_was_added_is_h15() -> None:
    auth = ("Authorization", template())
    found = _diagnose(_headers(auth, ("OpenAI-Organization", Template.of("org-a"))))
    assert found.code == "H15"
    assert found.fix.startswith("stop sending OpenAI-Organization")


def test_any_other_header_that_was_added_is_not_h15() -> None:
    auth = ("Authorization", template())
    assert _diagnose(_headers(auth, ("X-Trace", Template.of("1")))).code == "X01"


def test_a_form_that_reaches_nobody_is_not_blamed() -> None:
    bad = _headers(("X-Api-Key", template("")))
    assert _diagnose(bad, outcome=Outcome.UNREACHABLE, exchanges=()).code == "X01"


def test_a_header_that_a_server_fault_follows_is_not_h14() -> None:
    auth = ("Authorization", template())
    extra = ("Accept", Template.of("*/*"))
    bad = failing(_headers(auth), outcome=Outcome.UNREACHABLE, exchanges=())
    assert diagnose(flip(bad, passing(_headers(auth, extra)))).code == "X01"
