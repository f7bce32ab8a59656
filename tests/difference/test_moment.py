import pytest

from harness.difference.moment import MomentVerdict, compare_moments

NOW = 1_795_573_692.0
SENT = (NOW, NOW + 1000)
SAME = MomentVerdict(is_same=True)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("1795573692", "1795574692", SAME),
        ("1795573692", "1795574694", SAME),
        ("1795573692000", "1795574692999", SAME),
        ("20261125T022812Z", "20261125T024452Z", SAME),
        ("2026-11-25T02:28:12Z", "2026-11-25T03:44:52+01:00", SAME),
        ("Wed, 25 Nov 2026 02:28:12 GMT", "Wed, 25 Nov 2026 02:44:50 GMT", SAME),
        (
            "1795573692",
            "1795574092",
            MomentVerdict(is_same=False, words="-600 s from its sending in place of +0 s"),
        ),
        (
            "1795573692",
            "1795574692000",
            MomentVerdict(is_same=False, words="milliseconds in place of seconds"),
        ),
        ("1795573692", "yesterday", None),
        ("1295573692", "1295574692", None),
        ("12", "13", None),
        ("20261325T022812Z", "20261325T022812Z", None),
        ("Xyz, 25 Xyz 2026 02:28:12 GMT", "Wed, 25 Nov 2026 02:44:50 GMT", None),
    ],
)
def test_times_are_compared_by_their_distance_from_sending(
    left: str, right: str, verdict: MomentVerdict | None
) -> None:
    assert compare_moments(left, right, SENT) == verdict


def test_the_epoch_of_a_foreign_cassette_makes_no_number_a_time() -> None:
    assert compare_moments("1795573692", "1795574692", (0.0, 0.0)) is None
