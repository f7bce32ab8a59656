import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from reports.diff_samples import SAMPLES

from harness.reports.difference_json import difference_document
from harness.reports.difference_schema import difference_schema
from harness.reports.json_result import dump

GOLDEN = Path(__file__).parent.parent / "golden" / "differences"


def document(name: str, *, everything: bool) -> dict:  # type: ignore[type-arg]
    made: dict = json.loads(  # type: ignore[type-arg]
        dump(difference_document(SAMPLES[name](), 1, "0.1.0", everything=everything))
    )
    return made


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(difference_schema())


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("everything", [False, True])
def test_every_document_is_as_the_schema_says(name: str, everything: bool) -> None:  # noqa: FBT001
    Draft202012Validator(difference_schema()).validate(document(name, everything=everything))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole.pop("exit"),
        lambda whole: whole.update(schema=2),
        lambda whole: whole["a"].update(exchange="baseline"),
        lambda whole: whole["a"].update(outcome="ok"),
        lambda whole: whole["differences"][0].update(part="somewhere"),
        lambda whole: whole["differences"][0].update(kind="odd"),
        lambda whole: whole["differences"][0].update(a=1),
        lambda whole: whole["set_aside"].update(count=-1),
        lambda whole: whole["set_aside"].update(items=[{}]),
    ],
)
def test_a_document_that_breaks_the_contract_is_refused(spoil: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    whole = document("key_and_url", everything=True)
    spoil(whole)
    assert list(Draft202012Validator(difference_schema()).iter_errors(whole))


def test_the_schema_names_every_field_that_is_printed() -> None:
    schema = difference_schema()
    whole = document("key_and_url", everything=True)
    assert set(whole) == set(schema["properties"])
    assert set(whole["a"]) == set(schema["$defs"]["side"]["properties"])
    every = [*whole["differences"], *whole["set_aside"]["items"]]
    named = set(schema["$defs"]["difference"]["properties"])
    assert {name for one in every for name in one} == named


def test_the_object_reads_as_in_its_golden_file(golden: Callable[[Path, str], None]) -> None:
    text = dump(difference_document(SAMPLES["key_and_url"](), 1, "0.1.0", everything=True))
    golden(GOLDEN / "key_and_url.json", text)


def test_what_is_set_aside_is_counted_and_listed_on_demand() -> None:
    short, whole = (document("key_and_url", everything=each) for each in (False, True))
    assert short["set_aside"] == {"count": len(whole["set_aside"]["items"])}
    assert all(one["reason"] for one in whole["set_aside"]["items"])


def test_hostile_texts_are_ascii() -> None:
    text = dump(difference_document(SAMPLES["hostile"](), 1, "0.1.0", everything=True))
    assert text.isascii()
    assert "\x1b" not in text
