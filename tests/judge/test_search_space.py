"""A scenario's matrix as the search sees it: aliases left out, a base that can be sent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.matrices import axis, header, key_axis, scenario, selection

from harness.isolation.space import Space
from harness.judge.search_space import SearchSpace, all_sources, patch_sources, search_space
from harness.model.finding import CellRun, Evidence, Fix, Flip, Proof, SearchReport, Verdict
from harness.model.key_facts import KeyFacts
from harness.model.key_source import EnvSource
from harness.model.outcome import Outcome
from harness.model.request import (
    BasicSign,
    BearerSign,
    Direct,
    Edit,
    JsonBody,
    Patch,
    ProxyRoute,
    Removed,
)
from harness.model.scenario import Scenario
from harness.model.template import KeyReference, Template
from harness.scenario_file.template import parse_template

SCHEME = axis("scheme", bearer=header("X-A", "1"), lower=header("X-A", "2"))


def facts(scenario: Scenario, **given: str) -> Mapping:
    """Each source by its variable: an id of its value, or "" where there is none."""
    known = {}
    for source in all_sources(scenario):
        value = given.get(source.name, source.name)
        known[source] = KeyFacts(str(source), secret_id=value, error="" if value else "none there")
    return known


def space(scenario: Scenario, **given: str) -> SearchSpace:
    return search_space(scenario, facts(scenario, **given), parse_template)


def test_with_every_key_of_its_own_nothing_changes():
    found = space(scenario(key_axis("shell", "dotenv"), SCHEME))
    assert found.order == ((0, 1), (0, 1))
    assert found.space == Space((2, 2), found.space.excluded)
    assert found.aliases == {}
    assert found.to_scenario((1, 0)) == found.to_search((1, 0)) == (1, 0)


def test_equal_values_share_a_level():
    found = space(scenario(key_axis("shell", "dotenv", "vault")), DOTENV="SHELL")
    assert found.aliases == {(0, 1): 0}
    assert found.order == ((0, 2),)
    assert found.to_search((1,)) == (0,)
    assert found.to_search((2,)) == (1,)


def test_values_that_are_missing_are_not_equal():
    found = space(scenario(key_axis("shell", "dotenv", "vault")), DOTENV="", VAULT="")
    assert found.aliases == {}
    assert found.space.not_sent == {(0, 1), (0, 2)}


def test_a_missing_baseline_key_moves_the_base():
    found = space(scenario(key_axis("shell", "dotenv", "vault"), SCHEME), SHELL="")
    assert found.order == ((1, 0, 2), (0, 1))
    assert found.space.not_sent == {(0, 1)}
    assert found.to_scenario((0, 0)) == (1, 0)


def test_an_alias_of_the_moved_base_is_an_alias_still():
    found = space(scenario(key_axis("shell", "dotenv", "vault")), SHELL="", VAULT="DOTENV")
    assert found.order == ((1, 0),)
    assert found.aliases == {(0, 2): 1}


def test_a_base_that_is_excluded_is_passed_over():
    made = scenario(
        key_axis("shell", "dotenv", "vault"),
        SCHEME,
        exclude=(selection(key="dotenv", scheme="bearer"),),
    )
    found = space(made, SHELL="")
    assert found.to_scenario((0, 0)) == (1, 1)


def test_where_every_base_is_excluded_the_baseline_stays():
    made = scenario(key_axis("shell", "dotenv"), SCHEME, exclude=(selection(key="dotenv"),))
    found = space(made, SHELL="")
    assert found.order == ((0, 1), (0, 1))
    assert found.space.not_sent == {(0, 0)}


def test_where_no_key_is_there_the_baseline_stays():
    found = space(scenario(key_axis("shell", "dotenv")), SHELL="", DOTENV="")
    assert found.order == ((0, 1),)
    assert found.space.not_sent == {(0, 0), (0, 1)}


def test_exclusions_are_those_of_the_scenario():
    made = scenario(
        key_axis("shell", "dotenv", "vault"),
        SCHEME,
        exclude=(selection(key="vault", scheme="lower"),),
    )
    found = space(made, SHELL="")
    assert found.space.is_excluded(found.to_search((2, 1)))
    assert not found.space.is_excluded(found.to_search((1, 1)))


def test_included_cells_are_the_search_s_once_each():
    made = scenario(
        key_axis("shell", "dotenv"),
        SCHEME,
        include=(selection(key="shell", scheme="lower"), selection(key="dotenv", scheme="lower")),
    )
    assert space(made).space.include == ((0, 1), (1, 1))
    assert space(made, DOTENV="SHELL").space.include == ((0, 1),)


def test_an_included_cell_whose_twin_is_excluded_is_left_out():
    made = scenario(
        key_axis("shell", "dotenv"),
        SCHEME,
        exclude=(selection(key="shell", scheme="lower"),),
        include=(selection(key="dotenv", scheme="lower"),),
    )
    assert space(made).space.include == ((1, 1),)
    assert space(made, DOTENV="SHELL").space.include == ()


def test_a_level_that_refers_to_a_missing_key_cannot_be_sent():
    other = Template((KeyReference("keys.other"),))
    base = Patch(
        method="GET",
        url=Template.of("https://api.example.com/"),
        keys={"key": EnvSource("SHELL"), "keys.other": EnvSource("OTHER")},
        headers=(Edit("Authorization", Template((KeyReference("key"),))),),
    )
    made = scenario(axis("extra", none=Patch(), some=header("X-Key", other)), baseline=base)
    assert space(made, OTHER="").space.not_sent == {(0, 1)}
    assert space(made, SHELL="").space.not_sent == frozenset()


def test_a_key_in_the_strings_of_a_body_counts():
    base = Patch(method="POST", url=Template.of("https://a.example/"), keys={})
    body = Patch(body=JsonBody({"k": ["${key}"]}), keys={"key": EnvSource("BODY")})
    made = scenario(axis("size", none=Patch(), some=body), baseline=base)
    assert space(made, BODY="").space.not_sent == {(0, 1)}


def test_a_level_whose_key_nothing_uses_can_be_sent():
    made = scenario(
        key_axis("shell", "dotenv"),
        baseline=Patch(method="GET", url=Template.of("https://a.example/"), keys={}),
    )
    assert space(made, DOTENV="").space.not_sent == frozenset()


def test_every_source_is_named_once_in_order():
    route = ProxyRoute("http://p.example:1", EnvSource("P_USER"), EnvSource("P_PASS"))
    made = scenario(
        key_axis("shell_key", "dotenv"),
        axis(
            "sign",
            bearer=Patch(sign=BearerSign(EnvSource("DOTENV"))),
            basic=Patch(sign=BasicSign(EnvSource("B_USER"), EnvSource("B_PASS"))),
            none=Patch(sign=Removed.REMOVED),
        ),
        axis("proxy", "proxy", none=Patch(proxy=Direct.DIRECT), corp=Patch(proxy=route)),
    )
    names = [source.name for source in all_sources(made)]
    assert names == ["SHELL_KEY", "DOTENV", "B_USER", "B_PASS", "P_USER", "P_PASS"]
    assert patch_sources(Patch(sign=Removed.REMOVED, proxy=Direct.DIRECT)) == ()


@pytest.mark.parametrize("static", [False, True])
def test_a_report_goes_back_into_the_scenario_s_numbers(static):
    found = space(scenario(key_axis("shell", "dotenv", "vault"), SCHEME), SHELL="")
    pair = (CellRun((0, 0), 1), CellRun((2, 0), 1))
    flip = Flip(((0, 0, 2),), Outcome.DENIED, Proof((pair,), (pair,)), static=static)
    report = SearchReport(
        Verdict.FLIP,
        Evidence.PARTIAL,
        flips=(flip,),
        fixes=(Fix((2, 0), ((0, 0),), (CellRun((0, 0), 1),)),),
        irrelevant=(1,),
        untested=((1, 1),),
        rule="rule",
        notes=("note",),
    )
    told = found.report_to_scenario(report)
    back = (CellRun((1, 0), 1), CellRun((2, 0), 1))
    assert told.flips == (
        Flip(((0, 1, 2),), Outcome.DENIED, Proof((back,), (back,)), static=static),
    )
    assert told.fixes == (Fix((2, 0), ((0, 1),), (CellRun((1, 0), 1),)),)
    assert told.untested == ((0, 1),)
    assert (told.irrelevant, told.rule, told.notes) == ((1,), "rule", ("note",))


def test_runs_of_cells_outside_the_search_are_left_out():
    found = space(scenario(key_axis("shell", "dotenv")), DOTENV="SHELL")
    runs = {(0,): [Outcome.PASS], (1,): [Outcome.DENIED]}
    assert found.searched(runs) == {(0,): (Outcome.PASS,)}
    assert found.searched({(0,): []}) == {}


def test_equal_keys_inside_signatures_are_aliases_too() -> None:
    one, two, other = EnvSource("ONE"), EnvSource("TWO"), EnvSource("OTHER")
    signs = axis(
        "sign",
        "sign",
        first=Patch(sign=BearerSign(one)),
        same=Patch(sign=BearerSign(two)),
        basic=Patch(sign=BasicSign("me", two)),
        different=Patch(sign=BearerSign(other)),
        off=Patch(sign=Removed.REMOVED),
    )
    facts = {
        one: KeyFacts("env ONE", secret_id="s1"),
        two: KeyFacts("env TWO", secret_id="s1"),
        other: KeyFacts("env OTHER", secret_id="s2"),
    }
    found = search_space(scenario(signs), facts, parse_template)
    assert found.aliases == {(0, 1): 0}
