"""The order of exchanges is that in which requests started, whichever answer came first."""

from __future__ import annotations

import threading

from support.command_line import CommandLine
from support.local_server import Reply, Seen, local_server
from support.scenario_texts import bearer_text

from harness.cassette_store.reader import read_cassette

AXES = """
  key: {shell: {env: MADE_KEY}}
  speed: {slow: {}, fast: {headers: {Accept-Language: fast}}}
"""


def test_sequence_is_reserved_when_a_request_starts(cli: CommandLine) -> None:
    fast_answered = threading.Event()

    def answer(seen: Seen) -> Reply:
        if "accept-language" in seen.headers:
            fast_answered.set()
        else:
            assert fast_answered.wait(30)
        return Reply(200)

    cli.env["MADE_KEY"] = cli.key()
    with local_server(answer) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=AXES))
        done = cli("run", "asked.yaml", "--trust", "--strategy", "all", "--concurrency", "2")
    assert done.code == 0, done.err
    records = read_cassette(cli.directory / "cassettes" / "asked.yaml").records
    by_variant = {one.exchange.key.variant: one.exchange.sequence for one in records}
    assert by_variant == {"baseline": 1, "speed=fast": 2}


def test_failures_are_kept_in_their_place(cli: CommandLine) -> None:
    axes = '\n  key: {shell: {env: MADE_KEY}}\n  proxy: {none: none, gone: "http://127.0.0.1:1"}'
    cli.env["MADE_KEY"] = cli.key()
    with local_server(lambda _seen: Reply(200)) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=axes))
        cli("run", "asked.yaml", "--trust", "--strategy", "all", "--concurrency", "1")
    path = cli.directory / "cassettes" / "asked.yaml"
    records = read_cassette(path).records
    assert [one.exchange.sequence for one in records] == [1, 2]
    assert records[1].exchange.response is None
    assert records[1].exchange.failure is not None
    assert '"response":null' in path.read_text().splitlines()[3]
