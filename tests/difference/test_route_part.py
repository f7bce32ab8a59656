import dataclasses

from difference.samples import ONE, TLS, WIRE, aside, redacted, told

from harness.difference.difference import Difference
from harness.difference.route_part import compare_routes
from harness.difference.volatile import (
    OF_THE_PROXY,
    ONE_RECORD,
    OWN_PORT,
    PROXY_REASON,
    RENEWAL,
    THROW_AWAY,
)
from harness.model.wire import RedactedMessage, RedactedTunnel, RedactedWire, TlsFacts

CONNECT = "CONNECT api.deepseek.com:443 HTTP/1.1"


def wire(**changes: object) -> RedactedWire:
    return dataclasses.replace(WIRE, **changes)  # type: ignore[arg-type]


def tls(**changes: object) -> RedactedWire:
    return wire(tls=dataclasses.replace(TLS, **changes))  # type: ignore[arg-type]


def tunnel(*sent: str, answer: tuple[str, ...] = ("HTTP/1.1 200 OK",)) -> RedactedTunnel:
    return RedactedTunnel(RedactedMessage(lines=(CONNECT, *sent)), RedactedMessage(lines=answer))


def wires(left: RedactedWire | None, right: RedactedWire | None) -> list[Difference]:
    return list(compare_routes(redacted(wire=left), redacted(wire=right), ONE))


def test_a_route_does_not_differ_from_itself() -> None:
    assert wires(WIRE, WIRE) == []
    assert wires(wire(tunnel=tunnel("A: 1")), wire(tunnel=tunnel("A: 1"))) == []


def test_proxies_count_and_why_they_were_chosen_does_not() -> None:
    left = redacted(proxy="http://127.0.0.1:3128", proxy_why="https_proxy")
    right = redacted(proxy="http://RDX~s9.host.L9~:3128", proxy_why="HTTPS_PROXY")
    found = list(compare_routes(left, right, ONE))
    assert [place for place, *_ in told(found)] == ["proxy"]
    assert aside(found) == {"reason for the proxy": PROXY_REASON}


def test_a_tunnel_follows_from_the_proxy() -> None:
    left = redacted(wire=WIRE)
    right = redacted(wire=wire(tunnel=tunnel()), proxy="http://127.0.0.1:3128")
    found = list(compare_routes(left, right, ONE))
    assert [place for place, *_ in told(found)] == ["proxy"]
    assert aside(found) == {"tunnel": OF_THE_PROXY}
    both = [redacted(wire=one, proxy="http://127.0.0.1:1") for one in (WIRE, right.wire)]
    assert told(compare_routes(*both, ONE)) == [("tunnel", None, CONNECT, "")]


def test_tunnels_are_compared_by_header() -> None:
    left, right = wire(tunnel=tunnel("A: 1")), wire(tunnel=tunnel("A: 2"))
    assert told(wires(left, right)) == [("A", "A: 1", "A: 2", "")]
    refused = wire(tunnel=tunnel("A: 1", answer=("HTTP/1.1 407 No", "Server: squid")))
    assert told(wires(left, refused)) == [
        ("answer to CONNECT", "HTTP/1.1 200 OK", "HTTP/1.1 407 No", "")
    ]
    dated = [wire(tunnel=tunnel(answer=("HTTP/1.1 200 OK", f"Date: {one}"))) for one in "ab"]
    assert list(aside(wires(*dated))) == ["Date"]


def test_an_address_counts_and_a_port_does_not() -> None:
    found = wires(WIRE, wire(peer="198.51.100.7:8443", local="[::1]:9"))
    assert told(found) == [
        ("address of the peer", "192.0.2.1", "198.51.100.7", ""),
        ("address of the own side", "127.0.0.1", "[::1]", ""),
    ]
    assert aside(found) == {"port of the peer": OWN_PORT, "port of the own side": OWN_PORT}
    assert wires(WIRE, wire(peer=None, local=None)) == []


def test_requests_that_left_are_counted() -> None:
    assert told(wires(WIRE, wire(tries=2))) == [("requests that left", "1", "2", "")]


def test_what_tls_agreed_on_counts() -> None:
    found = wires(WIRE, tls(version="TLSv1.2", cipher="X", alpn="h2", sni=None, issuer="CN=Proxy"))
    assert [place for place, *_ in told(found)] == [
        "TLS version",
        "TLS cipher",
        "TLS protocol (ALPN)",
        "TLS server name (SNI)",
        "issuer of the certificate",
    ]
    assert told(wires(WIRE, wire(tls=None))) == [("TLS", "in use", None, "")]
    assert wires(wire(tls=None), wire(tls=None)) == []


def test_tls_is_not_compared_with_nothing_sent() -> None:
    unsent = wire(tls=None, sent=RedactedMessage(), tries=1)
    assert wires(WIRE, unsent) == []


def test_certificates_are_renewed_and_the_lab_makes_its_own() -> None:
    assert aside(wires(tls(not_after_utc=1.0), tls(not_after_utc=2.0))) == {
        "end of the certificate": RENEWAL
    }
    left, right = (
        wire(tls=TlsFacts(issuer=f"OU=Testing CA #{made},O=trustme v1", subject="CN=A"))
        for made in ("abc", "xyz")
    )
    assert aside(wires(left, right)) == {"issuer of the certificate": THROW_AWAY}


def test_a_record_of_one_side_alone_is_not_compared() -> None:
    for sides in ((WIRE, None), (None, WIRE)):
        assert aside(wires(*sides)) == {"record of the bytes": ONE_RECORD}
