from __future__ import annotations

import dataclasses
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.samples import exchange, made_up

from harness.cassette_format import line as line_module
from harness.cassette_format.line import (
    HEADER,
    LONGEST_LINE,
    check_variant,
    decode_line,
    encode_line,
)
from harness.errors import CassetteError, Place
from harness.model.exchange import (
    ExchangeKey,
    Failure,
    Phase,
    RedactedExchange,
    RedactedResponse,
    Step,
    Timing,
    TokenFacts,
)
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

HERE = Place("a.yaml", 3, 1)
KEY = made_up(1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)
NUMBERS = st.floats(0, 1e12)
RESPONSES = st.builds(
    RedactedResponse,
    status=st.integers(100, 599),
    reason=TEXT,
    headers=PAIRS,
    body=TEXT,
    body_truncated=st.booleans(),
    from_proxy=st.booleans(),
)
FAILURES = st.builds(Failure, st.sampled_from(Phase), TEXT, TEXT)
TOKENS = st.builds(
    TokenFacts,
    TEXT,
    TEXT,
    TEXT,
    st.none() | st.integers(0, 99),
    st.dictionaries(TEXT, st.integers(0, 9) | TEXT | st.lists(TEXT, max_size=2), max_size=2),
)


def redacted(**changes: object) -> RedactedExchange:
    made = Redactor(SecretRegistry()).redact(exchange(KEY))
    return dataclasses.replace(made, **changes)


def as_item(text: str) -> dict[str, object]:
    items = yaml.safe_load(HEADER + text)["interactions"]
    assert len(items) == 1
    return items[0]


@settings(deadline=None)
@given(st.data())
def test_any_exchange_is_read_back(data: st.DataObject) -> None:
    made = redacted(
        key=ExchangeKey(
            data.draw(TEXT), *data.draw(st.tuples(st.integers(1, 9), st.sampled_from(Step)))
        ),
        sequence=data.draw(st.integers(0, 10**6)),
        method=data.draw(TEXT),
        url=data.draw(TEXT),
        headers=data.draw(PAIRS),
        headers_sent=data.draw(PAIRS),
        body=data.draw(TEXT),
        proxy=data.draw(st.none() | TEXT),
        timing=Timing(data.draw(NUMBERS), data.draw(NUMBERS), data.draw(st.floats(-1e9, 1e9))),
        response=data.draw(st.none() | RESPONSES),
        failure=data.draw(st.none() | FAILURES),
        secret_ids=data.draw(st.dictionaries(TEXT, TEXT, max_size=2)),
        tokens=data.draw(st.lists(TOKENS, max_size=2).map(tuple)),
    )
    outcome = data.draw(st.sampled_from(Outcome))
    run = data.draw(st.none() | st.dictionaries(TEXT, TEXT | st.integers(0, 9), max_size=2))
    text = encode_line(made, outcome, run)
    line = decode_line(text, HERE)
    for field in dataclasses.fields(line.exchange):
        assert getattr(line.exchange, field.name) == getattr(made, field.name), field.name
    assert (line.outcome, line.run) == (outcome, run)
    assert text.isascii()
    assert text.count("\n") == 1
    item = as_item(text)
    assert (item["response"] is None) == (made.response is None)


def test_a_line_is_an_interaction_of_vcrpy() -> None:
    headers = (("A", "1"), ("B", "2"), ("A", "3"))
    item = as_item(encode_line(redacted(headers=headers), Outcome.DENIED))
    assert item["request"] == {
        "body": '{"model":"deepseek-chat"}',
        "headers": {"A": ["1", "3"], "B": ["2"]},
        "method": "POST",
        "uri": "https://api.deepseek.com/chat/completions",
    }
    assert item["response"] == {
        "body": {"string": "Authentication Fails (governor)"},
        "headers": {},
        "status": {"code": 401, "message": "Authorization Required"},
    }
    assert item["harness"]["headers"] == [["A", "1"], ["B", "2"], ["A", "3"]]
    assert item["harness"]["id"] == "baseline/1/main/0/1"
    assert item["harness"]["outcome"] == "denied"


def test_headers_are_kept_apart_only_where_the_mapping_loses_something() -> None:
    item = as_item(encode_line(redacted(headers=(("a", "1"), ("A", "2"))), Outcome.PASS))
    assert "headers" not in item["harness"]
    assert "wire_headers" not in item["harness"]


