import pytest
from difference.samples import WIRE, answer, redacted
from reports.diff_samples import PLAIN, QUOTED, SAMPLES, result

from harness.difference.difference import Comparison, Difference, Kind, Part
from harness.difference.result import DiffResult
from harness.model.exchange import RedactedExchange
from harness.reports.difference_headline import PART_TITLES, diff_headline


def of(**fields: object) -> tuple[RedactedExchange, RedactedExchange]:
    return redacted(wire=WIRE), redacted(wire=WIRE, **fields)


@pytest.mark.parametrize(
    ("sides", "headline"),
    [
        (
            (redacted(headers_sent=PLAIN), redacted(headers_sent=QUOTED, secret_ids={"key": "s2"})),
            "the key differs: 36 characters in place of 35, a double quote at its end",
        ),
        (of(secret_ids={}), "the key is in A only"),
        (
            of(secret_ids={"key": "s1", "proxy.password": "s5"}),
            "the secret proxy.password is in B only",
        ),
        (of(headers_sent=()), "the same"),
        (of(headers_sent=PLAIN), "the header Content-Type is in A only: application/json"),
        (of(method="GET"), "the method differs: GET in place of POST"),
        (
            of(url="https://api.deepseek.com/v1/chat/completions"),
            "the URL's path differs: v1 added",
        ),
        (
            of(body='{"model":"other"}'),
            'the request body at /model differs: "other" in place of "deepseek-chat"',
        ),
        (of(body='{"model": "deepseek-chat"}'), "the request body is written otherwise"),
        (of(body=""), 'the request body is in A only: {"model":"deepseek-chat"}'),
        (of(proxy="http://127.0.0.1:3128"), "the proxy is in B only: http://127.0.0.1:3128"),
        (
            of(response=answer(200, reason="OK", body="Authentication Fails (governor)")),
            "the status differs: 200 OK in place of 401 Authorization Required",
        ),
        (
            of(headers_sent=tuple(reversed(redacted().headers_sent))),
            "the order of the headers differs",
        ),
    ],
)
def test_the_first_telling_difference_is_named(
    sides: tuple[RedactedExchange, RedactedExchange], headline: str
) -> None:
    assert diff_headline(result(*sides)) == headline


def test_answers_are_named_as_such() -> None:
    left, right = (
        redacted(response=answer(401, headers=(("Server", name),))) for name in ("nginx", "envoy")
    )
    assert diff_headline(result(left, right)) == (
        "the answer's header Server differs: envoy in place of nginx"
    )


def test_what_cannot_be_told_is_not_called_the_same() -> None:
    assert diff_headline(SAMPLES["two_cassettes"]()) == "the same as far as can be told"
    assert diff_headline(SAMPLES["same"]()) == "the same"


def test_long_values_are_not_in_the_headline() -> None:
    long = Difference(Part.URL, "host", Kind.CHANGED, "a" * 50, "b")
    shown = DiffResult(SAMPLES["same"]().left, SAMPLES["same"]().right, Comparison.of([long]))
    assert diff_headline(shown) == "the URL's host differs"


def test_every_part_has_a_title() -> None:
    assert set(PART_TITLES) == set(Part)
