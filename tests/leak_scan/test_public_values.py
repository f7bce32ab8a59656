from __future__ import annotations

import pytest
from redaction.samples import made_up

from harness.leak_scan.public_values import bare_of, why_not_looked_for


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "shorter than 8 characters"),
        ('"1234567"\n', "shorter than 8 characters"),
        ("12345678", ""),
        ("undefined", "a public word"),
        ("${DEEPSEEK_API_KEY}", "a public word"),
        ("your-api-key-here", "a public word"),
        ("RDX~s1.sk.L35.Chex~", "a public word"),
        ("RDX~s1.sk-ant-and-more-than-a-placeholder-holds~", ""),
        (made_up(1), ""),
        ("correct-horse-battery", ""),
    ],
)
def test_why_a_value_is_not_looked_for(value: str, why: str) -> None:
    assert why_not_looked_for(value) == why


def test_what_clings_to_a_key_is_no_part_of_it() -> None:
    assert bare_of('\u201c"key" \r\n') == "key"
