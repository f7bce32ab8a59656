"""Whatever the world is like: proofs point at exchanges that are there and fit, replays agree."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.scripted_runs import ATTEMPTS, header, recorded_run
from support.worlds import Oracle, denied_baselines, worlds

from harness.isolation.space import Space
from harness.model.exchange import ExchangeKey
from harness.model.outcome import Outcome
from harness.model.request import SignedRequest
from harness.model.result import RunResult
from harness.reports.json_result import document
from harness.reports.json_schema import result_schema
from harness.wiring.replay import replay

SCHEMA = jsonschema.Draft202012Validator(result_schema())
STRATEGIES = ("isolate", "one-at-a-time", "pairwise", "all")


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    sizes = tuple(draw(st.lists(st.integers(2, 3), min_size=1, max_size=4)))
    return Space(sizes)


@st.composite
def scenarios(draw: st.DrawFn, space: Space) -> str:
    """A scenario of that shape; some levels have no key, some cells are excluded."""
    gone = draw(st.sets(st.sampled_from(_levels(space)), max_size=2))
    axes = []
    for axis, size in enumerate(space.sizes):
        axes.append(f"  a{axis}:")
        for level in range(size):
            value = f"{level} ${{keys.gone}}" if (axis, level) in gone else f"{level}"
            axes.append(f"    l{level}: {{headers: {{X-A{axis}: '{value}'}}}}")
    strategy = draw(st.sampled_from(STRATEGIES))
    settings_of_search = {
        "strategy": strategy,
        "repeat": draw(st.integers(1, 2)),
        "concurrency": draw(st.sampled_from([1, 4, 8])),
        "max_denied": draw(st.sampled_from([50, 50, 3])),
        # A fixed plan over its budget is refused, so only `isolate` can meet one.
        "budget": draw(st.sampled_from([200, 200, 7])) if strategy == "isolate" else 200,
    }
    search = ", ".join(f"{name}: {value}" for name, value in settings_of_search.items())
    excluded = dict(draw(st.lists(st.sampled_from(_levels(space)), max_size=2)))
    pairs = [f"a{axis}: l{level}" for axis, level in excluded.items() if level]
    exclude = f"exclude: [{{{', '.join(pairs)}}}]" if len(pairs) == 2 else ""
    lines = "\n".join(axes)
    uses = "  keys.gone: {env: GONE}\n" if gone else ""
    return f"""\
version: 1
name: drawn
request:
  url: https://api.example.com/
  headers: {{Authorization: "Bearer ${{key}}"}}
  key: {{env: MADE_KEY}}
{uses}axes:
{lines}
{exclude}
search: {{{search}}}
"""


def _levels(space: Space) -> list[tuple[int, int]]:
    return [(axis, level) for axis, size in enumerate(space.sizes) for level in range(size)]


def _cell(space: Space, request: SignedRequest) -> tuple[int, ...]:
    return tuple(int(header(request, f"X-A{axis}")[0]) for axis in range(len(space.sizes)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_result_holds_what_it_claims_and_replays_the_same(data: st.DataObject):
    space = data.draw(spaces())
    oracle = data.draw(st.one_of(worlds(space), denied_baselines(space)))
    text = data.draw(scenarios(space))
    with tempfile.TemporaryDirectory() as folder:
        result = _run(text, Path(folder), space, oracle)
        SCHEMA.validate(document([result], result.exit_code, "0"))
        _check_proofs(result)
        if result.cassette is None:
            assert not result.exchanges
            return
        again = replay(Path(folder) / result.cassette, result.cassette)
    assert document([again], 0, "0") == document([replace(result, replayed=True)], 0, "0")
    assert again.exit_code == result.exit_code


def _run(text: str, folder: Path, space: Space, oracle: Oracle) -> RunResult:
    def reply(request: SignedRequest):
        return ATTEMPTS[oracle(_cell(space, request))]

    return recorded_run(text, folder, reply, {"MADE_KEY": "a-made-up-key-that-is-good"})


def _check_proofs(result: RunResult) -> None:
    """Every pair was run, differs in the flip only, and shows the outcomes that it is there for."""
    levels = {item.variant.id: item.variant.levels for item in result.variants}
    outcomes = {
        attempt.exchange: attempt.outcome for item in result.variants for attempt in item.attempts
    }
    for finding in result.findings:
        heals = finding.to is Outcome.PASS
        for passing, failing in (*finding.breaks, *finding.heals):
            assert outcomes[passing] is Outcome.PASS
            assert outcomes[failing] is not Outcome.PASS
            assert outcomes[passing if heals else failing] is finding.to
            start, end = (failing, passing) if heals else (passing, failing)
            assert _difference(levels, start, end) == finding.flip
        used = [one for pair in (*finding.breaks, *finding.heals) for one in pair]
        assert len(set(used)) == len(used)
    for fix in result.fixes:
        assert all(outcomes[exchange] is Outcome.PASS for exchange in fix.exchanges)
    for item in result.observations:
        assert set(item.exchanges) <= set(result.exchanges)


def _difference(
    levels: Mapping[str, Mapping[str, str]], start: str, end: str
) -> dict[str, tuple[str, str]]:
    one, other = (levels[ExchangeKey.parse(exchange).variant] for exchange in (start, end))
    return {axis: (one[axis], other[axis]) for axis in one if one[axis] != other[axis]}


def test_the_property_would_notice_a_wrong_proof():
    """The check itself can fail: a proof of which the sides are exchanged."""
    space = Space((2,))
    text = """\
version: 1
name: drawn
request:
  url: https://api.example.com/
  headers: {Authorization: "Bearer ${key}"}
  key: {env: MADE_KEY}
axes:
  a0: {l0: {headers: {X-A0: '0'}}, l1: {headers: {X-A0: '1'}}}
"""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = dict(zip(product(range(2)), (Outcome.PASS, Outcome.DENIED), strict=True))
        result = _run(text, Path(folder), space, outcomes.__getitem__)
    (found,) = result.findings
    assert found.flip == {"a0": ("l0", "l1")}
    _check_proofs(result)
    wrong = replace(found, breaks=tuple(pair[::-1] for pair in found.breaks))
    try:
        _check_proofs(replace(result, findings=(wrong,)))
    except AssertionError:
        return
    raise AssertionError("a wrong proof was not noticed")
