import dataclasses

import pytest
from difference.samples import ASKED, ONE, TWO, WIRE, aside, redacted, told

from harness.difference.difference import Difference, Part, Weight
from harness.difference.likeness import Scope
from harness.difference.request_part import compare_requests, same_header
from harness.difference.volatile import BODY_LENGTH, COMPUTED_ANEW, URL_HOST
from harness.model.exchange import RedactedExchange, Timing
from harness.model.request import HeaderPairs
from harness.model.wire import RedactedWire

KEY = "RDX~s1.sk.L35.Chex~"


def sent(*headers: tuple[str, str], **fields: object) -> RedactedExchange:
    return redacted(headers_sent=headers, **fields)


def compared(
    left: RedactedExchange, right: RedactedExchange, scope: Scope = ONE
) -> list[Difference]:
    return list(compare_requests(left, right, scope))


def test_a_request_does_not_differ_from_itself() -> None:
    assert compared(redacted(wire=WIRE), redacted(wire=WIRE)) == []


def test_headers_that_left_are_compared() -> None:
    left, right = sent(("Accept", "*/*"), ("X", "1")), sent(("Accept", "text/html"), ("X", "1"))
    assert told(compared(left, right)) == [("Accept", "Accept: */*", "Accept: text/html", "")]


def test_where_one_side_sent_nothing_the_headers_asked_for_are_compared() -> None:
    left, right = redacted(headers=(("A", "1"),)), redacted(headers=(("A", "2"),), headers_sent=())
    assert told(compared(left, right)) == [("A", "A: 1", "A: 2", "")]


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("Authorization", "x", Part.CREDENTIALS),
        ("X-Api-Key", "x", Part.CREDENTIALS),
        ("Authorisation", f"Bearer {KEY}", Part.CREDENTIALS),
        ("Accept", "x", Part.HEADERS),
        ("X-Trace", "RDX~s9.L9~", Part.HEADERS),
    ],
)
def test_a_header_is_a_credential_by_name_or_by_the_key_in_it(
    name: str, value: str, part: Part
) -> None:
    for sides in ((sent((name, value)), sent(("B", "1"))), (sent(("B", "1")), sent((name, value)))):
        found = {one.place: one.part for one in compared(*sides)}
        assert found[name] is part


def test_the_misspelt_name_of_a_header_is_told_beside_the_right_one() -> None:
    left, right = sent(("Authorization", KEY)), sent(("Authorisation", KEY))
    assert [place for place, *_ in told(compared(left, right))] == [
        "Authorization",
        "Authorisation",
    ]


def test_the_length_of_a_body_that_differs_follows_from_it() -> None:
    left, right = sent(("Content-Length", "1"), body="a"), sent(("Content-Length", "2"), body="bb")
    assert aside(compared(left, right)) == {"Content-Length": BODY_LENGTH}
    same = sent(("Content-Length", "2"), body="a")
    assert told(compared(left, same))[0][0] == "Content-Length"


def test_a_host_header_that_follows_from_the_url_does_not_count() -> None:
    left = sent(("Host", "a.example"), url="https://a.example/")
    right = sent(("Host", "b.example:8443"), url="https://b.example:8443/")
    assert aside(compared(left, right)) == {"Host": URL_HOST}
    other = sent(("Host", "c.example"), url="https://b.example:8443/")
    assert told(compared(left, other))[0][0] == "Host"


def test_signatures_of_one_shape_are_computed_anew() -> None:
    left, right = sent(("X-Signature", "RDX~s2.L64~")), sent(("X-Signature", "RDX~s3.L64~"))
    assert aside(compared(left, right)) == {"X-Signature": COMPUTED_ANEW}
    longer = sent(("X-Signature", "RDX~s3.L88~"))
    assert told(compared(left, longer))[0][3] == "88 characters in place of 64"
    assert told(compared(sent(("X-Design", "a")), sent(("X-Design", "b"))))


def test_the_clock_counts() -> None:
    left, right = redacted(timing=Timing(1.0, 0.1)), redacted(timing=Timing(1.0, 0.1, -600.0))
    assert told(compared(left, right)) == [("clock", "+0 s", "-600 s", "")]


def wire(*lines: str, line_end: str = "\r\n") -> RedactedWire:
    return dataclasses.replace(
        WIRE, sent=dataclasses.replace(ASKED, lines=lines, line_end=line_end)
    )


def lines_compared(left: RedactedWire | None, right: RedactedWire | None) -> list[object]:
    return list(told(compared(redacted(wire=left), redacted(wire=right))))


URL = "https://api.deepseek.com/chat/completions"


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        (
            "POST /chat/completions HTTP/1.1",
            "POST /chat/completions HTTP/1.0",
            [("HTTP version", "HTTP/1.1", "HTTP/1.0", "")],
        ),
        (
            "POST /chat/completions HTTP/1.1",
            f"POST {URL} HTTP/1.1",
            [("form of the target", "origin-form", "absolute-form", "")],
        ),
        (
            "POST /chat/completions HTTP/1.1",
            "POST /chat/Completions HTTP/1.1",
            [("target", "/chat/completions", "/chat/Completions", "another letter case")],
        ),
        ("POST * HTTP/1.1", "POST * HTTP/1.1", []),
        ("POST /chat/completions HTTP/1.1", "broken", []),
    ],
)
def test_request_lines_are_compared_as_they_left(
    left: str, right: str, found: list[object]
) -> None:
    assert lines_compared(wire(left), wire(right)) == found


def test_methods_are_compared_as_asked_for() -> None:
    found = compared(redacted(method="GET"), redacted(method="get"))
    assert told(found) == [("method", "GET", "get", "another letter case")]


def test_header_lines_of_one_meaning_may_differ_in_bytes() -> None:
    start = "POST /chat/completions HTTP/1.1"
    found = lines_compared(wire(start, "A: 1"), wire(start, "A:1"))
    assert found == [("header line 1", "A: 1", "A:1", "the bytes of the line differ")]
    found = lines_compared(wire(start, "A: 1"), wire(start, "A: 1", "no header"))
    assert found == [("header lines", "A: 1", "A: 1\nno header", "some are no header")]
    found = lines_compared(wire(start, "A: 1"), wire(start, "A: 1", line_end="\n"))
    assert found == [("end of the header lines", "CRLF", "LF", "")]
    assert lines_compared(wire(start), None) == []
    assert lines_compared(wire(start), wire()) == []


def test_forms_are_compared_by_field() -> None:
    form = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
    left, right = redacted(headers=form, body="a=1&b=2"), redacted(headers=form, body="a=1&b=3")
    assert told(compared(left, right)) == [("form field b", "b=2", "b=3", "")]


def test_equal_lines_in_two_cassettes_are_undecided_where_a_secret_stands() -> None:
    (found,) = compared(redacted(), redacted(), TWO)
    assert (found.part, found.place, found.weight) == (
        Part.CREDENTIALS,
        "Authorization",
        Weight.UNDECIDED,
    )


def test_names_of_one_header_are_one() -> None:
    pairs: HeaderPairs = (("Content-Type", ""), (" content-TYPE", ""))
    assert len({same_header(name) for name, _ in pairs}) == 1
