"""The record of the bytes in a line: read back exactly, referenced where it can be."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cassette_format.fields import Fields
from harness.cassette_format.flow_json import dump_flow, load_flow
from harness.cassette_format.wire import read_wire, write_wire
from harness.errors import CassetteError, Place
from harness.model.request import HeaderPairs
from harness.model.wire import (
    BodyForm,
    RedactedMessage,
    RedactedTunnel,
    RedactedWire,
    SocksAsk,
    SocksFacts,
    TlsFacts,
    WireTimes,
)

HERE = Place("a.yaml", 3, 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BYTES = st.binary(max_size=20).map(lambda data: data.decode("utf-8", "surrogateescape"))
LINE = TEXT | BYTES
SECONDS = st.none() | st.floats(0, 1e6)
MESSAGES = st.builds(
    RedactedMessage,
    lines=st.lists(LINE, max_size=4).map(tuple),
    total_bytes=st.integers(0, 10**9),
    line_end=st.sampled_from(["\r\n", "\n"]),
    interim=st.lists(LINE, max_size=3).map(tuple),
    body_form=st.sampled_from(BodyForm),
    body=LINE,
    chunks=st.lists(st.integers(0, 99), max_size=3).map(tuple),
)
WIRES = st.builds(
    RedactedWire,
    sent=MESSAGES,
    received=MESSAGES,
    tunnel=st.none() | st.builds(RedactedTunnel, MESSAGES, MESSAGES),
    peer=st.none() | TEXT,
    local=st.none() | TEXT,
    tls=st.none() | st.builds(TlsFacts, *[st.none() | TEXT] * 6, st.none() | st.floats(0, 1e10)),
    times=st.builds(WireTimes, SECONDS, SECONDS, SECONDS, SECONDS, SECONDS),
    tries=st.integers(0, 3),
    proxy_tls=st.none() | st.builds(TlsFacts, *[st.none() | TEXT] * 6, st.none() | SECONDS),
    socks=st.none()
    | st.builds(
        SocksFacts,
        st.sampled_from(SocksAsk),
        st.lists(st.integers(0, 255), max_size=3).map(tuple),
        *[st.none() | st.integers(0, 255)] * 3,
    ),
)
PAIRS = st.lists(st.tuples(LINE, LINE), max_size=3).map(tuple)


def passed_through(wire: RedactedWire, sent: HeaderPairs = (), received: HeaderPairs = ()):
    text = dump_flow(write_wire(wire, sent, received))
    assert text.isascii()
    yaml.safe_load(text)
    return read_wire(Fields.of(load_flow(text, HERE), HERE), sent, received)


@settings(max_examples=150, deadline=None)
@given(WIRES, PAIRS, PAIRS)
def test_any_record_is_read_back(wire, sent, received):
    assert passed_through(wire, sent, received) == wire


def test_lines_that_are_the_headers_are_not_repeated():
    sent = (("Host", "h"), ("a", "1"), ("A", "2"))
    message = RedactedMessage(("GET / HTTP/1.1", "Host: h", "a: 1", "A: 2"), 9)
    wire = RedactedWire(sent=message)
    assert write_wire(wire, sent, ())["sent"] == {"total_bytes": 9, "start": "GET / HTTP/1.1"}
    assert passed_through(wire, sent) == wire
    other = RedactedWire(sent=RedactedMessage(("GET / HTTP/1.1", "Host:h"), 9))
    assert write_wire(other, (("Host", "h"),), ())["sent"]["lines"] == ["Host:h"]


def test_bytes_and_backslashes_are_told_apart():
    message = RedactedMessage(("S", "\udcff\\xff\\", "\\\udc80"))
    document = write_wire(RedactedWire(sent=message), (), ())
    assert document["sent"]["lines"] == ["\\xff\\\\xff\\\\", "\\\\\\x80"]
    assert passed_through(RedactedWire(sent=message)).sent == message


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["sent"], None, "sent is not a mapping"),
        (["sent", "total_bytes"], "9", "total_bytes is not a whole number"),
        (["sent", "start"], 1, "start is not a string"),
        (["sent", "lines"], {"a": 1}, "lines is not a list"),
        (["sent", "lines"], [1], "lines holds something that is not a string"),
        (["sent", "body"], "odd", "body is not a form of a body"),
        (["sent", "chunks"], {"a": 1}, "chunks is not a list"),
        (["sent", "chunks"], [True], "chunks holds something that is not a whole number"),
        (["times"], [], "times is not a mapping"),
        (["times", "dns_seconds"], "1", "dns_seconds is not a number"),
        (["tls"], [], "tls is not a mapping"),
        (["tls"], {"version": 1}, "version is not a string"),
        (["tunnel"], {}, "sent is missing"),
        (["tries"], True, "tries is not a whole number"),
        (["peer"], 1, "peer is not a string"),
    ],
)
def test_a_record_of_another_form_is_refused_by_its_place(path, value, fault):
    wire = RedactedWire(sent=RedactedMessage(("S",)))
    document = json.loads(json.dumps(write_wire(wire, (), ())))
    holder = document
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    with pytest.raises(CassetteError, match=fault):
        read_wire(Fields.of(document, HERE), (), ())
