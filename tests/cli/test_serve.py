"""`flip401 serve` answers from a cassette until Ctrl-C; no key of a client gets out."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests
from support.command_line import ROOT, CommandLine, Finished
from support.key_leaks import leaks

SHOWN = str(ROOT / "cassettes" / "shown" / "deepseek-401.lab.yaml")
BODY = {
    "model": "deepseek-v4-flash",
    "messages": [{"role": "user", "content": "ping"}],
    "max_tokens": 1,
}


@dataclass
class Serving:
    url: str
    process: subprocess.Popen[str]
    cli: CommandLine
    announced: list[str] = field(default_factory=list)

    def ask(self, key: str, path: str = "/chat/completions") -> requests.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return requests.post(self.url + path, headers=headers, json=BODY, timeout=10)

    def end(self, number: int = signal.SIGINT) -> Finished:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.cli.checked(self.process.returncode, "".join(self.announced) + out, err)


@contextmanager
def serving(cli: CommandLine, *arguments: str) -> Iterator[Serving]:
    process = subprocess.Popen(
        cli.argv("serve", *arguments),
        cwd=cli.directory,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not any(line.startswith("try ") for line in lines):
            lines.append(process.stdout.readline())
            assert lines[-1], process.communicate(timeout=5)
        at = next(line for line in lines if line.startswith("at "))
        yield Serving(at.split()[1], process, cli, lines)
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_by_key_until_ctrl_c(cli: CommandLine, number: signal.Signals):
    with serving(cli, SHOWN) as served:
        assert served.ask("s1").status_code == 200
        assert served.ask("RDX~s2.sk.L36.Chex.wtdq1~").status_code == 401
        missed = served.ask("s1", "/v3/chat/completions")
        assert missed.json()["error"]["nearest"] is not None
        done = served.end(number)
    assert done.code == 0
    told = done.err.splitlines()
    assert len(told) == 4
    assert told[0].endswith(
        " info answered method=POST path=/chat/completions http_status=200"
        " exchange=baseline/1/main/0/1"
    )
    assert told[1].endswith(" http_status=401 exchange=key=dotenv/1/main/0/1")
    assert " warning no match method=POST path=/v3/chat/completions " in told[2]
    assert told[3] == "server closed"


def test_no_key_of_a_client_is_in_output_logs_or_answers(cli: CommandLine):
    recorded = "sk-" + "0123456789abcdef" * 2
    keys = [cli.key(), cli.key(2, prefix="gsk_")]
    seen = []
    with serving(cli, SHOWN, "-v", "--log-file", "told.log", "--log-format", "json") as served:
        assert served.ask(recorded).status_code == 200
        for key in keys:
            for path in ("/chat/completions", f"/{key}/x?key={key}&{key}", f"/v1/x{key}"):
                got = served.ask(key, path)
                assert got.status_code == 404
                seen.append((path[:5], repr((got.headers, got.content)).encode()))
        done = served.end()
    assert not leaks(keys, seen)
    log = (cli.directory / "told.log").read_text().splitlines()
    assert len(log) == 7
    assert {json.loads(line)["http_status"] for line in log} == {200, 404}
    assert recorded[-8:] not in done.out + done.err + "".join(log)


def test_a_port_in_use_is_one_error(cli: CommandLine):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cli("serve", SHOWN, "--port", str(port))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"error: cannot listen on 127.0.0.1 port {port}: it is in use\n"
        "    choose another with --port, or leave it out for a free one\n"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com"])
def test_a_host_that_is_not_this_machine_is_an_error(cli: CommandLine, host: str):
    done = cli("serve", SHOWN, "--host", host)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: --host {host}: a cassette is served on this machine only")


def test_a_file_that_is_no_cassette_is_an_error(cli: CommandLine):
    cli.write("a.yaml", "hello: there\n")
    done = cli("serve", "a.yaml")
    assert done.code == 2
    assert done.err.startswith("error: a.yaml:1:1: ")


def test_a_recording_of_its_own_is_served(cli: CommandLine):
    ran = cli("run", "header-name", "--lab", "--format", "json")
    (name,) = (cli.directory / "cassettes").glob("*.yaml")
    items = [json.loads(line[2:]) for line in name.read_text().splitlines()[2:]]
    with serving(cli, str(name)) as served:
        for item in items:
            request = item["request"]
            got = requests.request(
                request["method"],
                served.url + re.sub("^https?://[^/]+", "", request["uri"]),
                headers={key: value[0] for key, value in request["headers"].items()},
                data=request["body"],
                timeout=10,
            )
            response = item["response"]
            assert got.status_code == (response["status"]["code"] if response else 504)
        assert served.end().code == 0
    assert ran.run["requests_sent"] == len(items) > 1
