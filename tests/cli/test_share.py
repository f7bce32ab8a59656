"""`flip401 share`: a bundle from which a stranger sees the cause and nothing else."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import stat
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from support.command_line import CommandLine, Finished
from support.key_leaks import leaks
from support.local_server import Reply, Seen, local_server
from vcr.cassette import Cassette as VcrCassette
from vcr.record_mode import RecordMode

from harness.reports.json_schema import result_schema

PROMPT = "Summarise the merger of Umbrella and Tyrell for our board"
ANSWER = "Umbrella pays nine billion, says Mx Weyland of Tyrell"
PRIVATE = [
    *(PROMPT, ANSWER, "Umbrella", "Weyland", "nine billion", "alice", "llm-gw", "corp.tyrell.com"),
    *("10.20.30.40", "203.0.113.77", "weyland@tyrell.com", "secret-project", "411122233344"),
]
SCENARIO = """\
version: 1
name: asked
description: Which key is wrong? It runs on llm-gw7.corp.tyrell.com
request:
  url: {url}
  headers: {{Authorization: "Bearer ${{key}}", X-Team: secret-project}}
  json:
    model: some-model
    messages: [{{role: user, content: {prompt}}}]
    max_tokens: 7
    card: 411122233344
axes:
  key:
    shell: {{env: MADE_KEY}}
    dotenv: {{dotenv: {dotenv}, name: MADE_KEY}}
  proxy: {{direct: none, gone: "http://llm-gw7.corp.tyrell.com:1"}}
  prompt: {{same: {{}}, other: {{json+: {{messages: [{{role: user, content: a}}]}}}}}}
{rest}
"""


def answer(good: str):
    """Answer like an LLM's API behind a gateway that tells too much."""

    def reply(seen: Seen) -> Reply:
        told = (
            ("Content-Type", "application/json"),
            ("Via", "1.1 llm-gw7.corp.tyrell.com"),
            ("X-Client", "alice"),
        )
        if seen.headers.get("authorization") == f"Bearer {good}":
            body = {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "choices": [{"message": {"role": "assistant", "content": ANSWER}, "index": 0}],
                "usage": {"total_tokens": 12},
                "account": 411122233344,
                "weyland@tyrell.com": True,
            }
            return Reply(200, json.dumps(body).encode(), told)
        error = {
            "error": {
                "message": f"Authentication Fails for 203.0.113.77 at 10.20.30.40: {PROMPT}",
                "type": "authentication_error",
                "code": "invalid_request_error",
                "trace": "/home/alice/secret-project/app.py",
            },
            "input": PROMPT,
        }
        return Reply(401, json.dumps(error).encode(), told)

    return reply


def recorded(cli: CommandLine, *arguments: str, rest: str = "") -> Finished:
    cli.env["MADE_KEY"] = cli.key("good")
    folder = cli.directory / "home" / "alice" / "secret-project"
    cli.write("home/alice/secret-project/.env", f"MADE_KEY={cli.keys[0]}\"'\n")
    with local_server(answer(cli.keys[0])) as server:
        text = SCENARIO.format(url=server.url, prompt=PROMPT, dotenv=folder / ".env", rest=rest)
        cli.write("asked.yaml", text)
        done = cli("run", "asked.yaml", "--trust", "--format", "json", *arguments)
    assert done.code == 1, done.err
    return done


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def shared(cli: CommandLine, *arguments: str) -> tuple[Finished, dict[str, bytes]]:
    done = cli("share", "cassettes/asked.yaml", "--to", "b.zip", *arguments)
    assert done.code == 0, done.err
    found = members(cli.directory / "b.zip")
    assert leaks(cli.keys, found.items()) == []
    return done, found


def codes(done: Finished) -> list[tuple[object, str, str]]:
    return [(one["flip"], one["to"], one["code"]) for one in done.run["findings"]]


