"""What a cassette says of its run: written and read back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support.scenario_texts import bearer_text, scenario_of

from harness.errors import CassetteError
from harness.model.finding import Ended
from harness.model.key_facts import KeyFacts, KeyShape
from harness.wiring.run_facts import FindingFacts, RunFacts, read_run_facts

SHAPE = KeyShape(36, "sk-", "hex", ("trailing LF",), (3, 4), ("sample value",))
SOURCES = (
    KeyFacts("env A", "A", "s1", SHAPE, "", ("shadows .env:3",)),
    KeyFacts("env B", error="not set", hint="set it"),
)
FACTS = RunFacts.of(
    scenario_of(bearer_text("https://api.example.com/")),
    tool="1.2.3",
    started_at_utc=5.0,
    lab=True,
    sources=SOURCES,
)


def test_what_was_written_is_read_back():
    assert read_run_facts(json.loads(json.dumps(FACTS.document())), "x.yaml") == FACTS


@pytest.mark.parametrize("ended", list(Ended))
def test_the_end_is_read_back(ended: Ended):
    facts = RunFacts.of(
        scenario_of(bearer_text("https://api.example.com/")),
        tool="1",
        started_at_utc=0.0,
        lab=False,
        sources=(),
    )
    document = {**facts.document(), "ended": ended.value}
    assert read_run_facts(document, "x.yaml").ended is ended


def test_there_are_only_lists_and_mappings_in_it():
    """The redactor looks into those, and takes anything else for a number."""

    def kinds(value: object) -> set[type]:
        inside = (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        )
        return {type(value)}.union(*map(kinds, inside))

    assert kinds(FACTS.document()) == {dict, list, str, int, float, bool, type(None)}


@pytest.mark.parametrize("document", [[], "text", {}, {"format": 2}])
def test_anything_else_is_no_run(document: object):
    with pytest.raises(CassetteError, match="has no run facts"):
        read_run_facts(document, "x.yaml")


def test_no_facts_at_all_is_somebody_elses_cassette():
    with pytest.raises(CassetteError, match="holds no run of a scenario"):
        read_run_facts(None, "x.yaml")


@pytest.mark.parametrize(
    "name", sorted(set(FACTS.document()) - {"format", "id", "append", "findings"})
)
def test_facts_with_a_hole_are_damaged(name: str):
    document = FACTS.document()
    del document[name]
    with pytest.raises(CassetteError, match="damaged run facts"):
        read_run_facts(document, "x.yaml")


@pytest.mark.parametrize(
    "sources", [[None], [1], [{}], [{**FACTS.document()["sources"][0], "shape": 1}]]
)
def test_sources_of_another_form_are_damaged(sources: object):
    with pytest.raises(CassetteError, match="damaged run facts"):
        read_run_facts({**FACTS.document(), "sources": sources}, "x.yaml")


def test_what_was_found_is_read_back():
    finding = FindingFacts({"key": ("shell", "dotenv")}, "denied", "K08")
    assert str(finding) == "K08: key shell -> dotenv, to denied"
    facts = replace(FACTS, id="r1", append=True, findings=(finding,))
    assert read_run_facts(json.loads(json.dumps(facts.document())), "x.yaml") == facts


def test_facts_of_an_early_version_lack_what_came_later():
    document = FACTS.document()
    for name in ("id", "append", "findings"):
        del document[name]
    assert read_run_facts(document, "x.yaml") == FACTS
