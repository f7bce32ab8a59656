"""Cassettes that plain vcrpy wrote: with its own code, in each of its forms."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from redaction.samples import exchange
from support.made_keys import made_key, made_secret
from vcr.persisters.filesystem import FilesystemPersister
from vcr.request import Request
from vcr.serializers import jsonserializer, yamlserializer

from harness.cassette_format.vcrpy_body import MAX_BODY
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError
from harness.model.exchange import Failure, Phase, RedactedExchange
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_key("foreign")
URL = "https://api.example.com/v1/chat?b=2&a=1"


def request(body: object = None, **headers: object) -> Request:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", URL, body, {"Authorization": f"Bearer {KEY}", **shown})


def answer(body: object, status: int = 200, **headers: object) -> dict[str, Any]:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "status": {"code": status, "message": "Said"},
        "headers": {"Content-Type": ["application/json"], **shown},
        "body": body,
    }


def saved(path: Path, *pairs: tuple[Request, object], serializer: Any = yamlserializer) -> Path:
    document = {
        "requests": [request for request, _ in pairs],
        "responses": [response for _, response in pairs],
    }
    FilesystemPersister.save_cassette(path, document, serializer)
    return path


def only(path: Path) -> RedactedExchange:
    (record,) = read_cassette(path).records
    return record.exchange


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


@pytest.mark.parametrize("style", ["block", "flow", "json"])
def test_each_of_vcrpys_ways_to_write_is_read(path: Path, style: str) -> None:
    pairs = [
        (request(b'{"ping": "\xf0\x9f\x98\x80\x7f"}'), answer({"string": b'{"ok": "\xc3\xa9"}'})),
        (request(None), answer({"string": b"no"}, 401)),
        (request(""), answer({"string": b"none"}, 404)),
    ]
    saved(path, *pairs, serializer=jsonserializer if style == "json" else yamlserializer)
    if style == "flow":
        document = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump(document, default_flow_style=True, width=60))
    cassette = read_cassette(path)
    assert (cassette.run, cassette.cut, cassette.file) == (None, "", str(path))
    assert [str(record.exchange.key) for record in cassette.records] == [
        f"recorded-{number}/1/main/0/1" for number in (1, 2, 3)
    ]
    assert [record.outcome for record in cassette.records] == [
        Outcome.PASS,
        Outcome.DENIED,
        Outcome.OTHER,
    ]
    first = cassette.records[0].exchange
    assert first.body == '{"ping": "\U0001f600\x7f"}'
    assert first.response is not None
    assert first.response.body == '{"ok": "é"}'
    assert (first.method, first.response.reason) == ("POST", "Said")
    assert first.url == "https://api.example.com/v1/chat?b=RDX~x1.L1-3.Cdec~&a=RDX~x2.L1-3.Cdec~"


def test_a_strangers_raw_key_is_nowhere(path: Path) -> None:
    """Not even in the first item, which echoes what only the second one gives away."""
    saved(
        path,
        (Request("GET", URL, None, {}), answer({"string": f"echo {KEY} end".encode()})),
        (request(f"key={KEY}".encode()), answer({"string": f"****{KEY[-4:]} bad".encode()}, 401)),
    )
    shown = repr(read_cassette(path))
    shown += repr([record.exchange for record in read_cassette(path).records])
    assert KEY[3:] not in shown
    assert KEY[-4:] not in shown
    ids = [
        dict(record.exchange.headers).get("Authorization") for record in read_cassette(path).records
    ]
    assert ids == [None, f"Bearer {_placeholder(shown)}"]


def _placeholder(shown: str) -> str:
    start = shown.index("echo RDX~") + len("echo ")
    return shown[start : shown.index("~", start + 4) + 1]


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (None, {}, ""),
        ("text", {}, "text"),
        (b"text", {}, "text"),
        ({"n": 1, "a": [True, None, 1.5, "no"]}, {}, '{"a": [true, null, 1.5, "no"], "n": 1}'),
        ([1, "two"], {}, '[1, "two"]'),
        ({}, {}, "{}"),
        ([], {}, "[]"),
        (
            {"grant_type": "x", "page": 2},
            {"Content_Type": "application/x-www-form-urlencoded"},
            "grant_type=x&page=2",
        ),
        (
            [["grant_type", "x"], "odd"],
            {"Content_Type": "application/x-www-form-urlencoded"},
            "grant_type=x&odd=",
        ),
        ({"file": b"\xff\xfe\x00"}, {}, '{"file": "RDX~none.blob.L3.Cbytes.mbinary~"}'),
        (b"\x89PNG\xff", {}, "RDX~none.blob.L5.Cbytes.mpng~"),
        (b"a\0b", {}, "RDX~none.blob.L3.Cbytes.mbinary~"),
        (gzip.compress(b"packed", mtime=0), {"Content_Encoding": "gzip"}, "packed"),
        ("x" * (MAX_BODY + 1), {}, f"RDX~none.blob.L{MAX_BODY + 1}.mtext~"),
    ],
)
def test_each_form_of_a_request_body_is_text(
    path: Path, body: object, headers: dict[str, str], text: str
) -> None:
    saved(path, (request(body, **headers), answer({"string": b""})))
    assert only(path).body == text


@pytest.mark.parametrize(
    ("body", "coding", "text"),
    [
        ({"string": b"plain"}, "", "plain"),
        ({}, "", ""),
        (None, "", ""),
        ({"string": None}, "", ""),
        ({"string": gzip.compress(b"packed", mtime=0)}, "gzip", "packed"),
        ({"string": zlib.compress(b"packed")}, "deflate", "packed"),
        ({"string": zlib.compress(b"packed", wbits=-15)}, "deflate", "packed"),
        ({"string": b"decoded already"}, "gzip", "decoded already"),
        ({"string": gzip.compress(b"packed", mtime=0)[:-9]}, "gzip", None),
        ({"string": gzip.compress(b"\0" * (MAX_BODY + 1), mtime=0)}, "gzip", None),
        ({"string": b"\xce\xb2\xcf\x81\xff"}, "br", "RDX~none.blob.L5.Cbytes.mbinary~"),
    ],
)
def test_each_form_of_an_answers_body_is_text(
    path: Path, body: object, coding: str, text: str | None
) -> None:
    headers = {"Content_Encoding": [coding]} if coding else {}
    saved(path, (request(), answer(body, **headers)))
    response = only(path).response
    assert response is not None
    if text is None:
        assert response.body.startswith("RDX~none.blob.L")
        assert response.body.endswith(".Cbytes.mgzip~")
    else:
        assert response.body == text
    assert dict(response.headers).get("Content-Encoding", "") == coding


def test_headers_are_read_however_they_are_written(path: Path) -> None:
    document = {
        "interactions": [
            {
                "request": {
                    "method": "GET",
                    "uri": URL,
                    "headers": {"Accept": "text/html", "Host": [b"a.example"], "Retry-After": [5]},
                },
                "response": {
                    "status": {"code": 200},
                    "headers": [["Vary", "a"], ["Vary", "b"]],
                    "body": "as text",
                },
            },
            {
                "request": {"method": "GET", "uri": URL, "headers": None, "body": None},
                "response": {"status_code": 403, "headers": {}, "content": "old httpx"},
            },
            {"request": {"method": "GET", "uri": URL}, "response": None},
        ],
        "metadata": {"by": "somebody"},
    }
    path.write_text(yaml.safe_dump(document))
    first, second, third = (record.exchange for record in read_cassette(path).records)
    assert dict(first.headers) == {"Accept": "text/html", "Host": "a.example", "Retry-After": "5"}
    assert first.response is not None
    assert first.response.headers == (("Vary", "a"), ("Vary", "b"))
    assert (first.response.body, first.response.reason) == ("as text", "")
    assert second.response is not None
    assert (second.response.status, second.response.body) == (403, "old httpx")
    assert third.response is None
    assert third.failure == Failure(Phase.HEADERS, "not-recorded", "the cassette holds no answer")
    assert read_cassette(path).records[2].outcome is Outcome.UNREACHABLE


def test_a_cassette_of_ours_that_a_tool_rewrote_keeps_its_run(path: Path) -> None:
    redactor = Redactor(SecretRegistry())
    writer = CassetteWriter.open(path, "r1", redactor=redactor, run={"scenario": "a"})
    made = redactor.redact(exchange(made_secret().reveal(), sequence=1))
    writer.append(made, Outcome.DENIED)
    writer.close()
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text())))
    cassette = read_cassette(path)
    assert cassette.run == {"scenario": "a"}
    assert [(record.exchange, record.outcome) for record in cassette.records] == [
        (made, Outcome.DENIED)
    ]


OLD = """interactions:
- request: !!python/object:vcr.request.Request
    body: null
