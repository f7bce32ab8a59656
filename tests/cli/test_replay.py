"""`flip401 replay`: the same findings from the cassette alone, with the network shut."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.command_line import CommandLine, Finished
from support.local_server import Reply, Seen, bearer, local_server
from support.scenario_texts import bearer_text

from harness.reports.json_schema import result_schema

AXES = """
  key:
    shell: {env: MADE_KEY}
    dotenv: {dotenv: .env, name: MADE_KEY}
    again: {dotenv: .env, name: SAME_KEY}
    none: {file: no-such.key}
  accept:
    any: {}
    json: {headers: {Accept: application/json}}
    moved: {headers: {X-Move: "2"}}
  proxy: {direct: none, gone: "http://127.0.0.1:1"}
"""


def moving(good: str):
    """Redirect a request that asks for it, twice at the most; what follows is judged."""
    judge = bearer(good)

    def answer(seen: Seen) -> Reply:
        hop = int(seen.path.strip("/v") or 0)
        if "x-move" in seen.headers and hop < int(seen.headers["x-move"]):
            return Reply(307, b"", (("Location", f"/v{hop + 1}"),))
        return judge(seen)

    return answer


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Call it to forbid every connection of this process."""

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a replay must not use the network")

    def close() -> None:
        for name in ("connect", "connect_ex", "bind", "sendto"):
            monkeypatch.setattr(socket.socket, name, refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)

    return close


def replayed(cli: CommandLine, live: Finished, shut) -> Finished:
    """Replay without keys, files, or network, and compare all but the mark of a replay."""
    (cli.directory / ".env").unlink()
    cli.env.pop("MADE_KEY")
    shut()
    again = cli("replay", live.run["cassette"], "--format", "json")
    jsonschema.validate(again.json, result_schema())
    assert again.run == live.run | {"replayed": True}
    assert again.code == live.code
    return again


def recorded(cli: CommandLine, *arguments: str, rest: str = "", axes: str = AXES) -> Finished:
    cli.env["MADE_KEY"] = cli.key("good")
    bad = cli.key("bad")
    cli.write(".env", f"MADE_KEY={bad}\nSAME_KEY={bad}\n")
    with local_server(moving(cli.keys[0])) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=axes, rest=rest))
        return cli("run", "asked.yaml", "--trust", "--format", "json", *arguments)


@pytest.mark.parametrize("strategy", ["isolate", "one-at-a-time", "pairwise", "all"])
def test_a_replay_finds_the_same(cli: CommandLine, strategy: str, shut):
    live = recorded(cli, "--strategy", strategy)
    assert live.code == 1
    again = replayed(cli, live, shut)
    if strategy == "pairwise":  # its cells do not narrow every cause down
        return
    found = [(*one["flip"].items(), one["to"]) for one in again.run["findings"]]
    assert sorted(found) == [
        (("key", ["shell", "dotenv"]), "denied"),
        (("key", ["shell", "none"]), "not-sent"),
        (("proxy", ["direct", "gone"]), "unreachable"),
    ]


def test_the_hops_of_a_redirect_are_exchanges(cli: CommandLine, shut):
    live = recorded(cli, "--strategy", "one-at-a-time")
    again = replayed(cli, live, shut)
    (moved,) = [one for one in again.run["variants"] if one["id"] == "accept=moved"]
    assert [(one["hop"], one["http_status"]) for one in moved["attempts"]][:3] == [
        (0, 307),
        (1, 307),
        (2, 200),
    ]


@pytest.mark.parametrize("budget", range(1, 12))
def test_a_run_that_met_its_budget_replays_the_same(cli: CommandLine, budget: int, shut):
    live = recorded(cli, "--budget", str(budget))
    assert live.run["requests_sent"] <= budget
    replayed(cli, live, shut)


@pytest.mark.parametrize("cap", [1, 2, 3])
def test_a_run_that_met_its_cap_on_denials_replays_the_same(cli: CommandLine, cap: int, shut):
    live = recorded(cli, rest=f"search: {{max_denied: {cap}}}")
    denied = [
        attempt
        for one in live.run["variants"]
        for attempt in one["attempts"]
        if attempt["outcome"] == "denied" and not one.get("same_as")
    ]
    assert len(denied) <= cap
    replayed(cli, live, shut)


def test_a_run_that_met_its_deadline_replays_the_same(cli: CommandLine, shut):
    live = recorded(cli, rest="search: {rate: 10/s, deadline: 250ms, concurrency: 1}")
    assert live.run["ended"] == "deadline"
    replayed(cli, live, shut)


def test_repeats_that_disagree_replay_the_same(cli: CommandLine, shut):
    asked = []

    def moody(seen: Seen) -> Reply:
        asked.append(seen)
        return Reply(401 if len(asked) % 3 == 0 else 200)

    cli.env["MADE_KEY"] = cli.key()
    cli.write(".env", "")
    axes = "\n  key: {shell: {env: MADE_KEY}, other: {literal: no-good}}"
    with local_server(moody) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=axes))
        arguments = ["--repeat", "4", "--concurrency", "1"]
        live = cli("run", "asked.yaml", "--trust", "--format", "json", *arguments)
    assert any("flaky" in one for one in live.run["variants"])
    replayed(cli, live, shut)


