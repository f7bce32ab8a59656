from dataclasses import replace
from email.utils import formatdate

import pytest
from diagnosis.flips import answer, exchange
from hypothesis import given
from hypothesis import strategies as st

from harness.diagnosis.clock_skew import skew_interval
from harness.model.exchange import RedactedExchange, Timing
from harness.model.request import HeaderPairs
from harness.model.wire import RedactedWire

NOON = 1_760_000_000.0


def _seen(
    sent: float, date: float | str, *, seconds: float = 0.2, url: str = "https://a/", **more: str
) -> RedactedExchange:
    text = date if isinstance(date, str) else formatdate(int(date), usegmt=True)
    headers: HeaderPairs = (("Date", text), *more.items())
    return exchange(url=url, timing=Timing(sent, seconds), response=answer(401, headers=headers))


def test_one_answer_bounds_the_skew_by_its_second_and_its_way() -> None:
    assert skew_interval([_seen(NOON + 0.5, NOON)]) == (-0.5, 0.7)


def test_more_answers_narrow_it() -> None:
    seen = [_seen(NOON + 0.1, NOON), _seen(NOON + 5.8, NOON + 5)]
    assert skew_interval(seen) == (-0.2, 0.3)


def test_a_clock_that_is_ahead_gives_a_positive_skew() -> None:
    low, high = skew_interval([_seen(NOON + 600, NOON)]) or (0, 0)
    assert 599 <= low <= 600 <= high <= 601


@pytest.mark.parametrize(
    "date",
    [
        "",
        "soon",
        "Thu, 99 Foo 2025 00:00:00 GMT",
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 -99999999999999999",
        "Mon, 01 Jan 2024 00:00:00 +9999999999",
    ],
)
def test_an_answer_without_a_date_says_nothing(date: str) -> None:
    assert skew_interval([_seen(NOON, date)]) is None


def test_no_answer_at_all_says_nothing() -> None:
    assert skew_interval([]) is None
    assert skew_interval([exchange()]) is None


def test_an_answer_from_a_cache_says_nothing() -> None:
    assert skew_interval([_seen(NOON, NOON, Age="60")]) is None


def test_a_proxy_s_own_answer_says_nothing() -> None:
    date = (("Date", formatdate(int(NOON), usegmt=True)),)
    assert skew_interval([exchange(response=answer(407, headers=date, from_proxy=True))]) is None


def test_the_origin_with_most_answers_counts() -> None:
    seen = [
        _seen(NOON, NOON - 500, url="https://b/"),
        _seen(NOON + 0.5, NOON),
        _seen(NOON + 0.5, NOON),
    ]
    assert skew_interval(seen) == (-0.5, 0.7)


def test_nodes_whose_clocks_differ_give_no_interval() -> None:
    assert skew_interval([_seen(NOON, NOON), _seen(NOON, NOON + 60)]) is None


def test_servers_of_one_name_have_a_clock_each() -> None:
    """A `resolve` axis leads one URL to several servers, and so may DNS."""
    near = RedactedWire(peer="192.0.2.1:443")
    far = RedactedWire(peer="192.0.2.2:443")
    seen = [
        replace(_seen(NOON + 0.5, NOON), wire=near),
        replace(_seen(NOON, NOON + 500), wire=far),
        replace(_seen(NOON + 0.1, NOON), wire=near),
    ]
    assert skew_interval(seen) == (-0.5, 0.3)


def test_the_servers_behind_two_proxies_are_not_taken_for_one() -> None:
    seen = [
        replace(_seen(NOON + 0.5, NOON), proxy="http://a:1"),
        replace(_seen(NOON, NOON + 500), proxy="http://b:1"),
    ]
    assert skew_interval(seen) == (-0.5, 0.7)


def test_a_date_without_a_zone_is_utc() -> None:
    assert skew_interval([_seen(0.5, "Thu, 01 Jan 1970 00:00:00 -0000")]) == (-0.5, 0.7)


@given(
    true_skew=st.floats(-5000, 5000),
    sends=st.lists(
        st.tuples(st.floats(0, 1000), st.floats(0.001, 3), st.floats(0, 1)), min_size=1, max_size=8
    ),
)
def test_the_truth_lies_inside(true_skew: float, sends: list[tuple[float, float, float]]) -> None:
    seen = [
        _seen(NOON + at, NOON + at + took * when - true_skew, seconds=took)
        for at, took, when in sends
    ]
    found = skew_interval(seen)
    assert found is not None
    assert found[0] - 0.01 <= true_skew <= found[1] + 0.01
