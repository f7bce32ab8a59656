from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.strict_yaml.plain_scalar import Surprise
from harness.strict_yaml.yaml11_scalar import resolve_json, resolve_yaml11

WORDS = [
    *("", "~", "null", "Null", "yes", "No", "on", "OFF", "true", "False", "y", "n", "=", "<<"),
    *("0", "-0", "+7", "12", "1_000", "010", "0b101", "0x1F", "-0x1f", "190:20:30", "-1:30"),
    *("1.5", "-1.5", "1.", ".5", "1e5", "1.0e+5", "1_0.5", "190:20:30.15", "08", "1:99", "abc"),
]


@pytest.mark.parametrize("text", WORDS)
def test_a_word_means_what_it_means_to_pyyaml(text: str) -> None:
    wanted = yaml.safe_load(f"- {text}")[0] if text not in {"<<", "="} else text
    found = resolve_yaml11(text)
    assert (type(found), found) == (type(wanted), wanted)


@given(st.text("0123456789abxeE+-._:~ ntrueyofl", max_size=12))
def test_any_text_means_what_it_means_to_pyyaml(text: str) -> None:
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    kind = tag.rpartition(":")[2]
    if kind in {"timestamp", "merge", "value"}:
        assert resolve_yaml11(text) == text
        return
    try:
        wanted = loader.construct_object(yaml.ScalarNode(tag, text))
    except ValueError:
        wanted = float("nan")
    found = resolve_yaml11(text)
    if isinstance(wanted, float) and not abs(wanted) < float("inf"):
        assert isinstance(found, Surprise)
    else:
        assert (type(found), found) == (type(wanted), wanted)


def test_a_date_stays_text() -> None:
    assert resolve_yaml11("2026-01-02") == "2026-01-02"
    assert resolve_yaml11("2026-99-99") == "2026-99-99"


@pytest.mark.parametrize("text", ["9" * 65, "0x_", "1." + "0" * 65, ".inf", "-.INF", ".nan"])
def test_a_number_that_json_has_not_is_a_surprise(text: str) -> None:
    assert isinstance(resolve_yaml11(text), Surprise)


def test_json_knows_exponents() -> None:
    assert (resolve_json("1e5"), resolve_json("-1.5E-3")) == (1e5, -1.5e-3)
    assert isinstance(resolve_json("1e999"), Surprise)
    assert (resolve_json("true"), resolve_json("7"), resolve_json("x")) == (True, 7, "x")