"""
ITEM = "- request: {method: GET, uri: 'http://a/', headers: {}, body: null}\n  response: "


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[]", "1:1: a cassette is a mapping, not a list", "vcrpy writes `interactions:`"),
        ("# nothing\n", "1:1: a cassette is a mapping, not an empty file", "vcrpy writes"),
        ("interactions: 5", "1:1: `interactions` is a list, not a number", "vcrpy writes"),
        ("interactions: []", "1:1: there is no whole exchange in it", ""),
        ("interactions: [7]", "1:16: an interaction is a mapping, not a number", "vcrpy writes"),
        (OLD, "2:12: the tag `!!python/object:vcr.request.Request` is not read here", "Python 2"),
        (
            "interactions:\n- request: {method: !!python/unicode 'GET'}\n",
            "2:21: the tag `!!python/unicode` is not read here",
            "vcrpy under Python 2",
        ),
        ("interactions:\n" + ITEM + "7\n", "3:13: `response` is a mapping, not a number", ""),
        ("interactions:\n" + ITEM[:-12], "2:3: `response` is missing", ""),
        ("interactions:\n" + ITEM + "{}\n", "3:13: `status` is missing", ""),
        ("interactions:\n" + ITEM + "{status: {}}\n", "3:22: `status.code` is missing", ""),
        ("interactions:\n" + ITEM + "{status: {code: '2'}}\n", "3:29: the status is not", ""),
        ("interactions:\n" + ITEM + "{status: {code: 1000}}\n", "3:29: the status is not", ""),
        (
            "interactions:\n- request: {method: [], uri: a}\n  response: null",
            "2:21: `method` is",
            "",
        ),
        ("interactions:\n- request: 5\n  response: null", "2:12: `request` is a mapping", ""),
        (
            "interactions:\n- request: {method: GET, uri: a, headers: 5}\n  response: null",
            "2:43: `headers` is a mapping of names to lists, not a number",
            "",
        ),
        (
            "interactions:\n- request: {method: GET, uri: a, headers: {a: [[]]}}\n  response: null",
            "2:48: the value of a header is text, not a list",
            "",
        ),
        (
            "interactions:\n- request: {method: GET, uri: a, headers: [[a]]}\n  response: null",
            "2:44: a header is a name and a value",
            "",
        ),
        ("a: !!binary '%'", "1:4: the value does not fit its tag `!!binary`", "damaged"),
        ("a: 1\na: 2", "2:1: `…` is written twice, in line 1 and here", "keep one"),
        ("a: b: c", "1:5: a `:` stands where no name can end", ""),
        ('{"uri": 1,\n "uri": 2}', "2:2: `uri` is written twice, in line 1 and here", ""),
        ("a: .nan", "1:4: `…` without quotes is not a number that JSON has", ""),
    ],
)
def test_what_is_no_cassette_is_one_error_with_its_place(
    path: Path, text: str, message: str, hint: str
) -> None:
    path.write_text(text)
    with pytest.raises(CassetteError) as caught:
        read_cassette(path)
    assert caught.value.message.startswith(f"{path}:{message}")
    assert caught.value.hint
    assert hint in caught.value.hint


def test_more_than_16_mib_of_what_is_no_stream_of_lines_is_refused(path: Path) -> None:
    path.write_bytes(b"#" * (16 << 20) + b"\n")
    with pytest.raises(CassetteError, match=r"a\.yaml:1:1: is larger than 16384 KiB"):
        read_cassette(path)


def test_json_with_half_a_character_is_read(path: Path) -> None:
    item = {
        "request": {"method": "GET", "uri": URL, "headers": {}, "body": None},
        "response": answer({"string": "half \ud83d of one, \\ud83d"}),
    }
    path.write_text(json.dumps({"interactions": [item], "version": 1}))
    response = only(path).response
    assert response is not None
    assert response.body == "half \ufffd of one, \\ud83d"
