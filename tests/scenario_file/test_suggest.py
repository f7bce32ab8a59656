from __future__ import annotations

from harness.scenario_file.suggest import closest, did_you_mean


def test_the_closest_word_is_found_without_regard_to_case() -> None:
    assert closest("HEADER", ["headers", "method"]) == "headers"
    assert closest("Strategy", ["strategy"]) == "strategy"


def test_a_word_that_begins_with_a_known_one_means_it() -> None:
    assert closest("environment", ["env", "file"]) == "env"


def test_nothing_is_close_to_a_strange_or_a_very_long_word() -> None:
    assert closest("zzz", ["headers"]) is None
    assert closest("headers" * 1000, ["headers"]) is None


def test_without_a_guess_the_valid_words_are_listed() -> None:
    assert did_you_mean("header", ["headers"]) == "did you mean `headers`?"
    assert did_you_mean("zzz", ["a", "b"]) == "valid: `a`, `b`"
    assert did_you_mean("zzz", ["a"], valid="axes: ") == "axes: `a`"
    assert did_you_mean("zzz", []) == ""


def test_a_long_list_is_cut() -> None:
    listed = did_you_mean("zzz", [str(n) for n in range(100)])
    assert listed.count("`") == 40
    assert listed.endswith(", …")