def test_what_came_over_the_wire_is_kept_where_it_does_not_fit_the_body() -> None:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", "20"), ("Date", "now"))
    response = RedactedResponse(200, "OK", headers, "é!")
    text = encode_line(redacted(response=response), Outcome.PASS)
    item = as_item(text)
    assert item["response"]["headers"] == {"Content-Length": ["3"], "Date": ["now"]}
    assert item["harness"]["wire_headers"] == [list(pair) for pair in headers]
    assert decode_line(text, HERE).exchange.response == response


def test_an_empty_body_is_a_string_and_no_request_body_is_null() -> None:
    response = RedactedResponse(307, "Temporary Redirect", (), "")
    item = as_item(encode_line(redacted(response=response, body=""), Outcome.OTHER))
    assert item["response"]["body"] == {"string": ""}
    assert item["request"]["body"] is None


def test_a_failure_is_a_null_response() -> None:
    failure = Failure(Phase.CONNECT, "refused", "connection refused")
    text = encode_line(redacted(response=None, failure=failure), Outcome.UNREACHABLE)
    item = as_item(text)
    assert item["response"] is None
    assert item["harness"]["failure"] == {
        "phase": "connect",
        "kind": "refused",
        "message": "connection refused",
    }


def test_a_header_name_that_yaml_cannot_hold_stands_in_a_list_only() -> None:
    headers = (("é" * 150, "v"), ("A", "b"))
    text = encode_line(redacted(headers=headers), Outcome.PASS)
    assert as_item(text)["request"]["headers"] == {"A": ["b"]}
    assert decode_line(text, HERE).exchange.headers == headers


def test_a_body_too_long_for_a_line_is_withheld() -> None:
    headers = (("Content-Length", "1"), ("Date", "now"))
    response = RedactedResponse(200, "OK", headers, "x" * LONGEST_LINE)
    text = encode_line(redacted(response=response, body="y" * 10), Outcome.PASS)
    assert len(text) < 4000
    line = decode_line(text, HERE)
    assert line.exchange.body == "RDX~none.blob.L10.mtext~"
    assert line.exchange.response is not None
    assert line.exchange.response.body == f"RDX~none.blob.L{LONGEST_LINE}.mtext~"
    assert line.exchange.response.body_truncated
    item = as_item(text)
    assert item["response"]["headers"]["Content-Length"] == [
        str(len("RDX~none.blob.L4194304.mtext~"))
    ]


def test_a_request_body_too_long_is_withheld_without_a_response() -> None:
    failure = Failure(Phase.SEND, "reset", "connection reset")
    made = redacted(response=None, failure=failure, body="y" * LONGEST_LINE)
    assert decode_line(encode_line(made, Outcome.UNREACHABLE), HERE).exchange.body.startswith(
        "RDX~"
    )


def test_a_line_that_is_too_long_without_bodies_is_refused() -> None:
    made = redacted(url="u" * LONGEST_LINE)
    with pytest.raises(CassetteError, match="exchange baseline/1/main/0/1 is too large") as error:
        encode_line(made, Outcome.PASS)
    assert "4194304 bytes" in error.value.hint


def test_facts_of_a_run_that_yaml_cannot_hold_are_refused() -> None:
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(CassetteError, match="nested deeper than 80"):
        encode_line(redacted(), Outcome.PASS, {"a": deep})
    with pytest.raises(CassetteError, match="a name of 101 characters"):
        encode_line(redacted(), Outcome.PASS, [{"x" * 101: 1}])


