"""What is remembered as unchanged is just what the rules leave alone."""

from __future__ import annotations

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction.samples import secret

from harness.model.wire import TlsFacts
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber
from harness.redaction.unchanged import Unchanged, shape_of


class Rule:
    """Counts how often the rules went over a text."""

    def __init__(self, registry: SecretRegistry) -> None:
        self.scrub = Scrubber(registry)
        self.calls: list[str] = []

    def __call__(self, text: str) -> str:
        self.calls.append(text)
        return self.scrub.content(text)


@pytest.fixture
def registry() -> SecretRegistry:
    return SecretRegistry("x")


def test_equal_texts_are_looked_at_once(registry: SecretRegistry) -> None:
    unchanged, rule = Unchanged(registry), Rule(registry)
    assert [unchanged.keep("r", "hello", rule) for _ in range(3)] == ["hello"] * 3
    assert rule.calls == ["hello"]
    assert unchanged.keep("other rule", "hello", rule) == "hello"
    assert len(rule.calls) == 2
    assert unchanged.keep("r", "", rule) == ""


def test_texts_that_differ_in_numbers_and_ids_are_looked_at_once(registry: SecretRegistry) -> None:
    unchanged, rule = Unchanged(registry), Rule(registry)
    rng = random.Random(1)
    for number in range(100, 140):
        text = f"at {number}: {uuid.UUID(int=rng.getrandbits(128), version=4)} {number:x}{'a' * 9}"
        assert unchanged.keep("r", text, rule) == text
    assert len(rule.calls) <= 2


def test_a_text_that_changes_is_looked_at_each_time(registry: SecretRegistry) -> None:
    unchanged, rule = Unchanged(registry), Rule(registry)
    for _ in range(2):
        assert "p4ssw0rd" not in unchanged.keep("r", '{"password":"p4ssw0rd"}', rule)
        unchanged.begin(frozenset())
    assert len(rule.calls) == 2


def test_what_is_learned_is_looked_for_in_what_was_remembered(registry: SecretRegistry) -> None:
    unchanged, rule = Unchanged(registry), Rule(registry)
    text = "say plainword-7 and d0c5a9e14f7b2386"
    assert unchanged.keep("r", text, rule) == text
    registry.add(secret("plainword-7"))
    assert "plainword-7" not in unchanged.keep("r", text, rule)
    unchanged.begin(frozenset())
    assert "plainword-7" not in unchanged.keep("r", text, rule)
    # A key may be a number or a digest itself: shapes count no more.
    assert unchanged.keep("r", "id 1234567890123", rule) == "id 1234567890123"
    registry.add(secret("9876543210123"))
    unchanged.begin(frozenset())
    assert unchanged.keep("r", "id 1234567890123", rule) == "id 1234567890123"
    assert "9876543210123" not in unchanged.keep("r", "id 9876543210123", rule)


def test_headers_and_the_lines_of_a_head_share_what_is_known(registry: SecretRegistry) -> None:
    unchanged, calls = Unchanged(registry), []

    def header(name: str, value: str) -> tuple[str, str]:
        calls.append(name)
        return name, value

    def head(lines: tuple[str, ...]) -> tuple[str, ...]:
        calls.append("head")
        return lines

    pairs = (("Age", "7"), ("Odd:name", "a"), ("Date", "Sun, 22 Nov 2026 09:52:08 GMT"))
    assert unchanged.keep_headers(pairs, header) == pairs
    assert unchanged.keep_headers(pairs, header) == pairs
    other = (("Age", "8"), ("Date", "Sun, 23 Nov 2026 10:00:00 GMT"))
    assert unchanged.keep_headers(other, header) == other
    assert calls == ["Age", "Odd:name", "Date"]
    lines = ("HTTP/1.1 200 OK", "Age: 9", "Date: Sun, 22 Nov 2026 09:52:08 GMT")
    assert unchanged.keep_head(lines, head) == lines
    assert unchanged.keep_head(lines, head) == lines
    assert calls[3:] == ["head"]
    twice = (lines[0], "", "HTTP/1.1 200 OK")
    for _ in range(2):  # two heads: never remembered
        assert unchanged.keep_head(twice, head) == twice
    assert calls[4:] == ["head", "head"]
    assert unchanged.keep_head((), head) == ()


def test_facts_are_held_once(registry: SecretRegistry) -> None:
    unchanged, seen = Unchanged(registry), []

    def redact(facts: TlsFacts) -> TlsFacts:
        seen.append(facts)
        return facts

    first = TlsFacts(version="TLSv1.3")
    assert unchanged.keep_facts(first, redact) is first
    assert unchanged.keep_facts(TlsFacts(version="TLSv1.3"), redact) is first
    assert len(seen) == 1


def test_memory_is_bounded(registry: SecretRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.redaction.unchanged._MOST", 3)
    unchanged, rule = Unchanged(registry), Rule(registry)
    for letter in "abcdefg" * 2:
        assert unchanged.keep("r", f"word {letter * 5}", rule) == f"word {letter * 5}"
    assert len(rule.calls) == 14
    long = "word " * 2000
    for _ in range(2):
        assert unchanged.keep("r", long, rule) == long
    assert len(rule.calls) == 16


@pytest.mark.parametrize(
    "text",
    [
        *("%37%33 7", "\\u0037", "&#55; 1"),  # digits that spell other characters
        *("abc123", "12x", "deadbeef", "1" * 21, "0a" * 17, "a1b2c3d", "RDX~s1.t4~"),
    ],
)
def test_what_is_no_number_and_no_id_is_its_own_shape(text: str) -> None:
    assert shape_of(text) == text


PIECES = st.sampled_from(
    [
        *("key", "token", "Bearer ", "password=", '"', ":", "=", " ", "/", "?", ";", "-", "_", "."),
        *('"secret":"', '"code":"', "api_key=", "Basic ", "://", "@", "****", "…", "sk-", "eyJ"),
        *("RDX~s1.t4~", "Authorization: ", "ending in ", "{", "}", "x", "GHz", "request_id: "),
    ]
)
VARYING = st.one_of(
    st.integers(0, 10**19).map(str),
    st.uuids().map(str),
    st.binary(min_size=4, max_size=16).map(bytes.hex),
)


@given(st.lists(st.one_of(PIECES, VARYING), max_size=8).map("".join))
def test_a_text_whose_shape_is_left_alone_is_left_alone(text: str) -> None:
    for rule in ("content", "message", "known"):
        shape = shape_of(text)
        if getattr(Scrubber(SecretRegistry("x")), rule)(shape) == shape:
            assert getattr(Scrubber(SecretRegistry("x")), rule)(text) == text


def test_headers_are_redacted_after_something_was_learned(registry: SecretRegistry) -> None:
    unchanged = Unchanged(registry)
    pairs = (("A", "plainword-7"), ("B", "2"))

    def header(name: str, value: str) -> tuple[str, str]:
        return name, Scrubber(registry).known(value)

    assert unchanged.keep_headers(pairs, header) == pairs
    registry.add(secret("plainword-7"))
    for _ in range(2):
        made = unchanged.keep_headers(pairs, header)
        assert [name for name, _ in made] == ["A", "B"]
        assert "plainword-7" not in made[0][1]
        unchanged.begin(frozenset())
    assert unchanged.keep_headers((), header) == ()
