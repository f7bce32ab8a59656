import pytest

from harness.diagnosis.key_words import is_empty, new_edges, provider_of, shape_cause
from harness.model.key_facts import KeyFacts, KeyShape


def test_a_key_without_a_shape_says_nothing() -> None:
    assert shape_cause(None, KeyShape(35)) == ""
    assert new_edges(None, KeyShape(35)) == ()
    assert not is_empty(KeyFacts("env A", error="not set"))


def test_a_mark_tells_more_than_an_edge() -> None:
    shape = KeyShape(12, edges=("trailing double quote",), marks=("sample value",))
    assert shape_cause(shape, None) == "K05"


def test_what_is_hardest_to_see_is_named_first() -> None:
    shape = KeyShape(12, edges=("trailing double quote", "trailing zero-width space"))
    assert shape_cause(shape, None) == "H13"


def test_a_clean_key_has_no_cause() -> None:
    assert shape_cause(KeyShape(35, "sk-", "hex"), None) == ""


@pytest.mark.parametrize(("prefix", "provider"), [("gsk_", "Groq"), ("sk-", ""), ("", "")])
def test_only_a_prefix_of_one_provider_names_it(prefix: str, provider: str) -> None:
    assert provider_of(prefix) == provider
