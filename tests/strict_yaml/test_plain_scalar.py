from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.strict_yaml.plain_scalar import Surprise, resolve_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("", None), ("~", None), ("null", None), ("true", True), ("False", False)),
        *(("0", 0), ("-5", -5), ("401", 401), ("123456789012345678", 123456789012345678)),
        *(("0.5", 0.5), ("-1.25", -1.25), ("1.0", 1.0)),
        *(("2xx", "2xx"), ("-10m", "-10m"), ("+10m", "+10m"), ("5/s", "5/s"), ("y", "y")),
        *(("127.0.0.1:3128", "127.0.0.1:3128"), ("v1", "v1"), ("1.2.3", "1.2.3")),
    ],
)
def test_a_plain_scalar_means_what_it_looks_like(text: str, value: object) -> None:
    assert resolve_plain(text) == value
    assert type(resolve_plain(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("on", "Off", "YES", "no", "0123", "0o17", "0x1F", "0b11", "00", "-01"),
        *("12:30:45", "190:20.5", "2025-01-31", "2025-1-3", "2025-01-31T12:00:00Z"),
        *("1_000", "+5", ".5", "5.", "1e3", "1.5E-3", ".inf", "-.INF", ".nan", "="),
        *("1234567890123456789", "1" * 5000, "0.1234567890123456789", "1" * 80 + ":00"),
    ],
)
def test_what_yaml_readers_disagree_on_is_a_surprise(text: str) -> None:
    assert isinstance(resolve_plain(text), Surprise)


@pytest.mark.parametrize(("text", "meant"), [("on", "true"), ("No", "false")])
def test_a_switch_word_is_told_what_to_write(text: str, meant: str) -> None:
    found = resolve_plain(text)
    assert isinstance(found, Surprise)
    assert f"`{meant}`" in found.instead


WORDS = st.text("0123456789abefxonyTZ.:-+_ ~=", max_size=12).filter(
    lambda text: text == text.strip()
)


@settings(deadline=None)
@given(WORDS | st.from_regex(r"[-+]?[0-9._:eE+-]{1,10}", fullmatch=True))
def test_whatever_is_text_here_is_text_to_yaml_1_1_too(text: str) -> None:
    found = resolve_plain(text)
    resolver = yaml.SafeLoader("")
    tag = resolver.resolve(yaml.ScalarNode, text, (True, False))
    if found == text:
        assert tag == "tag:yaml.org,2002:str"
    elif not isinstance(found, Surprise):
        assert (
            tag
            == f"tag:yaml.org,2002:{ {type(None): 'null'}.get(type(found), type(found).__name__) }"
        )


def test_a_long_word_of_digits_is_judged_in_linear_time() -> None:
    assert isinstance(resolve_plain("9" * 1_000_000), Surprise)
    assert resolve_plain("9" * 1_000_000 + "x") == "9" * 1_000_000 + "x"
