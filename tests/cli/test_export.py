"""`flip401 export`: plain vcrpy replays the variant, whichever client asks."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import vcr
from support.command_line import CommandLine, Finished
from support.local_server import Reply, Seen, bearer, local_server
from support.scenario_texts import bearer_text

from harness.cassette_store.reader import read_cassette
from harness.reports.pytest_snippet import CLIENTS

LONG = b'{"text": "' + "é中😀 ".encode() * 200 + b'"}'
REPLIES = {
    "/gzip": Reply(200, gzip.compress(LONG), (("Content-Encoding", "gzip"),)),
    "/empty": Reply(401, b"", ()),
    "/moved": Reply(307, b"moved", (("Location", "/moved-on"),)),
    "/moved-on": Reply(301, b"", (("Location", "./there?a=1&b=%20x#part"),)),
    "/post": Reply(302, b"found", (("Location", "there"),)),
    "/there?a=1&b=%20x": Reply(403, b"not there", (("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"))),
    "/there": Reply(200, b"there", (("Content-Type", "text/plain"),)),
    "/round": Reply(302, b"again", (("Location", "/round"),)),
    "/binary": Reply(200, bytes(range(256)), (("Content-Type", "application/octet-stream"),)),
    "/nothing": Reply(204, b"", ()),
    "/weird": Reply(200, b"\x01\x7f\xc2\x85 [] {} # : - ! & *", (("X-Odd", "a: b; \xe9"),)),
}
AXES = """
  key:
    shell: {env: MADE_KEY}
    wrong: {literal: no-good-key-77}
  place:
    home: {}
    gzip: {url: URL/gzip}
    empty: {url: URL/empty}
    moved: {url: URL/moved}
    post: {url: URL/post, method: POST, json: {a: 1}}
    round: {url: URL/round, redirects: {follow: 2}}
    unfollowed: {url: URL/moved, redirects: none}
    binary: {url: URL/binary}
    nothing: {url: URL/nothing}
    weird: {url: "URL/weird"}
    odd: {url: "URL//a/../%7ex%2fy%40z?q=1&q=&note=abc%20d"}
    put: {method: PUT}
    gone: {url: "http://127.0.0.1:1/"}
"""
PLACES = [
    *("baseline", "key=wrong", "place=gzip", "place=empty", "place=moved", "place=post"),
    *("place=round", "place=unfollowed", "place=binary", "place=nothing", "place=weird"),
    *("place=odd", "place=put"),
]


@pytest.fixture(autouse=True)
def _quiet_vcrpy() -> Iterator[None]:
    logger = logging.getLogger("vcr")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def cassette(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Record every variant once; the server is gone afterwards."""
    cli = CommandLine(tmp_path_factory.mktemp("recorded"))
    cli.env["MADE_KEY"] = cli.key("good")
    judge = bearer(cli.keys[0])

    def answer(seen: Seen) -> Reply:
        return REPLIES.get(seen.path) or judge(seen)

    with local_server(answer) as server:
        axes = AXES.replace("URL", server.url)
        cli.write("asked.yaml", bearer_text(server.url, axes=axes))
        done = cli("run", "asked.yaml", "--trust", "--strategy", "one-at-a-time")
    assert done.code in {0, 1}
    return (cli.directory / "cassettes" / "asked.yaml").read_bytes()


@pytest.fixture
def recorded(cli: CommandLine, cassette: bytes) -> CommandLine:
    cli.write("asked.yaml", cassette)
    return cli


def exported(cli: CommandLine, variant: str, *arguments: str) -> Finished:
    done = cli("export", "asked.yaml", "--variant", variant, *arguments)
    assert done.code == 0, done.err
    return done


