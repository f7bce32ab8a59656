"""Every shipped scenario does in the lab what it says, and its cassette says it again."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.made_keys import made_key
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from harness.cli.main import run as flip401
from harness.model.outcome import Outcome
from harness.model.scenario import Scenario
from harness.scenario_file.reader import read_scenario
from harness.wiring.scenarios import find_scenario, shipped_scenarios

DEMO = "deepseek-401"
MOST_VARIATIONS = 8
"""Levels off the baseline, over all axes, that one question may have."""

# Name: exit code, and (flip, code) of every finding.
DECLARED: dict[str, tuple[int, set[tuple[str, str]]]] = {
    DEMO: (1, {("key: shell -> dotenv", "K08")}),
    "account": (
        0,
        {
            ("key: in-order -> no-balance", "A02"),
            ("key: in-order -> too-many", "V06"),
            ("key: in-order -> revoked", "K21"),
        },
    ),
    "base-url": (
        0,
        {
            ("url: root -> doubled", "U02"),
            ("url: root -> misspelt", "U02"),
            ("url: root -> base-only", "U02"),
            ("url: root -> wrong-dialect", "U02"),
            ("key: right -> wrong", "K31"),
        },
    ),
    "basic-auth": (
        0,
        {("sign: basic -> bearer", "H04"), ("sign: basic -> wrong-password", "K31")},
    ),
    "canary-path": (
        0,
        {("proxy: direct -> inspecting", "P02"), ("proxy: direct -> gateway", "P05")},
    ),
    "clock-hmac": (
        0,
        {("clock: 0s -> -10m", "C01"), ("clock: 0s -> +10m", "C01")},
    ),
    "clock-jwt": (
        0,
        {
            ("clock: 0s -> -1h", "C03"),
            ("clock: 0s -> -10m", "C03"),
            ("clock: 0s -> +10m", "C02"),
            ("clock: 0s -> +1h", "C02"),
        },
    ),
    "curl-vs-app": (1, {("key: terminal -> app", "K03")}),
    "dotenv-not-loaded": (1, {("key: dotenv -> variable", "K06")}),
    "forbidden": (
        0,
        {("key: allowed -> not-allowed", "A08"), ("key: allowed -> unknown", "K31")},
    ),
    "header-name": (
        0,
        {
            ("carrier: authorization -> api-key", "H06"),
            ("carrier: authorization -> in-query", "U07"),
            (
                "url: anthropic-style -> openai-style, carrier: authorization -> x-api-key",
                "H06",
            ),
        },
    ),
    "key-bytes": (
        0,
        {
            ("key: clean -> word-after", "H11"),
            ("key: clean -> line-feed", "H12"),
            ("key: clean -> carriage-return", "K09"),
            ("key: clean -> quotes", "K08"),
            ("key: clean -> zero-width-space", "H13"),
            ("key: clean -> no-break-space", "H13"),
        },
    ),
    "key-placeholder": (
        0,
        {
            ("key: real -> undefined", "K03"),
            ("key: real -> none-of-python", "K03"),
            ("key: real -> sample", "K05"),
            ("key: real -> shell-name", "K04"),
            ("key: real -> template-name", "K04"),
            ("template: filled -> dollar-left", "H10"),
        },
    ),
    "key-presence": (
        0,
        {
            ("key: set -> empty", "H02"),
            ("key: set -> unset", "K01"),
            ("carrier: present -> absent", "H01"),
        },
    ),
    "key-typed": (1, {("key: stored -> typed", "K21")}),
    "key-wrong": (
        0,
        {
            ("key: right -> cut-off", "K21"),
            ("key: right -> revoked", "K21"),
            ("key: right -> foreign", "K22"),
        },
    ),
    "model-400": (
        0,
        {
            ("content: right -> foreign-model", "V05"),
            ("content: right -> no-messages", "V05"),
            ("content: right -> not-json", "V05"),
            ("key: right -> wrong", "K31"),
        },
    ),
    "proxy-http-only": (0, {("url: https -> http, proxy: direct -> corporate", "P02")}),
    "proxy-kinds": (0, {("proxy: direct -> socks-anonymous", "P01")}),
    "proxy-login": (
        0,
        {
            ("proxy: direct -> anonymous", "P01"),
            ("proxy: direct -> wrong-password", "P01"),
            ("proxy: direct -> gone", "N02"),
        },
    ),
    "proxy-strips": (
        0,
        {("proxy: direct -> inspecting", "P02"), ("proxy: direct -> gateway", "P05")},
    ),
    "redirect": (0, {("url: final -> plain-http", "U05"), ("url: final -> old-host", "R01")}),
    "required-headers": (0, set()),
    "scheme": (
        0,
        {
            ("scheme: bearer -> none", "H03"),
            ("scheme: bearer -> glued", "H04"),
            ("scheme: bearer -> colon", "H04"),
            ("scheme: bearer -> token", "H04"),
            ("scheme: bearer -> twice", "H05"),
            ("scheme: bearer -> quoted", "K08"),
        },
    ),
    "stale-shell-key": (1, {("key: shell -> dotenv", "K07")}),
    "token-times": (
        0,
        {("sign: fresh -> kept-too-long", "C03"), ("sign: fresh -> milliseconds", "C05")},
    ),
}


@dataclass(frozen=True)
class Ran:
    """A command line that ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.out))

    @property
    def result(self) -> dict[str, Any]:
        (result,) = self.document["runs"]
        return dict(result)


