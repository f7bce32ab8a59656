"""Every file that is written loads in vcrpy itself, with the right status and body."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from redaction.samples import URL, deepseek_body, exchange, made_up
from support.vcrpy_promises import check_promises
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from harness.cassette_store.writer import CassetteWriter
from harness.model.exchange import Failure, Phase
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
BODY = 'é 中 😀 \x7f \x85 \u2028 \ufeff "quoted" \\u0041 \n\t&*!|>%@`'


@pytest.fixture(autouse=True)
def _quiet_vcrpy() -> Iterator[None]:
    logger = logging.getLogger("vcr")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def loaded(path: Path) -> Cassette:
    return Cassette.load(path=str(path), record_mode=RecordMode.NONE)


@pytest.fixture
def writer(tmp_path: Path) -> CassetteWriter:
    redactor = Redactor(SecretRegistry())
    run = {"scenario": "odd: [names] {}", "text": BODY}
    writer = CassetteWriter.open(tmp_path / "a.yaml", "r1", redactor=redactor, run=run)
    headers = (("Content-Type", "text/plain"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"))
    gzip = (("Content-Encoding", "gzip"), ("Content-Length", "3"), ("Transfer-Encoding", "x"))
    given = [
        exchange(KEY, response_body=deepseek_body(KEY[-4:])),
        exchange(KEY, failure=Failure(Phase.CONNECT, "refused", "no")),
        exchange(KEY, status=200, reason="OK", response_body=BODY.encode(), response_headers=gzip),
        exchange(KEY, status=307, response_body=b"", response_headers=headers),
        exchange(
            KEY, method="GET", body=None, headers=(("A\u00e9", "\udcff"), ("A", "b"), ("A", "c"))
        ),
    ]
    for one in given:
        writer.append(redactor.redact(one), Outcome.DENIED)
    return writer


def check(cassette: Cassette) -> None:
    assert [response["status"]["code"] for response in cassette.responses] == [401, 200, 307, 401]
    first, second, third, _ = cassette.responses
    assert first["body"]["string"].startswith(b'{"error": {"message": "Authentication Fails, Your')
    assert first["status"]["message"] == "Authorization Required"
    assert second["body"]["string"] == BODY.encode()
    assert second["headers"] == {"Content-Length": [str(len(BODY.encode()))]}
    assert third["body"]["string"] == b""
    assert len(third["headers"]["Set-Cookie"]) == 2
    assert [request.method for request in cassette.requests] == ["POST", "POST", "POST", "GET"]
    assert cassette.requests[0].uri == URL
    assert cassette.requests[0].body == b'{"model":"deepseek-chat"}'
    assert cassette.requests[3].body is None
    assert cassette.requests[0].headers["Authorization"] == "Bearer RDX~s1.sk.L35.Chex~"


def test_the_published_file_loads(writer: CassetteWriter) -> None:
    path = writer.close()
    assert path is not None
    check(loaded(path))
    check_promises(path)


def test_the_part_loads(writer: CassetteWriter) -> None:
    part = writer.abandon()
    assert part is not None
    check(loaded(part))


def test_a_run_in_which_nothing_was_answered_loads(tmp_path: Path) -> None:
    redactor = Redactor(SecretRegistry())
    writer = CassetteWriter.open(tmp_path / "a.yaml", "r1", redactor=redactor)
    failure = Failure(Phase.DNS, "unknown host", "no such host")
    writer.append(redactor.redact(exchange(KEY, failure=failure)), Outcome.UNREACHABLE)
    path = writer.close()
    assert path is not None
    assert len(loaded(path).responses) == 0
