"""`flip401 diff`: what differs between two exchanges, offline."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import jsonschema
import pytest
from support.command_line import ROOT, CommandLine
from support.local_server import Reply, Seen, bearer, local_server
from support.scenario_texts import bearer_text

from harness.reports.difference_schema import difference_schema

SHOWN = f"{ROOT}/cassettes/shown/deepseek-401.lab.yaml"
GOLDEN = Path(__file__).parent.parent / "golden" / "differences"
_SHAPE = "36 characters in place of 35, a double quote at its end"
QUOTED = f"the key differs: {_SHAPE}"
RELATED = f"the key differs: s2 = s1 + double quote, {_SHAPE}"


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a comparison of recordings must not use the network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_recording_in_the_readme_reads_as_in_its_golden_file(
    cli: CommandLine, shut: None, golden
):
    done = cli("diff", f"{SHOWN}#baseline", "key=dotenv")
    assert (done.code, done.err) == (1, "")
    assert done.out.partition("\n\n")[0].replace("\n", " ") == RELATED
    golden(GOLDEN / "shown.80.txt", done.out.replace(f"{ROOT}/", ""))


def test_all_that_is_set_aside_reads_as_in_its_golden_file(cli: CommandLine, shut: None, golden):
    done = cli("diff", f"{SHOWN}#key=dotenv,scheme=lower-case", "key=dotenv", "--all")
    assert done.code == 1
    golden(GOLDEN / "shown.80.all.txt", done.out.replace(f"{ROOT}/", ""))


def test_the_json_is_one_object_of_its_schema(cli: CommandLine, shut: None):
    for arguments in ([], ["--all"]):
        done = cli("diff", f"{SHOWN}#baseline", "key=dotenv", "--format", "json", *arguments)
        jsonschema.validate(done.json, difference_schema())
        assert done.code == done.json["exit"] == 1
        assert done.json["headline"] == RELATED
        assert done.json["a"]["http_status"] == 200
        assert done.json["one_cassette"]
        assert ("items" in done.json["set_aside"]) is bool(arguments)


def test_the_schema_is_published(cli: CommandLine):
    done = cli("schema", "--diff")
    assert done.json == difference_schema()
    wrong = cli("schema", "--diff", "--result")
    assert (wrong.code, wrong.out) == (2, "")


def test_an_exchange_is_the_same_as_itself(cli: CommandLine, shut: None):
    done = cli("diff", f"{SHOWN}#baseline", "baseline/1/main/0/1")
    assert (done.code, done.out.splitlines()[0]) == (0, "the same")


def test_a_copy_is_the_same_as_far_as_can_be_told(cli: CommandLine, shut: None):
    cli.write("copy.yaml", Path(SHOWN).read_bytes())
    done = cli("diff", f"{SHOWN}#baseline", "copy.yaml#baseline")
    assert done.code == 0
    assert done.out.startswith("the same as far as can be told\n")
    assert "key: key" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([SHOWN, "baseline"], "holds 6 exchanges: say which with #ID"),
        ([f"{SHOWN}#baseline", SHOWN], "holds 6 exchanges: say which with #ID"),
        ([f"{SHOWN}#key=dotnev", "baseline"], "did you mean key=dotenv?"),
        ([f"{SHOWN}#baseline", "key=dotnev"], "did you mean key=dotenv?"),
        (["none.yaml#a", "b"], "cannot read the cassette none.yaml"),
        ([f"{SHOWN}#baseline", "none.yaml#b"], "cannot read the cassette none.yaml"),
        ([f"{SHOWN}#baseline"], "missing argument 'B'"),
        (["/#a", "b"], "cannot read the cassette /: is a directory"),
    ],
)
def test_what_cannot_be_compared_is_one_error(cli: CommandLine, arguments: list[str], words: str):
    done = cli("diff", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert words in done.err


def recorded(cli: CommandLine, *arguments: str, seed: object = "good") -> str:
    """Record a run in which one level has its key with a line feed at its end."""
    good = cli.key(seed)
    cli.write("good.key", good)
    cli.write("broken.key", f"{good}\n")
    axes = """
  key: {clean: {file: good.key}, broken: {file: broken.key}}
  via:
    header: {}
    query: {headers: {Authorization: null}, query: {api_key: "${key}"}}
