from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.redaction.spelling_index import SHORTEST, SpellingIndex

WORDS = st.lists(st.text("abc", min_size=SHORTEST, max_size=14), min_size=1, max_size=4)


@given(WORDS, st.text("abc", max_size=60), st.data())
def test_what_a_plain_search_finds_is_found(
    words: list[str], text: str, data: st.DataObject
) -> None:
    index = SpellingIndex()
    for word in words:
        index.add_spelling(word)
    text += data.draw(st.sampled_from(words)) + data.draw(st.text("abc", max_size=9))
    found = set(index.spellings_in(text, index.hits(text)))
    for word in words:
        expected, start = set(), text.find(word)
        while start >= 0:
            expected.add((start, word))
            start = text.find(word, start + len(word))
        assert {one for one in found if one[1] == word} == expected


@given(st.text("abcdef", min_size=SHORTEST, max_size=20), st.text("abcxyz", max_size=12), st.data())
def test_every_piece_is_found_and_as_long_as_it_is(
    word: str, around: str, data: st.DataObject
) -> None:
    index = SpellingIndex()
    for at in range(len(word) - SHORTEST + 1):
        index.add_piece(word[at : at + SHORTEST], "s1")
    start = data.draw(st.integers(0, len(word) - SHORTEST))
    text = around + word[start:] + around
    spans = list(index.pieces_in(text, index.hits(text)))
    assert any(s <= len(around) and e >= len(around) + SHORTEST for s, e, _ in spans)
    assert all(owner == "s1" for _, _, owner in spans)


def test_an_empty_index_finds_nothing() -> None:
    index = SpellingIndex()
    assert not index.hits("any text at all")
    assert not list(index.spellings_in("any text at all", [0, 5]))


def test_the_first_owner_of_a_piece_keeps_it() -> None:
    index = SpellingIndex()
    index.add_piece("abcdefgh", "s1")
    index.add_piece("abcdefgh", "s2")
    assert list(index.pieces_in("xabcdefghx", index.hits("xabcdefghx"))) == [(1, 9, "s1")]
