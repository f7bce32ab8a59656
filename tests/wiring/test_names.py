"""Names that the wiring finds: scenarios, lab entries, places of cassettes, base URLs."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.scenario_texts import bearer_text, scenario_of

from harness.errors import SourceError
from harness.model.request import EnvUrl
from harness.wiring.lab_names import lab_proxies, lab_sources
from harness.wiring.options import RunOptions, cassette_path, load_scenario
from harness.wiring.scenarios import FoundScenario, find_scenario, shipped_scenarios
from harness.wiring.surroundings import Surroundings, lab_url

MANY = """\
version: 1
name: asked
request:
  url: https://api.example.com/
  keys.fixed: {env: FIXED}
  proxy: "http://127.0.0.1:3128"
  headers:
    Authorization: Bearer ${key}
    X-One: ${keys.one}
    X-Fixed: ${keys.fixed}
axes:
  key: {shell: {env: A}, dotenv: {dotenv: .env, name: A}}
  keys.one: {here: {env: B}, there: {env: C}}
"""


def test_sources_have_the_names_of_their_levels():
    named = {name: str(source) for name, source in lab_sources(scenario_of(MANY)).items()}
    assert named == {
        "shell": "env A",
        "dotenv": "dotenv .env A",
        "one.here": "env B",
        "one.there": "env C",
        "keys.fixed": "env FIXED",
    }


def test_a_proxy_that_does_not_vary_is_called_proxy():
    assert lab_proxies(scenario_of(MANY)) == {"proxy": "http://127.0.0.1:3128"}


def test_proxies_have_the_names_of_their_levels():
    text = bearer_text(
        "https://api.example.com/",
        axes="""
  key: {shell: {env: A}}
  proxy: {direct: none, corp: "http://127.0.0.1:3128"}""",
    )
    assert lab_proxies(scenario_of(text)) == {"corp": "http://127.0.0.1:3128"}


def test_a_proxy_in_a_patch_has_the_name_of_its_axis_too():
    text = bearer_text(
        "https://api.example.com/",
        axes="""
  key: {shell: {env: A}}
  way: {direct: {}, corp: {proxy: "http://127.0.0.1:3128"}}""",
    )
    assert lab_proxies(scenario_of(text)) == {"way.corp": "http://127.0.0.1:3128"}


@pytest.mark.parametrize(
    ("options", "record", "place"),
    [
        (RunOptions(), "", "cassettes/asked.yaml"),
        (RunOptions(lab=True), "", "cassettes/asked.lab.yaml"),
        (RunOptions(), "x/y.yaml", "x/y.yaml"),
        (RunOptions(lab=True), "x/y.yaml", "x/y.lab.yaml"),
        (RunOptions(lab=True), "x/y.lab.yaml", "x/y.lab.yaml"),
        (RunOptions(lab=True, cassette="/z/y"), "x/y.yaml", "/z/y.lab.yaml"),
        (RunOptions(cassette="z.yaml"), "x/y.yaml", "z.yaml"),
    ],
)
def test_where_a_run_is_recorded(options: RunOptions, record: str, place: str):
    rest = f"record: {{cassette: {record}}}" if record else ""
    scenario = scenario_of(bearer_text("https://api.example.com/", rest=rest))
    assert cassette_path(scenario, options, Path("/here")) == Path("/here") / place


def test_options_that_say_nothing_leave_the_scenario_alone(tmp_path: Path):
    text = bearer_text("https://api.example.com/", rest="search: {budget: 7, repeat: 3}")
    found = FoundScenario(text.encode(), "asked.yaml", tmp_path, shipped=False)
    assert load_scenario(found, RunOptions()).search == scenario_of(text).search
    assert load_scenario(found, RunOptions(budget=9)).search.budget == 9


def test_shipped_scenarios_are_in_the_package_or_beside_it(tmp_path: Path):
    assert shipped_scenarios(tmp_path / "package") == {}
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "beside.yaml").touch()
    assert list(shipped_scenarios(tmp_path / "package")) == ["beside"]
    (tmp_path / "package" / "scenarios").mkdir(parents=True)
    (tmp_path / "package" / "scenarios" / "inside.yaml").touch()
    assert list(shipped_scenarios(tmp_path / "package")) == ["inside"]


def test_only_the_very_bytes_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    shipped = find_scenario("deepseek-401")
    assert shipped.shipped
    (tmp_path / "deepseek-401.yaml").write_bytes(shipped.text)
    assert find_scenario("deepseek-401.yaml").shipped
    (tmp_path / "deepseek-401").write_bytes(shipped.text + b"# changed\n")
    changed = find_scenario("deepseek-401")
    assert changed.text.endswith(b"# changed\n")
    assert not changed.shipped


def test_a_base_url_comes_from_the_variable_then_from_the_default():
    def around(**environ: str) -> Surroundings:
        return Surroundings(environ=environ, directory=Path("/"), listener=print)

    url = EnvUrl("BASE", "https://default.example", "/v1")
    assert around(BASE="https://a.example").resolve_url(url) == "https://a.example/v1"
    assert around(BASE="").resolve_url(url) == "https://default.example/v1"
    assert around().describe_url(url) == "https://default.example/v1"
    assert around().describe_url(EnvUrl("BASE")) == ""
    assert lab_url(url) == "https://default.example/v1"
    assert lab_url(EnvUrl("BASE", path="/v1")) == "https://api.example.com/v1"
    with pytest.raises(SourceError, match="BASE is not set and has no default"):
        around().resolve_url(EnvUrl("BASE"))