@pytest.fixture(scope="module")
def real_key() -> str:
    return made_key("a key that the lab must not touch")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, real_key: str) -> Iterator[Path]:
    """Return the working directory, with keys in it and around it that no lab run may read."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / ".env").write_text(f"DEEPSEEK_API_KEY={real_key}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        for name in ("DEEPSEEK_API_KEY", "EXAMPLE_API_KEY", "PROXY_PASSWORD"):
            patch.setenv(name, real_key)
        yield folder


@pytest.fixture(scope="module")
def ran(desk: Path) -> Iterator[_Runs]:
    runs = _Runs(desk)
    yield runs
    runs.lab.cache_clear()


class _Runs:
    """Runs each scenario in the lab once, when a test first asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lab = cache(self._lab)

    def _lab(self, name: str) -> Ran:
        return command("run", name, "--lab", "--format", "json")

    def cassette(self, name: str) -> Path:
        return self.folder / str(self.lab(name).result["cassette"])


def command(*arguments: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = flip401(list(arguments))
    return Ran(code, out.getvalue(), err.getvalue())


def scenario(name: str) -> Scenario:
    return read_scenario(shipped_scenarios()[name].read_bytes(), name)


def flip_in_words(finding: dict[str, Any]) -> str:
    return ", ".join(f"{axis}: {start} -> {end}" for axis, (start, end) in finding["flip"].items())


each_scenario = pytest.mark.parametrize("name", DECLARED)


def test_what_is_declared_is_what_ships() -> None:
    assert set(DECLARED) == set(shipped_scenarios())


@each_scenario
def test_a_file_is_called_like_its_scenario_and_recorded_under_that_name(name: str) -> None:
    assert scenario(name).name == name
    assert scenario(name).cassette == f"cassettes/{name}.yaml"


@each_scenario
def test_the_description_is_a_question(name: str) -> None:
    assert scenario(name).description.endswith("?")


@each_scenario
def test_it_asks_one_question_only(name: str) -> None:
    variations = sum(len(axis.levels) - 1 for axis in scenario(name).axes)
    assert 0 < variations <= MOST_VARIATIONS


@each_scenario
def test_every_expected_fault_has_a_cause(name: str) -> None:
    for expectation in scenario(name).expect:
        assert (expectation.code is None) is (expectation.outcome is Outcome.PASS)


@each_scenario
def test_a_file_says_when_its_run_in_the_lab_does_not_end_well(name: str) -> None:
    text = " ".join(shipped_scenarios()[name].read_text(encoding="utf-8").split())
    assert ("exit code is 1" in text.replace("# ", "")) is (DECLARED[name][0] == 1)


def test_check_finds_no_fault(desk: Path) -> None:
    checked = command("check", "--format", "json", *DECLARED)
    assert checked.code == 0
    assert [(entry["scenario"], entry["faults"]) for entry in checked.document["checks"]] == [
        (name, []) for name in DECLARED
    ]


@each_scenario
def test_a_run_in_the_lab_finds_what_is_declared(name: str, ran: _Runs) -> None:
    done = ran.lab(name)
    exit_code, findings = DECLARED[name]
    found = sorted((flip_in_words(item), item["code"]) for item in done.result["findings"])
    assert (done.code, done.document["exit"]) == (exit_code, exit_code)
    assert found == sorted(findings)
    assert done.err == ""


@each_scenario
def test_every_finding_is_proved_and_the_answer_whole(name: str, ran: _Runs) -> None:
    result = ran.lab(name).result
    assert [item["confidence"] for item in result["findings"]] == ["proved"] * len(
        result["findings"]
    )
    assert (result["evidence"], result["lab"]) == ("certified", True)


@each_scenario
def test_the_lab_touches_no_real_key(name: str, ran: _Runs, real_key: str) -> None:
    done = ran.lab(name)
    assert real_key not in done.out
    assert real_key not in ran.cassette(name).read_text(encoding="utf-8")


@each_scenario
def test_a_replay_says_the_same(name: str, ran: _Runs) -> None:
    done = ran.lab(name)
    replayed = command("replay", str(done.result["cassette"]), "--format", "json")
    expected = done.document
    assert not expected["runs"][0].get("replayed")
    again = replayed.document
    assert again["runs"][0].pop("replayed") is True
    expected["runs"][0].pop("replayed", None)
    assert (replayed.code, again) == (done.code, expected)


@each_scenario
def test_vcrpy_loads_the_cassette(name: str, ran: _Runs) -> None:
    path = ran.cassette(name)
    loaded = Cassette.load(path=str(path), record_mode=RecordMode.NONE)
    answered = sum(
        attempt["http_status"] is not None
        for variant in ran.lab(name).result["variants"]
        if "same_as" not in variant
        for attempt in variant["attempts"]
    )
    assert 0 < answered <= len(loaded)


@each_scenario
def test_a_plan_reads_nothing_and_leaves_nothing(
    name: str, desk: Path, real_key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    planned = command("plan", name, "--format", "json")
    assert (planned.code, planned.err, list(tmp_path.iterdir())) == (0, "", [])
    assert planned.document["variants"][0]["id"] == "baseline"
    assert real_key not in planned.out


@each_scenario
def test_what_ships_is_trusted(name: str) -> None:
    assert find_scenario(name).shipped


def test_the_demo_needs_few_requests_and_clears_every_other_axis(ran: _Runs) -> None:
    result = ran.lab(DEMO).result
    assert [axis.name for axis in scenario(DEMO).axes] == ["key", *result["irrelevant"]]
    assert len(result["irrelevant"]) == 5
    assert result["requests_sent"] <= 8
    assert scenario(DEMO).expect == ()


def test_the_demo_shows_the_quote_without_showing_the_key(ran: _Runs) -> None:
    (finding,) = ran.lab(DEMO).result["findings"]
    assert "trailing double quote" in finding["fix"]