def snippet_at(path: Path) -> Any:
    """Load a snippet as the module that it is."""
    spec = importlib.util.spec_from_file_location("snippet", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("variant", PLACES)
def test_the_snippet_of_every_variant_passes(
    recorded: CommandLine, variant: str, client: str
) -> None:
    exported(recorded, variant, "--snippet", "test_it.py", "--client", client)
    module = snippet_at(recorded.directory / "test_it.py")
    (test,) = [value for name, value in vars(module).items() if name.startswith("test_")]
    test()
    assert module.CALLS


def test_a_client_of_ones_own_sees_the_recorded_status_and_body(recorded: CommandLine) -> None:
    exported(recorded, "place=moved", "--to", "moved.yaml")
    path = recorded.directory / "moved.yaml"
    url = read_cassette(path).records[0].exchange.url

    async def with_aiohttp() -> tuple[int, bytes, int]:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.read(), len(answer.history)

    with vcr.use_cassette(str(path), record_mode="none"):
        answer = requests.get(url, timeout=5)
        assert (answer.status_code, answer.content, len(answer.history)) == (403, b"not there", 2)
    with vcr.use_cassette(str(path), record_mode="none"):
        other = httpx.get(url, follow_redirects=True)
        assert (other.status_code, other.content, len(other.history)) == (403, b"not there", 2)
    with vcr.use_cassette(str(path), record_mode="none"):
        assert asyncio.run(with_aiohttp()) == (403, b"not there", 2)


def test_our_own_reader_finds_what_was_recorded(recorded: CommandLine) -> None:
    whole = read_cassette(recorded.directory / "asked.yaml").records
    for variant in ("place=odd", "place=put", "place=moved", "place=weird"):
        exported(recorded, variant, "--to", f"{variant}.yaml")
        records = read_cassette(recorded.directory / f"{variant}.yaml").records
        assert records == tuple(one for one in whole if one.exchange.key.variant == variant)


def test_the_snippet_is_a_test_that_pytest_runs(recorded: CommandLine) -> None:
    done = exported(recorded, "place=moved", "--to", "deep/er/moved.yaml")
    assert done.err == "wrote deep/er/moved.yaml\n"
    recorded.write("deep/er/test_moved.py", done.out)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_moved.py"],
        cwd=recorded.directory / "deep" / "er",
        env=dict(recorded.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_it_goes_beside_the_cassette_and_replaces_nothing(recorded: CommandLine) -> None:
    done = exported(recorded, "key=wrong", "--snippet", "test_it.py")
    assert done.err == "wrote asked.yaml.key-wrong.yaml\nwrote test_it.py\n".replace(
        ".yaml.k", ".k"
    )
    assert done.out == ""
    again = recorded("export", "asked.yaml", "--variant", "key=wrong")
    assert again.code == 2
    assert again.err.startswith("error: asked.key-wrong.yaml is there already\n")
    again = recorded("export", "asked.yaml", "--variant", "baseline", "--snippet", "test_it.py")
    assert again.err.startswith("error: test_it.py is there already\n")
    exported(recorded, "key=wrong", "--snippet", "test_it.py", "--force")


def test_one_exchange_names_its_variant(recorded: CommandLine) -> None:
    exported(recorded, "place=moved/1/main/1/1", "--to", "a.yaml")
    assert len(read_cassette(recorded.directory / "a.yaml").records) == 3
    done = recorded("export", "asked.yaml", "--variant", "place=moved/7/main/0/1")
    assert done.err == "error: place=moved was not run 7 times in asked.yaml\n"


def test_what_cannot_be_exported_is_said(recorded: CommandLine) -> None:
    done = recorded("export", "asked.yaml", "--variant", "place=nowhere\x1b[31m")
    assert done.code == 2
    lines = done.err.splitlines()
    assert lines[0].startswith("error: asked.yaml has no variant 'place=nowhere")
    assert "\x1b" not in done.err
    assert lines[1:3] == ["    it has:", "    baseline"]
    done = recorded("export", "asked.yaml", "--variant", "place=gone")
    assert done.code == 2
    assert done.err.startswith("error: place=gone has no answer to replay: ")
    done = recorded("export", "asked.yaml", "--variant", "baseline", "--run", "2")
    assert "asked.yaml has no run '2'" in done.err
    (recorded.directory / "folder").mkdir()
    done = recorded("export", "asked.yaml", "--variant", "baseline", "--snippet", "no/test_it.py")
    assert "cannot write the test no/test_it.py: no such file or directory" in done.err


def test_what_a_stranger_names_a_variant_cannot_run(recorded: CommandLine) -> None:
    text = (recorded.directory / "asked.yaml").read_text()
    evil = '../x\\"\\"\\"+__import__(\'os\')'
    recorded.write("theirs.yaml", text.replace('"key=wrong/', f'"{evil}/'))
    before = {file.name for file in recorded.directory.iterdir()}
    done = recorded("export", "theirs.yaml", "--variant", evil.replace('\\"', '"'))
    assert (done.code, done.out) == (2, "")
    assert "does not start with the name of a variant" in done.err
    assert {file.name for file in recorded.directory.iterdir()} == before