def changed(**changes: object) -> str:
    """Return a line with fields replaced, or left out where the value is `...`."""
    item = json.loads(encode_line(redacted(), Outcome.DENIED)[2:])
    for path, value in changes.items():
        *above, name = path.split("__")
        target = item
        for part in above:
            target = target[part]
        if value is ...:
            del target[name]
        else:
            target[name] = value
    return f"- {json.dumps(item)}\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"request": ...}, "request is missing"),
        ({"request": 1}, "request is not a mapping"),
        ({"request__method": ...}, "request.method is missing"),
        ({"request__uri": 1}, "request.uri is not a string"),
        ({"request__headers": {"a": "b"}}, "request.headers is not a mapping of names to lists"),
        ({"request__headers": []}, "request.headers is not a mapping"),
        ({"request__body": {}}, "request.body is not a string"),
        ({"response": []}, "response is not a mapping"),
        ({"response__body": {}}, "response.body.string is missing"),
        ({"response__status__code": "401"}, "response.status.code is not a whole number"),
        ({"response__status__code": True}, "response.status.code is not a whole number"),
        ({"harness": ...}, "harness is missing"),
        ({"harness__id": "baseline"}, "harness.id or harness.outcome is not valid"),
        ({"harness__outcome": "good"}, "harness.id or harness.outcome is not valid"),
        ({"harness__headers_sent": {}}, "harness.headers_sent is not a list"),
        ({"harness__headers_sent": [["a"]]}, "harness.headers_sent holds something"),
        ({"harness__timing__sent_at_utc": "now"}, "harness.timing.sent_at_utc is not a number"),
        ({"harness__timing__sent_at_utc": 10**400}, "sent_at_utc is too large a number"),
        (
            {"harness__secret_ids": {"a": 1}},
            "harness.secret_ids holds something that is not a string",
        ),
        ({"harness__from_proxy": 1}, "harness.from_proxy is neither true nor false"),
        ({"harness__failure": {"phase": "x"}}, "harness.failure.phase is not a phase"),
        ({"harness__tokens": 1}, "harness.tokens is not a list"),
        ({"harness__tokens": [1]}, r"harness.tokens\[0\] is not a mapping"),
    ],
)
def test_a_field_that_is_wrong_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(CassetteError, match=f"^a.yaml:3:1: .*{message}"):
        decode_line(changed(**changes), HERE)


@pytest.mark.parametrize("text", ["", "request:\n", "# comment\n", "-", "- [1]\n"])
def test_what_is_no_item_is_refused(text: str) -> None:
    with pytest.raises(CassetteError, match=r"^a.yaml:3:1: expected an exchange") as error:
        decode_line(text, HERE)
    assert "get a whole copy" in error.value.hint


def test_an_error_in_a_line_has_its_column() -> None:
    with pytest.raises(CassetteError, match=r"^a.yaml:3:8: "):
        decode_line('- {"a":}\n', HERE)


def test_a_line_read_prints_no_content() -> None:
    line = decode_line(changed(request__uri=f"https://h/?key={KEY}"), HERE)
    assert KEY not in repr(line)


def test_no_name_of_ours_collides_with_vcrpy() -> None:
    item = as_item(encode_line(redacted(), Outcome.PASS))
    assert set(item) == {"request", "response", "harness"}
    assert set(item["request"]) == {"body", "headers", "method", "uri"}
    assert "metadata" not in line_module.HEADER


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (1e999, "harness.run cannot be taken: .*a number that JSON does not know"),
        ({"x" * 101: 1}, "harness.run cannot be taken: .*a name of 101 characters"),
        ({"a": [[[[]]]]}, None),
    ],
)
def test_the_facts_of_a_run_are_checked_when_they_are_read(
    run: object, message: str | None
) -> None:
    text = changed(harness__run=run).replace("Infinity", "1e999")
    if message is None:
        assert decode_line(text, HERE).run == run
        return
    with pytest.raises(CassetteError, match=f"^a.yaml:3:1: {message}"):
        decode_line(text, HERE)


@pytest.mark.parametrize(
    "variant", ["baseline", "key=dotenv,proxy=corp", "recorded-12", "clock=+10m", "a=RDX~s1.L8~"]
)
def test_a_variant_has_a_name_that_may_stand_in_a_file_name(variant: str) -> None:
    line = decode_line(changed(harness__id=f"{variant}/1/main/0/1"), HERE)
    assert check_variant(line, HERE) is line


@pytest.mark.parametrize("variant", ["../../etc/passwd", "..", "", "a b", "a\x1b[31m"])
def test_a_variant_without_such_a_name_is_refused(variant: str) -> None:
    line = decode_line(changed(harness__id=f"{variant}/1/main/0/1"), HERE)
    with pytest.raises(CassetteError, match=r"^a.yaml:3:1: harness.id does not start"):
        check_variant(line, HERE)
