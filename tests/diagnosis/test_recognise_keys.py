from dataclasses import replace

import pytest
from diagnosis.flips import (
    GOOD_ENV,
    UNKNOWN_KEY,
    answer,
    exchange,
    failing,
    flip,
    key,
    key_flip,
    passing,
    plan,
    refusal,
)

from harness.diagnosis.recognise import diagnose
from harness.model.arrival import Arrival
from harness.model.exchange import Failure, Phase
from harness.model.finding import Diagnosis
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.request import ProxyRoute, RequestPlan

DOTENV = "dotenv .env API_KEY"
PLACE = ".env:3 API_KEY"


@pytest.mark.parametrize(
    ("edges", "code"),
    [
        (("trailing double quote",), "K08"),
        (("leading single quote", "trailing single quote"), "K08"),
        (("leading backtick",), "K08"),
        (("trailing space",), "H11"),
        (("leading tab",), "H11"),
        (("inner space",), "H11"),
        (("trailing LF",), "H12"),
        (("trailing CR LF",), "H12"),
        (("trailing CR",), "K09"),
        (("leading BOM",), "H13"),
        (("trailing no-break space",), "H13"),
        (("inner zero-width space",), "H13"),
        (("leading smart double quote",), "H13"),
        (("inner control character",), "K29"),
    ],
)
def test_an_edge_that_only_the_failing_key_has_is_the_cause(
    edges: tuple[str, ...], code: str
) -> None:
    bad = key(DOTENV, place=PLACE, length=36, edges=edges)
    assert diagnose(key_flip(bad)).code == code


@pytest.mark.parametrize(
    "edges", [("trailing double quote",), ("trailing space",), ("trailing LF",), ("leading BOM",)]
)
def test_an_edge_that_both_keys_have_is_not_the_cause(edges: tuple[str, ...]) -> None:
    bad = key("file b", edges=edges)
    good = key("file a", edges=edges)
    assert diagnose(key_flip(bad, good)).code == "K21"


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("looks like $NAME", "K04"),
        ("looks like a variable name", "K04"),
        ("null", "K03"),
        ("undefined", "K03"),
        ("sample value", "K05"),
        ("contains a scheme", "H05"),
        ("JSON", "K29"),
        ("looks like a path", "K29"),
        ("contains NAME=", "K29"),
        ("contains a mask", "K29"),
        ("base64 of a text", "K19"),
        ("contains #", "K10"),
    ],
)
def test_a_mark_that_only_the_failing_key_has_is_the_cause(mark: str, code: str) -> None:
    assert diagnose(key_flip(key(DOTENV, place=PLACE, marks=(mark,)))).code == code


@pytest.mark.parametrize("mark", ["looks like $NAME", "null", "sample value", "contains #"])
def test_a_mark_that_both_keys_have_is_not_the_cause(mark: str) -> None:
    good, bad = key("file a", marks=(mark,)), key("file b", marks=(mark,))
    assert diagnose(key_flip(bad, good)).code == "K21"


def test_a_process_from_before_a_change_of_the_file_is_k15() -> None:
    stale = "stale: .env, changed 2026-11-22 08:00:00 UTC, has another value; restart it"
    old = replace(key("process gunicorn API_KEY", place="gunicorn (pid 7) API_KEY"), notes=(stale,))
    found = diagnose(key_flip(old))
    assert (found.code, found.also) == ("K15", ("K21",))
    assert "the environment of process gunicorn (pid 7) API_KEY" in found.fix
    assert diagnose(key_flip(replace(old, notes=("as it was",)))).code == "K21"


def test_the_fix_names_the_edge_the_file_the_line_and_the_variable() -> None:
    bad = key(DOTENV, place=PLACE, length=36, edges=("trailing double quote",))
    found = diagnose(key_flip(bad))
    assert found.fix == "remove the trailing double quote from .env:3 API_KEY"
    assert "36 characters, prefix sk-, trailing double quote" in found.explanation
    assert "35 characters, prefix sk-" in found.explanation


def test_positions_that_are_not_ascii_are_h13() -> None:
    assert diagnose(key_flip(key(DOTENV, non_ascii=(4,)))).code == "H13"