def test_a_missing_baseline_key_moves_the_base(cli: CommandLine, shut):
    axes = AXES.replace("shell: {env: MADE_KEY}", "shell: {env: NOT_SET}").replace(
        "none: {file: no-such.key}", "good: {env: MADE_KEY}"
    )
    live = recorded(cli, axes=axes)
    by_id = {one["id"]: one for one in live.run["variants"]}
    assert by_id["baseline"]["outcome"] == "not-sent"
    assert by_id["key=good"]["outcome"] == "pass"
    assert by_id["key=again"]["same_as"] == "dotenv"
    assert live.run["verdict"] == "flip"
    replayed(cli, live, shut)


def test_several_cassettes_have_the_worst_code(cli: CommandLine, shut):
    live = recorded(cli)
    done = cli("replay", live.run["cassette"], live.run["cassette"], "--format", "json")
    assert len(done.json["runs"]) == 2
    assert done.code == 1


def test_the_text_and_the_reports_say_that_it_is_a_replay(cli: CommandLine):
    live = recorded(cli)
    done = cli("replay", live.run["cassette"], "--report", "json=again.json")
    assert done.out.startswith("asked (replayed): ")
    assert json.loads((cli.directory / "again.json").read_text())["runs"][0]["replayed"]


def with_first(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """Change what stands beside the first exchange."""

    def damage(text: str) -> str:
        lines = text.splitlines(keepends=True)
        first = json.loads(lines[2].removeprefix("- "))
        change(first["harness"])
        return "".join([*lines[:2], f"- {json.dumps(first)}\n", *lines[3:]])

    return damage


DAMAGE: dict[str, Callable[[str], str]] = {
    "empty": lambda _text: "",
    "no exchange": lambda text: "".join(text.splitlines(keepends=True)[:2]),
    "cut off": lambda text: text[:-40],
    "no facts": with_first(lambda beside: beside.pop("run")),
    "facts of another form": with_first(lambda beside: beside["run"].update(format=99)),
    "facts with a hole": with_first(lambda beside: beside["run"].pop("strategy")),
    "an end that is none": with_first(lambda beside: beside["run"].update(ended="bored")),
    "a strategy that is none": with_first(lambda beside: beside["run"].update(strategy="guess")),
    "a scenario that is none": with_first(lambda beside: beside["run"].update(scenario={"a": 1})),
    "other sources": with_first(lambda beside: beside["run"]["sources"].pop()),
    "another variant": with_first(lambda beside: beside.update(id="key=purple/1/main/0/1")),
    "an axis that is none": with_first(lambda beside: beside.update(id="hue=red/1/main/0/1")),
    "a variant named otherwise": with_first(lambda b: b.update(id="key=shell/1/main/0/1")),
}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("empty", "x.yaml:1:1: a cassette is a mapping, not an empty file"),
        ("no exchange", "x.yaml:1:1: there is no whole exchange in it"),
        ("cut off", "the last line is cut off"),
        ("no facts", "x.yaml holds no run of a scenario"),
        ("facts of another form", "x.yaml has no run facts that this version can read"),
        ("facts with a hole", "x.yaml has damaged run facts in its first exchange"),
        ("an end that is none", "x.yaml has damaged run facts in its first exchange"),
        ("a strategy that is none", "x.yaml holds a scenario that cannot be read: "),
        ("a scenario that is none", "x.yaml holds a scenario that cannot be read: "),
        ("other sources", "x.yaml has facts of other key sources than its scenario names"),
        ("another variant", "the cassette's scenario has no variant key=purple"),
        ("an axis that is none", "the cassette's scenario has no variant hue=red"),
        ("a variant named otherwise", "key=shell is not how a variant is named"),
    ],
)
def test_a_damaged_cassette_is_one_line(cli: CommandLine, what: str, words: str):
    live = recorded(cli)
    text = (cli.directory / live.run["cassette"]).read_text()
    cli.write("x.yaml", DAMAGE[what](text))
    done = cli("replay", "x.yaml")
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert words in done.err
    assert len(done.err.splitlines()) <= 2


def test_a_cassette_that_is_not_there_is_one_line(cli: CommandLine):
    done = cli("replay", "none.yaml")
    assert done.code == 2
    assert done.err == "error: cannot read the cassette none.yaml: no such file or directory\n"


def test_what_is_no_cassette_is_refused_in_one_line(cli: CommandLine):
    text = "interactions:\n- request: {uri: http://a.example/}\nversion: 1\n"
    cli.write("theirs.yaml", text)
    done = cli("replay", "theirs.yaml")
    assert done.code == 2
    assert done.err.startswith("error: theirs.yaml:2:3: `response` is missing\n")


def test_a_part_of_which_a_line_is_cut_off_replays_what_is_whole(cli: CommandLine):
    live = recorded(cli)
    text = (cli.directory / live.run["cassette"]).read_text()
    Path(cli.directory / "x.yaml.1.part").write_text(text[:-40])
    done = cli("replay", "x.yaml.1.part", "--format", "json")
    assert done.code in {0, 1}
    assert done.run["requests_sent"] < live.run["requests_sent"]


def test_a_cassette_of_plain_vcrpy_holds_no_run(cli: CommandLine):
    key = cli.key()
    item = f"""interactions:
- request:
    body: null
    headers:
      Authorization:
      - Bearer {key}
    method: GET
    uri: http://a.example/
  response: null
version: 1
"""
    cli.write("plain.yaml", item)
    done = cli("replay", "plain.yaml")
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first == (
        "error: plain.yaml holds no run of a scenario, so there is nothing to judge again"
    )
    for verb in ("diff", "serve", "scan", "share"):
        assert f"`{verb}`" in second
