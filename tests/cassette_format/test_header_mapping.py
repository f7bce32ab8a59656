from __future__ import annotations

from harness.cassette_format.header_mapping import pairs_of, replayable, to_mapping


def test_values_of_one_name_stand_together() -> None:
    mapping = to_mapping((("A", "1"), ("b", "2"), ("A", "3"), ("a", "4")))
    assert mapping == {"A": ["1", "3"], "b": ["2"], "a": ["4"]}
    assert pairs_of(mapping) == (("A", "1"), ("A", "3"), ("b", "2"), ("a", "4"))


def test_codings_go_and_the_length_fits() -> None:
    headers = (
        ("Content-Encoding", "gzip"),
        ("content-length", "7"),
        ("Content-Length", "9"),
        ("transfer-encoding", "chunked"),
        ("X", "y"),
    )
    assert replayable(headers, 12) == (("content-length", "12"), ("X", "y"))


def test_no_length_is_made_up() -> None:
    assert replayable((("X", "y"),), 12) == (("X", "y"),)