def test_positions_that_are_not_ascii_on_both_sides_are_not_h13() -> None:
    good, bad = key("file a", non_ascii=(4,)), key("file b", non_ascii=(4,))
    assert diagnose(key_flip(bad, good)).code == "K21"


def test_an_empty_value_is_h02_and_for_a_variable_perhaps_k02() -> None:
    found = diagnose(key_flip(key("env API_KEY_B", length=0, prefix="", marks=("empty",))))
    assert (found.code, found.also) == ("H02", ("K02",))
    assert found.fix.startswith("set the environment variable API_KEY_B to the key")


def test_an_empty_file_is_h02_alone() -> None:
    found = diagnose(key_flip(key("file key.txt", length=0, prefix="", marks=("empty",))))
    assert (found.code, found.also) == ("H02", ())


def test_an_empty_variable_that_hides_a_good_line_is_k02() -> None:
    good = key(DOTENV, place=PLACE)
    bad = key("env API_KEY", length=0, prefix="", marks=("empty",))
    found = diagnose(key_flip(bad, good))
    assert (found.code, found.also) == ("K02", ("H02",))
    assert found.fix == "unset the environment variable API_KEY, or set it to the key"


def test_two_empty_values_are_not_h02() -> None:
    empty = key("file a", length=0, prefix="", marks=("empty",))
    assert diagnose(key_flip(key("file b", length=0, prefix="", marks=("empty",)), empty)).code != (
        "H02"
    )


def test_two_clean_keys_of_which_one_is_denied_cannot_be_told_from_a_revoked_one() -> None:
    found = diagnose(key_flip(key("file other.txt", place="other.txt")))
    assert (found.code, found.also) == ("K21", ("A01",))
    assert "they differ in value" in found.explanation


def test_a_difference_in_length_is_said() -> None:
    found = diagnose(key_flip(key("file other.txt", length=34)))
    assert found.code == "K21"
    assert "in length too" in found.explanation


def test_a_key_that_the_server_calls_revoked_is_a01() -> None:
    body = '{"error":"invalid_token","error_description":"this key was revoked"}'
    found = diagnose(key_flip(key("file other.txt"), body=body))
    assert (found.code, found.also) == ("A01", ("K21",))


def test_a_stale_variable_before_a_good_line_is_k07() -> None:
    found = diagnose(key_flip(key("env API_KEY"), key(DOTENV, place=PLACE)))
    assert found.code == "K07"
    assert found.fix.startswith("remove or update the environment variable API_KEY")


def test_a_variable_that_is_known_to_hide_a_line_is_k07() -> None:
    bad = KeyFacts(
        source="env API_KEY",
        shape=GOOD_ENV.shape,
        shadows=(".env:3 has another value, which the environment hides",),
    )
    found = diagnose(key_flip(bad, key("file good.txt")))
    assert found.code == "K07"
    assert ".env:3 has another value" in found.explanation


def test_a_variable_of_another_name_is_not_k07() -> None:
    assert diagnose(key_flip(key("env OTHER_KEY"), key(DOTENV))).code == "K21"


def test_a_stale_line_beside_a_good_variable_is_not_k07() -> None:
    bad = KeyFacts(source=DOTENV, place=PLACE, shape=GOOD_ENV.shape, shadows=("line 1 loses",))
    found = diagnose(key_flip(bad))
    assert found.code == "K21"
    assert found.explanation.endswith("Besides: line 1 loses.")


def test_a_foreign_prefix_is_k22() -> None:
    found = diagnose(key_flip(key("env OTHER", prefix="sk-or-v1-")))
    assert found.code == "K22"
    assert "OpenRouter" in found.explanation


def test_a_prefix_that_many_providers_use_is_not_k22() -> None:
    good = key("file a", prefix="gsk_")
    assert diagnose(key_flip(key("file b", prefix="sk-"), good)).code == "K21"


def test_the_same_foreign_prefix_on_both_sides_is_not_k22() -> None:
    good, bad = key("file a", prefix="gsk_"), key("file b", prefix="gsk_")
    assert diagnose(key_flip(bad, good)).code == "K21"


def test_sources_with_the_same_value_are_not_another_key() -> None:
    bad = KeyFacts(source="file b", shape=GOOD_ENV.shape, same_as=GOOD_ENV.source)
    assert diagnose(key_flip(bad)).code == "X01"


