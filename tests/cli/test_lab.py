"""`flip401 lab` serves until Ctrl-C; `--lab` reads no key and leaves this machine alone."""

from __future__ import annotations

import re
import signal
import subprocess

import jsonschema
import pytest
from support.command_line import CommandLine

from harness.reports.json_schema import result_schema
from harness.wiring.scenarios import shipped_scenarios

EVERY_SHAPE = {
    "account": "other",
    "clock-jwt": "a token's time",
    "curl-vs-app": "denied",
    "dotenv-not-loaded": "not sent, the base moved",
    "key-bytes": "refused by the client",
    "proxy-http-only": "two axes together",
    "proxy-login": "proxy-denied and unreachable",
    "redirect": "hops",
    "required-headers": "none",
    "stale-shell-key": "a fix of a denied baseline",
}


def test_there_are_shipped_scenarios():
    assert set(EVERY_SHAPE) <= set(shipped_scenarios())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_lab_is_up_until_ctrl_c(cli: CommandLine, number: signal.Signals):
    process = subprocess.Popen(
        cli.argv("lab", "--dir", "the-lab"),
        cwd=cli.directory,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    while not any(line.startswith("try ") for line in lines):
        lines.append(process.stdout.readline())
        assert lines[-1], process.communicate(timeout=5)
    key = (cli.directory / "the-lab" / ".env").read_text()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    done = cli.checked(process.returncode, out, err)
    assert done.code == 0
    assert "lab closed" in done.err
    assert not (cli.directory / "the-lab" / ".env").exists()
    assert re.search(r"='sk-\w+'", key)


@pytest.mark.parametrize("folder", ["asked.yaml", "asked.yaml/in"])
def test_a_folder_that_cannot_be_is_one_line(cli: CommandLine, folder: str):
    cli.write("asked.yaml", "")
    done = cli("lab", "--dir", folder)
    assert done.code == 2
    assert done.err.startswith("error: ")


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_every_shape_of_finding_replays_from_the_lab(cli: CommandLine, name: str):
    done = cli("run", name, "--lab", "--format", "json")
    assert done.code in {0, 1, 5}
    jsonschema.validate(done.json, result_schema())
    assert done.run["lab"] is True
    assert done.run["cassette"].endswith(".lab.yaml")
    again = cli("replay", done.run["cassette"], "--format", "json")
    assert again.code == done.code
    assert again.run == done.run | {"replayed": True}


def test_in_the_lab_no_real_key_is_read_and_no_command_run(cli: CommandLine):
    cli.env["MADE_KEY"] = cli.key()
    cli.env["BASE"] = "not a URL at all"
    cli.env["http_proxy"] = "http://127.0.0.1:1"
    cli.write(
        "asked.yaml",
        """\
version: 1
name: asked
request:
  url: {env: BASE, path: /models}
  headers: {Authorization: "Bearer ${key}"}
axes:
  key:
    shell: {env: MADE_KEY}
    told: {command: [touch, was-run]}
    typed: {prompt: key}
lab: {provider: http-bearer, keys: {told: {value: unknown}}}
""",
    )
    done = cli("run", "asked.yaml", "--lab", "--format", "json")
    assert done.code == 1
    outcomes = {one["id"]: one["outcome"] for one in done.run["variants"]}
    assert outcomes == {"baseline": "pass", "key=told": "denied", "key=typed": "pass"}
    assert not (cli.directory / "was-run").exists()


def test_settings_of_a_lab_that_cannot_be_are_one_line(cli: CommandLine):
    cli.write(
        "asked.yaml",
        """\
version: 1
name: asked
request:
  url: http://a.example/
  headers: {Authorization: "Bearer ${key}"}
axes:
  key: {shell: {env: MADE_KEY}}
  proxy: {direct: none, corp: "http://127.0.0.1:3128", same: "http://127.0.0.1:3128"}
lab: {proxies: {corp: honest, same: dead}}
""",
    )
    done = cli("run", "asked.yaml", "--lab")
    assert done.code == 2
    assert done.err.startswith("error: lab.proxies: corp and same disagree")
