import random
import sys
from collections.abc import Iterator

import pytest

from harness.reports.redacting_processor import WITHHELD, RedactingProcessor

SECRET = "sk-" + "".join(random.Random(401).choices("0123456789abcdef", k=32))
DIGITS = random.Random(402).randrange(10**11, 10**12)


def _redact(text: str) -> str:
    return text.replace(SECRET, "RDX").replace(str(DIGITS), "RDX")


PROCESSOR = RedactingProcessor(_redact)


class _Loud:
    def __str__(self) -> str:
        return f"object with {SECRET}"


class _Broken:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


class _Text(str):
    __slots__ = ()


def _nested(depth: int) -> object:
    value: object = SECRET
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (SECRET, "RDX"),
        (f"Bearer {SECRET}!", "Bearer RDX!"),
        (_Text(SECRET), "RDX"),
        ({"a": {SECRET: [SECRET]}}, {"a": {"RDX": ["RDX"]}}),
        ((SECRET, 1), ["RDX", 1]),
        ({SECRET}, ["RDX"]),
        (frozenset({SECRET}), ["RDX"]),
        (SECRET.encode(), "RDX"),
        (bytearray(b"\xff") + SECRET.encode(), r"\xffRDX"),
        (_Loud(), "object with RDX"),
        (_Broken(), WITHHELD),
        (DIGITS, "RDX"),
        (12, 12),
        (1.5, 1.5),
        (True, True),
        (None, None),
        ({1: 2}, {"1": 2}),
    ],
)
def test_a_secret_is_found_in_any_kind_of_value(value: object, plain: object) -> None:
    found = PROCESSOR(None, "info", {"event": value})
    assert found == {"event": plain}


def test_what_lies_too_deep_is_withheld() -> None:
    text = str(PROCESSOR(None, "info", {"event": _nested(20)}))
    assert WITHHELD in text
    assert SECRET not in text


def test_a_secret_in_the_name_of_a_field_is_found() -> None:
    assert PROCESSOR(None, "info", {SECRET: 1}) == {"RDX": 1}


def _raise() -> None:
    local = SECRET
    try:
        {}[local]
    except KeyError as error:
        raise ValueError(f"no {local}") from error


def _chain() -> ValueError:
    try:
        _raise()
    except ValueError as error:
        error.add_note(f"a note with {SECRET}")
        return error
    raise AssertionError


def _forms(error: ValueError) -> Iterator[object]:
    yield error
    yield (type(error), error, error.__traceback__)
    yield (type(error), error, None)


def test_an_exception_is_told_with_its_chain_and_without_the_secret() -> None:
    for form in _forms(_chain()):
        found = str(PROCESSOR(None, "error", {"event": "x", "exc_info": form})["exception"])
        assert "ValueError: no RDX" in found
        assert "KeyError: 'RDX'" in found
        assert "a note with RDX" in found
        assert SECRET not in found


def test_the_current_exception_is_found() -> None:
    try:
        _raise()
    except ValueError:
        assert sys.exception() is not None
        found = PROCESSOR(None, "error", {"event": "x", "exc_info": True})
        assert "ValueError: no RDX" in str(found["exception"])


@pytest.mark.parametrize("nothing", [None, False, (None, None, None), True])
def test_no_exception_adds_nothing(nothing: object) -> None:
    assert PROCESSOR(None, "info", {"event": "x", "exc_info": nothing}) == {"event": "x"}


def test_an_exception_as_a_value_is_redacted() -> None:
    found = PROCESSOR(None, "info", {"error": _chain()})
    assert "ValueError: no RDX" in str(found["error"])
    assert SECRET not in str(found)


def test_what_cannot_be_redacted_is_withheld() -> None:
    def broken(_text: str) -> str:
        raise RuntimeError

    found = RedactingProcessor(broken)(None, "info", {"event": SECRET})
    assert found == {WITHHELD: WITHHELD}