def test_a_stranger_sees_the_same_causes_with_nothing_but_the_bundle(
    cli: CommandLine, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    live = recorded(cli)
    shared(cli)
    elsewhere = CommandLine(tmp_path_factory.mktemp("elsewhere"), keys=cli.keys)
    shutil.copy(cli.directory / "b.zip", elsewhere.directory)
    shutil.rmtree(cli.directory / "home")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a replay must not use the network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    before = sorted(elsewhere.directory.rglob("*"))
    again = elsewhere("replay", "b.zip", "--format", "json")
    assert sorted(elsewhere.directory.rglob("*")) == before
    assert codes(again) == codes(live)
    assert [one["code"] for one in again.run["findings"]] == ["K08", "N02"]
    assert again.run["relations"][0]["text"] == "s2 = s1 + double quote + single quote"
    outcomes = [(one["id"], one["outcome"], one["http_status"]) for one in live.run["variants"]]
    assert [(o["id"], o["outcome"], o["http_status"]) for o in again.run["variants"]] == outcomes


def test_nothing_private_is_in_the_bundle_or_in_the_text(cli: CommandLine):
    recorded(cli)
    done, found = shared(cli)
    texts = {**found, "stdout": done.out.encode(), "stderr": done.err.encode()}
    seen = [
        (name, word) for name, text in texts.items() for word in PRIVATE if word.encode() in text
    ]
    assert seen == []


def test_what_explains_a_refusal_survives(cli: CommandLine):
    recorded(cli)
    done, found = shared(cli)
    text = found["cassette.yaml"].decode()
    for word in (
        *("Authentication Fails for", "authentication_error", "invalid_request_error"),
        *('\\"object\\":', "chat.completion", "assistant", "some-model", '\\"total_tokens\\": 12'),
        *('"X-Team"', '"X-Client"', '"Via"', "Unauthorized", "Bearer RDX~s1."),
    ):
        assert word in text, word
    assert "Authentication Fails for" in done.out


def test_the_bundle_holds_what_a_report_needs(cli: CommandLine):
    recorded(cli)
    cli.env |= {"https_proxy": "http://bob:pw@proxy.corp.tyrell.com:3128", "NO_PROXY": "a,b"}
    _, found = shared(cli)
    names = ["cassette.yaml", "environment.json", "report.md", "result.json", "scenario.yaml"]
    assert list(found) == names
    jsonschema.validate(json.loads(found["result.json"]), result_schema())
    scenario = yaml.safe_load(found["scenario.yaml"])
    assert scenario["axes"]["key"]["dotenv"]["dotenv"].startswith("RDX~")
    assert scenario["request"]["headers"]["Authorization"] == "Bearer ${key}"
    facts = json.loads(found["environment.json"])
    assert {"flip401", "Python", "aiohttp", "vcrpy", "TLS", "platform"} < set(facts)
    assert facts["https_proxy"] == "http://<host>:3128, with a login"
    assert facts["no_proxy"] == "2 entries"
    assert (
        b"Checked before it was written: 0 of 17 forms of 2 secrets found in 6 files."
        in found["report.md"]
    )


def test_the_shared_scenario_is_one(cli: CommandLine):
    recorded(cli)
    _, found = shared(cli)
    cli.write("scenario.yaml", found["scenario.yaml"])
    done = cli("check", "scenario.yaml")
    assert done.code == 0, done.err


def test_vcrpy_loads_the_shared_cassette(cli: CommandLine):
    recorded(cli)
    _, found = shared(cli)
    path = cli.write("cassette.yaml", found["cassette.yaml"])
    assert len(VcrCassette.load(path=str(path), record_mode=RecordMode.NONE)) > 0


def test_the_same_cassette_gives_the_same_bytes_with_mode_0600(cli: CommandLine):
    recorded(cli)
    first, _ = shared(cli)
    once = (cli.directory / "b.zip").read_bytes()
    again, _ = shared(cli)
    assert (cli.directory / "b.zip").read_bytes() == once
    assert first.out == again.out
    assert stat.S_IMODE((cli.directory / "b.zip").stat().st_mode) == 0o600
    assert [path for path in cli.directory.iterdir() if path.suffix == ".tmp"] == []


def test_a_shared_bundle_can_be_shared_again(cli: CommandLine):
    live = recorded(cli)
    shared(cli)
    done = cli("share", "b.zip", "--to", "c.zip")
    assert done.code == 0, done.err
    assert codes(cli("replay", "c.zip", "--format", "json")) == codes(live)


def test_bodies_are_kept_where_that_is_asked_for(cli: CommandLine):
    recorded(cli)
    _, found = shared(cli, "--bodies", "keep")
    text = found["cassette.yaml"].decode()
    assert PROMPT in text
    assert ANSWER in text
    assert "llm-gw7" not in text
    assert PROMPT in found["scenario.yaml"].decode()


def test_it_goes_beside_the_cassette_and_stdout_is_the_issue(cli: CommandLine):
    recorded(cli)
    done = cli("share", "cassettes/asked.yaml")
    assert (cli.directory / "cassettes/asked.share.zip").is_file()
    assert done.out.startswith("## asked (replayed): ")
    assert done.out.rstrip().endswith("See it without a network: `flip401 replay asked.share.zip`.")
    assert (
        "wrote cassettes/asked.share.zip: 0 of 17 forms of 2 secrets found in 6 files" in done.err
    )
    assert "\x1b" not in done.out + done.err


def test_without_a_secret_at_hand_it_says_so(cli: CommandLine):
    recorded(cli)
    cli.env.pop("MADE_KEY")
    shutil.rmtree(cli.directory / "home/alice")
    done, found = shared(cli)
    words = "no secret was looked for by its value; 0 keys by form found in 6 files"
    assert words in done.out
    assert words.encode() in found["report.md"]
    assert "not looked for: environment variable MADE_KEY is not set" in done.err


def test_commands_of_the_recording_run_only_with_trust(cli: CommandLine):
    cli.env["MADE_KEY"] = cli.key("good")
    axes = (
        '{shell: {env: MADE_KEY}, cmd: {command: [sh, -c, "echo ran >> ran.txt; echo $MADE_KEY"]}}'
    )
    with local_server(answer(cli.keys[0])) as server:
        cli.write(
            "asked.yaml",
            "version: 1\nname: asked\nrequest:\n"
            f'  url: {server.url}\n  headers: {{Authorization: "Bearer ${{key}}"}}\n'
            f"axes:\n  key: {axes}\n",
        )
        assert cli("run", "asked.yaml", "--trust").code == 0
    told = cli.directory / "ran.txt"
    told.unlink()
    done = cli("share", "cassettes/asked.yaml")
    assert not told.exists()
    assert "a command, which only --trust runs" in done.err
    assert "7 forms of 1 secret " in done.out
    done = cli("share", "cassettes/asked.yaml", "--trust")
    assert told.exists()
    assert "7 forms of 1 secret " in done.out


def test_a_source_that_is_a_pipe_is_not_opened(cli: CommandLine):
    recorded(cli)
    dotenv = cli.directory / "home/alice/secret-project/.env"
    dotenv.unlink()
    os.mkfifo(dotenv)
    done = cli("share", "cassettes/asked.yaml")
    assert done.code == 0
    assert ": not a file" in done.err
    dotenv.unlink()


def test_a_secret_that_would_be_in_it_stops_everything(cli: CommandLine):
    recorded(cli)
    lines = (cli.directory / "cassettes/asked.yaml").read_text().splitlines()
    first = json.loads(lines[2].removeprefix("- "))
    # A number is no text, and no placeholder can stand in its place.
    first["harness"]["sequence"] = 4815162342
    cli.write("x.yaml", "\n".join([*lines[:2], f"- {json.dumps(first)}", *lines[3:], ""]))
    cli.env["PIN"] = "4815162342"
    done = cli("share", "x.yaml", "--env", "PIN")
    assert done.code == 4
    assert done.err.startswith(
        "leak: a secret would have been written at x.share.zip!cassette.yaml"
    )
    assert "4815162342" not in done.err
    assert done.out == ""
    assert sorted(path.name for path in cli.directory.glob("*.zip*")) == []
    assert list(cli.directory.glob(".*.tmp")) == []


def test_a_raw_secret_in_a_strangers_cassette_is_taken_out(cli: CommandLine):
    recorded(cli)
    lines = (cli.directory / "cassettes/asked.yaml").read_text().splitlines()
    for number, line in enumerate(lines):
        if '"response":{' in line:
            item = json.loads(line.removeprefix("- "))
            item["response"]["body"]["string"] = f"your key {cli.keys[0]} is fine"
            lines[number] = f"- {json.dumps(item)}"
    cli.write("x.yaml", "\n".join([*lines, ""]))
    assert cli.keys[0] in (cli.directory / "x.yaml").read_text()
    done = cli("share", "x.yaml")
    assert done.code == 0
    assert leaks(cli.keys, members(cli.directory / "x.share.zip").items()) == []


def test_a_part_file_is_refused_with_what_to_do(cli: CommandLine):
    recorded(cli)
    shutil.copy(cli.directory / "cassettes/asked.yaml", cli.directory / "x.yaml.1.part")
    done = cli("share", "x.yaml.1.part")
    assert done.code == 2
    assert done.err == (
        "error: x.yaml.1.part is a part of a run that was cut off\n"
        "    publish it first: flip401 repair x.yaml.1.part\n"
    )


def test_a_variable_that_is_not_set_is_an_error(cli: CommandLine):
    recorded(cli)
    done = cli("share", "cassettes/asked.yaml", "--env", "NOT_SET")
    assert done.code == 2
    assert done.err.startswith("error: --env NOT_SET: the variable is not set")


@pytest.mark.parametrize("to", ["cassettes/asked.yaml", "cassettes"])
def test_a_place_that_would_destroy_something_is_refused(cli: CommandLine, to: str):
    recorded(cli)
    before = (cli.directory / "cassettes/asked.yaml").read_bytes()
    done = cli("share", "cassettes/asked.yaml", "--to", to)
    assert done.code == 2
    assert (cli.directory / "cassettes/asked.yaml").read_bytes() == before


def test_a_recording_without_a_scenario_is_shared_as_exchanges(cli: CommandLine):
    recorded(cli)
    lines = (cli.directory / "cassettes/asked.yaml").read_text().splitlines()
    first = json.loads(lines[2].removeprefix("- "))
    del first["harness"]["run"]
    cli.write("x.yaml", "\n".join([*lines[:2], f"- {json.dumps(first)}", *lines[3:], ""]))
    done = cli("share", "x.yaml", "--env", "MADE_KEY")
    assert done.code == 0, done.err
    found = members(cli.directory / "x.share.zip")
    assert found["scenario.yaml"] == b"# recorded without a scenario\n"
    assert json.loads(found["result.json"])["runs"] == []
    assert done.out.startswith(f"### {len(lines) - 2} recorded exchanges")
    assert [word for word in PRIVATE if word.encode() in b"".join(found.values())] == []


def test_a_rule_that_looks_into_an_answer_judges_alike_or_it_is_said(cli: CommandLine):
    rest = """\
outcome:
  pass: [{status: 2xx, json: {/choices/0/message/content: {contains: nine billion}}}]
  denied: [{status: 401, text: {contains: Authentication}}]
"""
    live = recorded(cli, rest=rest)
    done, found = shared(cli)
    assert "tells less" not in done.err
    assert codes(cli("replay", "b.zip", "--format", "json")) == codes(live)
    assert ANSWER in found["cassette.yaml"].decode()


def test_a_literal_that_a_rule_looks_for_stays_and_what_is_around_it_goes(cli: CommandLine):
    rest = "outcome: {pass: [{status: 2xx, text: {contains: nine billion}}]}"
    live = recorded(cli, rest=rest)
    _, found = shared(cli)
    assert codes(cli("replay", "b.zip", "--format", "json")) == codes(live)
    text = found["cassette.yaml"].decode()
    assert "nine billion" in text
    assert "Umbrella" not in text


def test_a_run_can_be_reported_as_markdown(cli: CommandLine):
    done = recorded(cli, "--report", "markdown=told.md")
    told = (cli.directory / "told.md").read_text()
    assert told.startswith("## asked: ")
    assert PROMPT not in told.split("```")[0]
    cli("replay", done.run["cassette"], "--report", "markdown=again.md")
    again = (cli.directory / "again.md").read_text()
    assert again.replace(" (replayed)", "", 1) == told


def damaged(data: bytes) -> dict[str, bytes]:
    """Bundles that are not what they seem, by name."""
    original = members_of(data)
    cassette = original["cassette.yaml"]

    def packed(entries: list[tuple[str, bytes]], mode: int = stat.S_IFREG | 0o644) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in entries:
                info = zipfile.ZipInfo(name)
                info.external_attr = mode << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                bundle.writestr(info, content)
        return target.getvalue()

    return {
        "cut off": data[: len(data) // 2],
        "flipped": data[:60] + bytes([data[60] ^ 0xFF]) + data[61:],
        "empty": packed([]),
        "no cassette": packed([("other.yaml", cassette)]),
        "traversal": packed([("cassette.yaml", cassette), ("../../evil", b"x")]),
        "absolute": packed([("cassette.yaml", cassette), ("/etc/evil", b"x")]),
        "drive": packed([("cassette.yaml", cassette), ("C:evil", b"x")]),
        "backslash": packed([("cassette.yaml", cassette), ("..\\evil", b"x")]),
        "link": packed([("cassette.yaml", b"/etc/passwd")], stat.S_IFLNK | 0o777),
        "many": packed([("cassette.yaml", cassette), *((f"f{n}", b"") for n in range(40))]),
        "bomb": packed([("cassette.yaml", b"\0" * (8 << 20))]),
        "not a cassette": packed([("cassette.yaml", b"version: 2\n")]),
    }


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_a_strangers_bundle_does_nothing_but_be_read(cli: CommandLine):
    recorded(cli)
    shared(cli)
    for name, data in damaged((cli.directory / "b.zip").read_bytes()).items():
        cli.write("evil.zip", data)
        before = sorted(cli.directory.rglob("*"))
        done = cli("replay", "evil.zip")
        assert (name, done.code, done.out) == (name, 2, "")
        assert "evil.zip" in done.err
        assert len(done.err.splitlines()) <= 2
        assert sorted(cli.directory.rglob("*")) == before


def test_every_member_has_the_same_time(cli: CommandLine):
    recorded(cli)
    shared(cli)
    with zipfile.ZipFile(cli.directory / "b.zip") as bundle:
        assert [info.date_time[0] for info in bundle.infolist()] == [1980] * 5


def test_a_bundle_that_tells_less_is_called_that(cli: CommandLine):
    # Two characters are too few to be left standing in a text that is taken out.
    recorded(cli, rest="outcome: {pass: [{status: 2xx, text: {contains: ys}}]}")
    done, _ = shared(cli)
    assert "the bundle tells less than the recording: see `--bodies keep`" in done.err
    done, _ = shared(cli, "--bodies", "keep")
    assert "tells less" not in done.err
