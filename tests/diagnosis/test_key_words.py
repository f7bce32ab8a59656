import pytest

from harness.diagnosis.causes import CAUSES
from harness.diagnosis.key_words import PROVIDERS, is_empty, new_edges, provider_of, shape_cause
from harness.model.key_facts import KeyFacts, KeyShape
from harness.redaction import marks
from harness.redaction.edges import edges_of
from harness.redaction.key_class import public_prefix


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


@pytest.mark.parametrize("word", marks._WORDS.values())
def test_every_mark_that_a_key_may_have_has_a_cause(word: str) -> None:
    assert shape_cause(KeyShape(12, marks=(word,)), None) in CAUSES


_CLINGING = [" ", "\t", "\n", "\r", "\r\n", "\x00", "\x7f", '"', "'", "`"]
_CLINGING += [
    *("\u00a0", "\ufeff", "\u200b", "\u200c", "\u200d", "\u2060"),
    *("\u2009", "\u2018", "\u2019", "\u201c", "\u201d"),
]


@pytest.mark.parametrize("clinging", _CLINGING)
def test_every_edge_that_a_key_may_have_has_a_cause(clinging: str) -> None:
    edges = tuple(str(edge) for edge in edges_of(f"{clinging}key{clinging}"))
    assert edges
    assert shape_cause(KeyShape(12, edges=edges), None) in CAUSES


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_every_prefix_of_a_provider_is_one_that_keys_are_told_by(prefix: str) -> None:
    assert public_prefix(f"{prefix}{'x' * 20}") == prefix