def test_another_key_that_gets_another_fault_is_not_k21() -> None:
    found = diagnose(key_flip(key("file b"), status=418, outcome=Outcome.OTHER))
    assert found.code == "X01"


def test_a_missing_key_is_k01_and_names_what_to_set() -> None:
    bad = KeyFacts(source="env OTHER", error="environment variable OTHER is not set")
    found = diagnose(key_flip(bad, outcome=Outcome.NOT_SENT, exchanges=()))
    assert (found.code, found.also) == ("K01", ())
    assert found.fix.startswith("put the key into the environment variable OTHER; or take the key")


@pytest.mark.parametrize(
    ("hint", "start"),
    [
        ("set it first: export OTHER=…", "set it first: export OTHER=…; or take"),
        ("did you mean OTTER?", "put the key into the environment variable OTHER (did you mean"),
    ],
)
def test_the_hint_of_a_missing_key_is_in_the_fix(hint: str, start: str) -> None:
    bad = KeyFacts(source="env OTHER", error="not set", hint=hint)
    found = diagnose(key_flip(bad, outcome=Outcome.NOT_SENT, exchanges=()))
    assert found.fix.startswith(start)


def test_a_missing_env_file_is_k01_or_k06() -> None:
    bad = KeyFacts(source=DOTENV, error="no file .env")
    found = diagnose(key_flip(bad, outcome=Outcome.NOT_SENT, exchanges=()))
    assert (found.code, found.also) == ("K01", ("K06",))


def test_a_variable_that_only_the_env_file_has_is_k06() -> None:
    bad = KeyFacts(source="env API_KEY", error="environment variable API_KEY is not set")
    found = diagnose(
        key_flip(bad, key(DOTENV, place=PLACE), outcome=Outcome.NOT_SENT, exchanges=())
    )
    assert (found.code, found.also) == ("K06", ("K01",))
    assert found.fix.startswith("load .env:3 API_KEY")


def test_a_variable_of_another_name_than_the_line_is_not_k06() -> None:
    bad = KeyFacts(source="env OTHER", error="environment variable OTHER is not set")
    found = diagnose(key_flip(bad, key(DOTENV), outcome=Outcome.NOT_SENT, exchanges=()))
    assert found.code == "K01"


def _refused(
    bad: KeyFacts, phase: Phase = Phase.NOT_SENT, outcome: Outcome = Outcome.NOT_SENT
) -> Diagnosis:
    unsent = exchange("axis=bad", failure=refusal(phase, "a header holds a control character"))
    return diagnose(key_flip(bad, outcome=outcome, exchanges=(unsent,)))


def test_a_client_that_refuses_a_clean_looking_value_is_l02() -> None:
    found = _refused(key("file b"))
    assert found.code == "L02"
    assert "a header holds a control character" in found.explanation


def test_a_client_that_refuses_a_line_break_is_h12_or_l02() -> None:
    found = _refused(key("file b", edges=("trailing LF",)))
    assert (found.code, found.also) == ("H12", ("L02",))


@pytest.mark.parametrize(
    ("arrival", "words"),
    [
        (Arrival.INTACT, "It arrived as it was sent."),
        (Arrival.ABSENT, "It did not arrive."),
        (Arrival.ALTERED, "It arrived altered."),
        (Arrival.REPLACED, "Another key arrived in its place."),
        (Arrival.UNKNOWN, "The answer does not tell how it arrived."),
        (None, "The answer does not tell how it arrived."),
    ],
)
@pytest.mark.parametrize("source", ["canary sk-… 32", "literal"])
def test_a_key_that_is_wrong_on_purpose_is_not_to_be_corrected(
    source: str, arrival: Arrival | None, words: str
) -> None:
    context = key_flip(key(source, place=source), echo=arrival)
    found = diagnose(context)
    assert (found.code, found.also) == ("K31", ())
    assert words in found.explanation
    assert "list of keys" not in found.fix


def test_a_literal_of_another_provider_is_still_called_that_and_a_canary_is_not() -> None:
    assert diagnose(key_flip(key("literal", prefix="sk-ant-"))).code == "K22"
    assert diagnose(key_flip(key("canary sk-ant-… 32", prefix="sk-ant-"))).code == "K31"


