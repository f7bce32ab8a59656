import dataclasses

from difference.samples import ANSWERED, ONE, TWO, WIRE, answer, aside, redacted, told

from harness.difference.answer_part import compare_answers
from harness.difference.difference import Difference
from harness.difference.volatile import BODY_LENGTH, COMPUTED_ANEW
from harness.model.exchange import Failure, Phase, RedactedResponse


def answers(left: RedactedResponse | None, right: RedactedResponse | None) -> list[Difference]:
    return list(compare_answers(redacted(response=left), redacted(response=right), ONE))


def headers(*pairs: tuple[str, str], body: str = "{}") -> RedactedResponse:
    return answer(401, body, headers=pairs)


def test_an_answer_does_not_differ_from_itself() -> None:
    assert answers(answer(), answer()) == []
    assert answers(None, None) == []


def test_statuses_and_reasons_count() -> None:
    found = answers(answer(200), answer(401, reason=""))
    assert told(found) == [("status", "200 Said", "401", "")]


def test_an_answer_and_a_failure_are_two_differences() -> None:
    failure = Failure(Phase.TLS, "certificate", "not trusted")
    found = compare_answers(redacted(), redacted(response=None, failure=failure), ONE)
    assert told(found) == [
        ("failure", None, "tls/certificate: not trusted", ""),
        ("status", "401 Authorization Required", None, ""),
    ]


def test_who_answered_counts() -> None:
    found = answers(answer(407), answer(407, from_proxy=True))
    assert told(found) == [("who answered", "the server", "the proxy", "")]


def test_versions_of_answers_count_where_both_are_known() -> None:
    older = dataclasses.replace(
        WIRE, received=dataclasses.replace(ANSWERED, lines=("HTTP/1.0 401",))
    )
    found = compare_answers(redacted(wire=WIRE), redacted(wire=older), ONE)
    assert told(found) == [("HTTP version of the answer", "HTTP/1.1", "HTTP/1.0", "")]
    assert list(compare_answers(redacted(wire=WIRE), redacted(), ONE)) == []


def test_headers_are_compared_and_those_that_move_set_aside() -> None:
    found = answers(
        headers(("Server", "a"), ("Date", "1")), headers(("Server", "b"), ("Date", "2"))
    )
    assert told(found) == [("Server", "Server: a", "Server: b", "")]
    assert list(aside(found)) == ["Date"]


def test_a_length_follows_from_the_body() -> None:
    left, right = headers(("Content-Length", "2")), headers(("Content-Length", "4"), body="null")
    assert aside(answers(left, right)) == {"Content-Length": BODY_LENGTH}


def test_cookies_are_issued_anew() -> None:
    left, right = (
        headers(("Set-Cookie", f"id=RDX~s{number}.cookie.L32~; Path=/")) for number in (5, 6)
    )
    assert aside(answers(left, right)) == {"Set-Cookie": COMPUTED_ANEW}
    other = headers(("Set-Cookie", "id=RDX~s6.cookie.L32~; Path=/v1"))
    assert len(told(answers(left, other))) == 1


def test_a_body_that_is_cut_off_counts() -> None:
    found = answers(answer(), answer(body_truncated=True))
    assert told(found) == [("end of the body", "whole", "cut off", "")]


def test_an_echo_in_another_cassette_is_undecided() -> None:
    left = redacted(response=answer(401, "****RDX~s1.t4~ is invalid"))
    (found,) = compare_answers(left, left, TWO)
    assert found.weight == "undecided"
