"""`flip401 plan`: what would be sent and where keys would go; nothing is sent or read."""

from __future__ import annotations

import pytest
from support.command_line import CommandLine
from support.local_server import bearer, local_server
from support.scenario_texts import bearer_text

AXES = """
  key:
    shell: {env: MADE_KEY}
    told: {command: [touch, was-run]}
  proxy: {direct: none, corp: "http://127.0.0.1:3128"}
"""


def test_the_plan_shows_all_and_sends_nothing(cli: CommandLine):
    cli.env["MADE_KEY"] = cli.key()
    with local_server(bearer()) as server:
        text = bearer_text(server.url, axes=AXES, rest="exclude: [{key: told, proxy: corp}]")
        cli.write("asked.yaml", text)
        done = cli("plan", "asked.yaml")
    assert done.code == 0
    assert done.out == (
        "asked: 2 axes, 4 cells, 1 excluded, strategy isolate\n"
        f"baseline: GET {server.url}\n"
        "\n"
        "axes (baseline level first):\n"
        "  key    shell, told\n"
        "  proxy  direct, corp\n"
        "\n"
        "first round (3 variants):\n"
        "  baseline\n"
        "  key=told\n"
        "  proxy=corp\n"
        "then what the answers call for; "
        "at most 200 requests, 50 denials, 8 at once, 300 s in all\n"
        "\n"
        "keys:\n"
        f"  command touch was-run goes to {server.url}\n"
        "    and runs the command: touch was-run\n"
        f"  env MADE_KEY goes to http://127.0.0.1:3128, {server.url}\n"
        "\n"
        "cassette: cassettes/asked.yaml\n"
        "Nothing was sent and no key was read.\n"
    )
    assert server.seen == []
    assert not (cli.directory / "was-run").exists()
    assert not (cli.directory / "cassettes").exists()


def test_the_plan_as_json(cli: CommandLine):
    rest = "search: {strategy: all, rate: 5/s}"
    cli.write("asked.yaml", bearer_text("http://a.example/", axes=AXES, rest=rest))
    plan = cli("plan", "asked.yaml", "--format", "json").json
    assert plan["complete"] is True
    assert [one["id"] for one in plan["variants"]] == [
        "baseline",
        "proxy=corp",
        "key=told",
        "key=told,proxy=corp",
    ]
    assert plan["limits"]["rate_per_second"] == 5
    assert plan["keys"][0] == {
        "source": "command touch was-run",
        "origins": ["http://127.0.0.1:3128", "http://a.example:80"],
        "command": ["touch", "was-run"],
        "follows_redirects_anywhere": False,
    }


def test_a_fixed_plan_lists_every_variant(cli: CommandLine):
    rest = "search: {strategy: one-at-a-time, rate: 2/s}"
    cli.write("asked.yaml", bearer_text("{env: BASE, path: /v1}", axes=AXES, rest=rest))
    shown = cli("plan", "asked.yaml").out
    assert "variants (3):\n  baseline\n  key=told\n  proxy=corp\n" in shown
    assert "8 at once, 2/s, " in shown
    assert "baseline: GET $BASE/v1\n" in shown
    assert "env MADE_KEY goes to http://127.0.0.1:3128, the URL in $BASE" in shown


def test_a_plan_for_the_lab_names_no_place_outside(cli: CommandLine):
    shown = cli("plan", "deepseek-401", "--lab").out
    assert "keys: the lab's own; nothing leaves this machine\n" in shown
    assert "cassette: cassettes/deepseek-401.lab.yaml\n" in shown


def test_a_plan_of_one_request(cli: CommandLine):
    text = "version: 1\nname: a\nrequest: {url: 'http://a.example/', redirects: none}\n"
    cli.write("asked.yaml", text)
    shown = cli("plan", "asked.yaml").out
    assert "no axes: one request\n" in shown
    assert "keys:\n  no key is read\n" in shown


def test_credentials_that_go_anywhere_are_said(cli: CommandLine):
    text = bearer_text("http://a.example/").replace(
        "axes:", "  redirects: {follow: 5, credentials: always}\naxes:"
    )
    cli.write("asked.yaml", text)
    assert "and to wherever a redirect leads (credentials: always)" in cli("plan", "asked.yaml").out


def test_a_cassette_elsewhere_is_shown_whole(cli: CommandLine):
    rest = "record: {cassette: /tmp/elsewhere/asked.yaml}"
    cli.write("asked.yaml", bearer_text("http://a.example/", rest=rest))
    assert "cassette: /tmp/elsewhere/asked.yaml\n" in cli("plan", "asked.yaml").out


def test_a_huge_matrix_is_not_counted_cell_by_cell(cli: CommandLine):
    axes = "".join(
        f"\n  a{n}: {{one: {{}}, two: {{query: {{q{n}: '2'}}}}, three: {{query: {{q{n}: '3'}}}}}}"
        for n in range(12)
    )
    axes = f"\n  key: {{e: {{env: E}}, f: {{env: F}}}}{axes}"
    rest = "exclude: [{key: f, a1: two}]"
    cli.write("asked.yaml", bearer_text("http://a.example/", axes=axes, rest=rest))
    assert "13 axes, 1062882 cells, strategy isolate" in cli("plan", "asked.yaml").out
    assert cli("check", "asked.yaml").out == "asked.yaml: ok, 13 axes, 1062882 cells\n"


@pytest.mark.parametrize("text", ["", "version: 2\n"])
def test_a_faulty_scenario_has_no_plan(cli: CommandLine, text: str):
    cli.write("asked.yaml", text)
    assert cli("plan", "asked.yaml").code == 2
