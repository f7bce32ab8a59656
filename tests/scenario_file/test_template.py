from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model.template import KeyFilter, KeyReference, Template
from harness.scenario_file.template import TemplateError, parse_template

KEY = KeyReference("key")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("Bearer ${key}", ("Bearer ", KEY)),
        ("${key}${key}", (KEY, KEY)),
        ("${keys.gate-way_2}", (KeyReference("keys.gate-way_2"),)),
        ("${key|urlencode}!", (KeyReference("key", KeyFilter.URLENCODE), "!")),
        ("${keys.a|base64}", (KeyReference("keys.a", KeyFilter.BASE64),)),
        ("$${key}", ("${key}",)),
        ("$$${key}", ("$", KEY)),
        ("$$$${key}", ("$${key}",)),
        ("$HOME costs 5$", ("$HOME costs 5$",)),
        ("a$$b", ("a$b",)),
        ("{key} $", ("{key} $",)),
    ],
)
def test_a_text_is_parsed_by_the_rules_of_substitution(
    text: str, parts: tuple[object, ...]
) -> None:
    assert parse_template(text).parts == parts


@pytest.mark.parametrize(
    ("text", "offset", "width", "hint"),
    [
        ("a ${DEEPSEEK_API_KEY}", 2, 19, "`key: {env: DEEPSEEK_API_KEY}` and write `${key}`"),
        ("${env.HOME}", 0, 11, "`key: {env: HOME}`"),
        ("${env:HOME}", 0, 11, "`key: {env: HOME}`"),
        ("${ key }", 0, 8, "did you mean `${key}`?"),
        ("${KEY}", 0, 6, "did you mean `${key}`?"),
        ("${Keys.Gateway}", 0, 15, "did you mean `${keys.gateway}`?"),
        ("${key|url-encode}", 0, 17, "did you mean `${key|urlencode}`?"),
        ("${keys.a|x}", 0, 11, "filters: `urlencode`, `base64`"),
        ("${key.gateway}", 0, 14, "a named key is written `${keys.<name>}`"),
        ("${key_2}", 0, 8, "a named key is written `${keys.<name>}`"),
        ("${{ secrets.KEY }}", 0, 18, "use an `env` key source"),
        ("${}", 0, 3, "write `${key}`"),
        ("${a b}", 0, 6, "write `${key}`"),
        ("x${key", 1, 5, "`$${` for the text `${`"),
        ("${key\n}", 0, 5, "`$${` for the text `${`"),
    ],
)
def test_any_other_dollar_brace_is_an_error_with_a_hint(
    text: str, offset: int, width: int, hint: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(text)
    assert (caught.value.offset, caught.value.width) == (offset, width)
    assert hint in caught.value.hint


PARTS = st.lists(
    st.text("ab$ ", min_size=1, max_size=5)
    | st.sampled_from([KEY, KeyReference("keys.b", KeyFilter.BASE64)]),
    max_size=6,
)


@settings(deadline=None)
@given(PARTS)
def test_what_a_template_writes_is_parsed_back(parts: list[str | KeyReference]) -> None:
    merged: list[str | KeyReference] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    template = Template(tuple(merged))
    assert parse_template(str(template)) == template