"""
    judge = bearer(good)

    def answer(seen: Seen) -> Reply:
        reply = judge(seen)
        echo = f"key ****{good[-4:]} (request_id: {len(answered):08d}-0000-4000-8000-000000000000)"
        answered.append(seen)
        return Reply(reply.status, json.dumps({"message": echo}).encode())

    answered: list[Seen] = []
    with local_server(answer) as server:
        text = bearer_text(server.url, axes=axes, rest="search: {strategy: all, concurrency: 1}")
        cli.write("asked.yaml", text.replace("headers:", "client: raw\n  headers:", 1))
        done = cli("run", "asked.yaml", "--trust", "--format", "json", *arguments)
    return str(done.run["cassette"])


def test_a_line_feed_behind_the_key_is_named(cli: CommandLine):
    cassette = recorded(cli)
    done = cli("diff", f"{cassette}#baseline", "key=broken")
    assert done.code == 1
    first = done.out.partition("\n\n")[0].replace("\n", " ")
    shape = "36 characters in place of 35, a line feed at its end"
    assert first == f"the key differs: s2 = s1 + LF, {shape}"
    assert "from file good.key" in done.out


def test_a_key_in_the_query_counts_as_a_credential(cli: CommandLine):
    cassette = recorded(cli)
    done = cli("diff", f"{cassette}#baseline", "via=query", "--format", "json")
    found = {one["place"]: one["part"] for one in done.json["differences"]}
    assert found["Authorization"] == "credentials"
    assert found["query field api_key"] == "credentials"


def test_two_runs_of_one_request_are_the_same_as_far_as_can_be_told(cli: CommandLine):
    """Another port is another URL, and all else that differs is set aside."""
    first = recorded(cli, "--cassette", "first.yaml")
    second = recorded(cli, "--cassette", "second.yaml")
    done = cli("diff", f"{first}#baseline", f"{second}#baseline", "--format", "json", "--all")
    assert {one["place"] for one in done.json["differences"]} <= {"port"}
    assert {one["place"] for one in done.json["undecided"]} == {"key", "Authorization", "/message"}
    assert "Host" in {one["place"] for one in done.json["set_aside"]["items"]}


HOSTILE = "\x1b]0;owned\x07\u202e\u200b\r\n"


def test_a_hostile_cassette_prints_no_escapes(cli: CommandLine):
    lines = Path(SHOWN).read_text().splitlines()
    item = json.loads(lines[2].removeprefix("- "))
    item["harness"].pop("run")
    item["harness"]["headers_sent"] = [[HOSTILE, HOSTILE], ["X", "1"]]
    item["harness"]["secret_ids"] = {HOSTILE: "s1"}
    item["request"] |= {"method": HOSTILE, "uri": f"https://a.example/{HOSTILE}?{HOSTILE}=1"}
    item["request"]["body"] = json.dumps({HOSTILE: HOSTILE})
    item["response"]["status"]["message"] = HOSTILE
    item["response"]["body"]["string"] = HOSTILE
    cli.write("bad.yaml", f"{lines[0]}\n{lines[1]}\n- {json.dumps(item)}\n")
    for arguments in ([], ["--all"], ["--format", "json", "--all"]):
        done = cli("diff", "bad.yaml", f"{SHOWN}#baseline", *arguments)
        assert done.code == 1
        assert all(char == "\n" or char.isprintable() for char in done.out)
        assert done.err == ""
    done = cli("diff", "bad.yaml#none", f"{SHOWN}#baseline")
    assert all(char == "\n" or char.isprintable() for char in done.err)


def test_a_raw_key_in_a_cassette_of_a_stranger_is_not_shown(cli: CommandLine):
    key = cli.key("raw")
    text = re.sub(r"RDX~s1\.sk\.L35\.Chex~", key, Path(SHOWN).read_text())
    cli.write("raw.yaml", text)
    for form in ("text", "json"):
        done = cli("diff", "raw.yaml#baseline", "key=dotenv", "--all", "--format", form)
        assert done.code == 1


def test_a_variant_is_sent_into_the_lab_and_recorded_nowhere(cli: CommandLine):
    before = sorted(cli.directory.rglob("*"))
    done = cli("diff", f"{SHOWN}#baseline", "deepseek-401#key=dotenv", "--lab", "--format", "json")
    jsonschema.validate(done.json, difference_schema())
    assert (done.code, done.err) == (1, "")
    assert done.json["headline"] == QUOTED
    assert done.json["b"] == {
        "source": "deepseek-401",
        "exchange": "key=dotenv/1/main/0/1",
        "outcome": "denied",
        "http_status": 401,
        "answer": "401 Unauthorized",
        "live": True,
    }
    assert sorted(cli.directory.rglob("*")) == before


def test_without_a_variant_the_baseline_is_sent(cli: CommandLine):
    done = cli("diff", f"{SHOWN}#baseline", "deepseek-401", "--lab")
    assert done.code == 0
    assert "sent now: pass, 200 OK" in done.out


def test_a_live_variant_is_sent_once_with_real_keys_that_nobody_sees(cli: CommandLine):
    cassette = recorded(cli)
    with local_server(bearer(cli.keys[0])) as server:
        axes = "\n  key: {good: {file: good.key}, bad: {env: BAD_KEY}}"
        cli.write("now.yaml", bearer_text(server.url, axes=axes))
        cli.env["BAD_KEY"] = cli.key("bad") + "0"
        done = cli("diff", f"{cassette}#baseline", "now.yaml#key=bad", "--trust")
        assert len(server.seen) == 1
    assert done.code == 1
    assert done.out.startswith("the key differs: 36 characters in place of 35\n")
    assert "sent now: denied, 401" in done.out
    assert sorted(path.name for path in (cli.directory / "cassettes").iterdir()) == [
        Path(cassette).name
    ]


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("deepseek-401#key=dotnev", "did you mean key=dotenv?"),
        ("deepseek-401#nothing", "#baseline"),
        ("deepsek-401#baseline", "did you mean deepseek-401?"),
    ],
)
def test_a_variant_that_is_not_there_is_one_error(cli: CommandLine, right: str, words: str):
    done = cli("diff", f"{SHOWN}#baseline", right, "--lab")
    assert (done.code, done.out) == (2, "")
    assert words in done.err