def _unsent(kind: str, **sides: object) -> Diagnosis:
    failure = Failure(Phase.NOT_SENT, kind, "the words of the failure")
    sent = (exchange("axis=bad", failure=failure),)
    fields = {"outcome": Outcome.NOT_SENT, "exchanges": sent, **sides}
    return diagnose(flip(failing(**fields)))


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("bad-url", "correct the URL https://api.example.com/chat/completions"),
        ("bad-tls", "correct the file that it names"),
        ("not-signed", "correct `sign`, or the key that it names"),
        ("no-route", "correct the proxy variables, or write the `proxy` down"),
        ("too-long", "use a shorter one, or a proxy that speaks http"),
    ],
)
def test_a_key_is_not_blamed_for_what_no_key_did(kind: str, fix: str) -> None:
    odd = key("env API_KEY", place="API_KEY", edges=("trailing LF",))
    found = _unsent(kind, keys={"key": odd})
    assert (found.code, found.fix) == ("L02", fix)
    assert "the words of the failure" in found.explanation


def test_what_the_client_refuses_is_sought_in_the_sources_that_only_the_bad_side_has() -> None:
    password = key("env PP", place="PP")
    found = _unsent("unsendable", keys={"key": GOOD_ENV, "proxy.password": password})
    assert found.code == "L02"
    assert "the environment variable PP gives" in found.fix
    assert "API_KEY" not in found.fix


def test_else_in_a_key_that_is_odd_and_else_in_the_headers() -> None:
    odd = key("env API_KEY", place="API_KEY", edges=("trailing LF",))
    keys = {"keys.other": key("env OTHER", place="OTHER"), "key": odd}
    both = passing(keys=keys)
    failure = Failure(Phase.NOT_SENT, "unsendable", "refused")
    sent = (exchange("axis=bad", failure=failure),)
    bad = failing(outcome=Outcome.NOT_SENT, exchanges=sent, keys=keys)
    assert "the environment variable API_KEY gives" in diagnose(flip(bad, both)).fix
    clean = failing(outcome=Outcome.NOT_SENT, exchanges=sent)
    found = diagnose(flip(clean))
    assert found.fix == "take out of the headers of axis=bad what no header may hold"


def test_a_request_that_left_is_not_l02() -> None:
    assert _refused(key("file b"), Phase.HEADERS, Outcome.UNREACHABLE).code == "N04"


def test_not_sent_without_a_reason_is_not_explained_away() -> None:
    found = diagnose(key_flip(key("file b"), outcome=Outcome.NOT_SENT, exchanges=()))
    assert found.code == "X01"


def test_the_key_is_not_blamed_when_it_takes_another_axis_too() -> None:
    through_proxy = plan(proxy=ProxyRoute("http://p:3128"))
    context = flip(
        failing(through_proxy, keys={"key": key("file b")}, body="no", status=401),
        passing(keys={"key": key("file a")}),
        axis="key",
        field="key",
        more=("proxy",),
    )
    found = diagnose(context)
    assert found.code == "X02"
    assert "key=bad and proxy=bad" in found.explanation


def test_an_odd_key_is_named_even_when_it_takes_another_axis() -> None:
    context = flip(
        failing(keys={"key": key("file b", edges=("trailing space",))}),
        axis="key",
        field="key",
        more=("client",),
    )
    found = diagnose(context)
    assert found.code == "H11"
    assert found.explanation.startswith("It takes key=bad and client=bad together.")


def test_the_finding_lists_the_exchanges_of_both_sides() -> None:
    found = diagnose(key_flip(key("file b")))
    assert found.exchanges == ("baseline/1/main/0/1", "axis=bad/1/main/0/1")


def test_a_plan_with_another_key_name_is_not_compared() -> None:
    bad = failing(RequestPlan(method="GET", url=plan().url), keys={"keys.b": key("file b")})
    assert diagnose(flip(bad, axis="sign")).code == "H01"


def test_an_answer_that_speaks_of_a_rate_wins_over_a_key_that_differs() -> None:
    context = key_flip(key("file b"), exchanges=(exchange(response=answer(401, "rate limit")),))
    assert diagnose(context).code == "V03"
    assert diagnose(key_flip(key("file b"), body=UNKNOWN_KEY)).code == "K21"
