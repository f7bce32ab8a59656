from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model.exchange import Phase
from harness.model.wire import NOTHING
from harness.transport.wire_recorder import KEPT_LIMIT, Leg, WireRecorder, is_literal

HEAD = b"GET / HTTP/1.1\r\nA: 1\r\nb\r\nC:2\r\n\r\n"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


class Transport:
    """Answers what a transport tells of itself; `tls` stands for an SSL object."""

    def __init__(self, tls=None, peer=("::1", 443, 0, 0)) -> None:
        self.known = {"ssl_object": tls, "peername": peer, "sockname": None}

    def get_extra_info(self, name):
        return self.known[name]


class Tls:
    server_hostname = "203.0.113.7"

    def __init__(self, certificate: bytes | None) -> None:
        self.certificate = certificate

    def cipher(self):
        return None

    def version(self):
        return None

    def selected_alpn_protocol(self):
        return None

    def getpeercert(self, *, binary_form: bool):
        assert binary_form
        return self.certificate


def test_nothing_happened_yet():
    recorder = WireRecorder("GET")
    wire = recorder.freeze()
    assert (wire.sent, wire.received, wire.tunnel, wire.tries) == (NOTHING, NOTHING, None, 0)
    assert recorder.headers_sent == ()
    assert recorder.phase is Phase.NOT_SENT
    assert "kept" not in repr(wire) + repr(wire.sent)


def test_each_step_moves_the_phase_and_is_timed():
    recorder = WireRecorder("GET", Clock())
    recorder.resolving(of_proxy=False)
    assert recorder.phase is Phase.DNS
    recorder.resolved(asked=True)
    assert recorder.phase is Phase.CONNECT
    leg = recorder.connected()
    assert recorder.phase is Phase.TLS
    recorder.ready(Transport(Tls(None)))
    assert recorder.phase is Phase.SEND
    recorder.sent_head(leg, len(HEAD), tunnel=False)
    leg.sent.add(HEAD)
    assert recorder.phase is Phase.HEADERS
    recorder.received(leg, b"HTTP/1.1 200 OK\r\n\r\n")
    wire = recorder.freeze()
    times = wire.times
    assert (times.dns_seconds, times.connect_seconds, times.tls_seconds) == (0.25, 0.25, 0.25)
    assert times.first_byte_seconds == 0.25
    assert (wire.peer, wire.local) == ("[::1]:443", None)
    assert recorder.headers_sent == (("A", "1"), ("C", "2"))
    assert (wire.sent.head_bytes, wire.received.head) == (HEAD, 19)


def test_what_tls_does_not_tell_is_not_made_up():
    for certificate in (None, b"no certificate"):
        recorder = WireRecorder("GET")
        recorder.connected()
        recorder.ready(Transport(Tls(certificate), None))
        facts = recorder.freeze().tls
        assert facts is not None
        assert (facts.version, facts.cipher, facts.sni, facts.issuer) == (None, None, None, None)
        assert recorder.freeze().peer is None


def test_the_last_of_several_tries_is_shown_and_all_are_counted():
    recorder = WireRecorder("GET")
    for body in (b"1", b"2"):
        leg = recorder.connected()
        recorder.sent_head(leg, len(HEAD), tunnel=False)
        leg.sent.add(HEAD + body)
    wire = recorder.freeze()
    assert (wire.tries, wire.sent.body_bytes) == (2, b"2")


def test_what_is_kept_is_bounded_and_what_passed_counted():
    recorder = WireRecorder("GET")
    leg = recorder.connected()
    recorder.sent_head(leg, len(HEAD), tunnel=False)
    leg.sent.add(HEAD)
    for _ in range(40):
        recorder.received(leg, b"x" * 65536)
        leg.sent.add(b"x" * 65536)
    wire = recorder.freeze()
    assert (len(wire.received.kept), wire.received.total) == (KEPT_LIMIT, 40 * 65536)
    assert (len(wire.sent.kept), wire.sent.total) == (KEPT_LIMIT, len(HEAD) + 40 * 65536)


def test_addresses_are_told_from_names():
    assert [is_literal(host) for host in ("127.0.0.1", "::1", "a.test", "1.test")] == [
        True,
        True,
        False,
        False,
    ]


PIECES = [
    *(b"\r\n", b"\n", b"HTTP/2", b"A: b\r\n", b"Transfer-Encoding: chunked\r\n", b"\r\n1\r\nx\r\n"),
    *(b"HTTP/1.1 103 Hints\r\n\r\n", b"HTTP/1.1 101 Go\r\n\r\n", b"HTTP/1.1 200 OK\r\n"),
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join))
def test_a_head_alone_is_the_one_of_the_whole_answer(data):
    leg = Leg()
    leg.received.add(data)
    assert leg.head() == leg.answer("").head
