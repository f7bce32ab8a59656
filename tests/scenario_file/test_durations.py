from __future__ import annotations

import pytest

from harness.scenario_file.durations import per_second, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0s", 0.0), ("300ms", 0.3), ("5m", 300.0), ("-10m", -600.0), ("+10m", 600.0)),
        *(("1.5h", 5400.0), ("2d", 172800.0)),
        *(("5", None), ("", None), ("m", None), ("5 m", None), ("5min", None), ("1h30m", None)),
        *(("--5m", None), ("1e3s", None), ("99999d", None), ("5M", None), ("\u0665m", None)),
    ],
)
def test_a_duration_is_a_number_with_a_unit(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        *(("5/s", 5.0), ("30/m", 0.5), ("3600/h", 1.0), ("0.5/s", 0.5)),
        *(("0/s", None), ("5", None), ("/s", None), ("5/d", None), ("-5/s", None)),
    ],
)
def test_a_rate_is_a_number_per_unit(text: str, rate: float | None) -> None:
    assert per_second(text) == rate
