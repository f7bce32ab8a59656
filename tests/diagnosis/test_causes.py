import string
from urllib.parse import urlsplit

import pytest
from diagnosis.flips import failing, flip

from harness.diagnosis.causes import CAUSES, MEASURED
from harness.diagnosis.facts import flip_facts

CODES = {
    *("H01", "H02", "H03", "H04", "H05", "H06", "H11", "H12", "H13"),
    *("K01", "K03", "K04", "K05", "K06", "K07", "K08", "K09", "K21", "K22"),
    *("A01", "A02", "P01", "P02", "P05", "U02", "U05", "R01"),
    *("C01", "C02", "C03", "C05", "V01", "V03", "V05", "L02", "X01"),
}
OBSERVED_ONLY = {
    "V01": ("variant", "counts"),
    "C06": ("skew",),
    "X03": ("count", "missing"),
    "X07": ("count", "others", "missing"),
    "X05": ("count",),
}


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_causes_of_the_catalogue_are_there() -> None:
    assert set(CAUSES) >= CODES


@pytest.mark.parametrize("code", CAUSES)
def test_every_fact_that_a_cause_names_exists(code: str) -> None:
    cause = CAUSES[code]
    facts = set(flip_facts(flip(failing()))) | set(OBSERVED_ONLY.get(code, ()))
    assert _names(f"{cause.title}{cause.explanation}{cause.fix}") <= facts


@pytest.mark.parametrize("code", CAUSES)
def test_a_cause_reads_as_a_sentence_and_says_where_it_was_seen(code: str) -> None:
    cause = CAUSES[code]
    assert cause.explanation.endswith((".", "{shadow_note}"))
    assert not cause.fix.endswith(".")
    assert not cause.title[:1].isupper()
    assert cause.source == MEASURED or urlsplit(cause.source).scheme == "https"


@pytest.mark.parametrize("code", CAUSES)
def test_what_cannot_be_told_apart_is_a_known_cause(code: str) -> None:
    assert set(CAUSES[code].also) <= set(CAUSES) - {code}


def test_a_cause_lists_each_other_code_once() -> None:
    found = CAUSES["K21"].diagnosis(flip_facts(flip(failing())), also=("A01", "K07"))
    assert found.also == ("A01", "K07")


def test_a_fact_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        CAUSES["K21"].diagnosis({})
