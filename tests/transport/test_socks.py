"""SOCKS5 as a dialogue (RFC 1928, RFC 1929), and over a real socket."""

import asyncio
import socket
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_keys import made_secret

from harness.model.exchange import PROXY_LOGIN, Phase
from harness.model.request import ProxyHop
from harness.model.secret import Provenance, Secret
from harness.model.wire import SocksAsk, SocksFacts
from harness.transport.socks import SocksError, Want, greet, open_socks

USER, PASSWORD = (
    Secret("user", Provenance("scenario", "proxy.username")),
    made_secret("socks password"),
)
OPEN = ProxyHop("socks5h://127.0.0.1:1080")
LOGIN = ProxyHop("socks5h://127.0.0.1:1080", USER, PASSWORD)
TARGET = ("api.example.com", 443)
ASK = b"\x05\x01\x00\x03\x0fapi.example.com\x01\xbb"
GRANTED = b"\x05\x00\x00\x01\x7f"


def spoken(proxy: ProxyHop, target: tuple[str, int], *answers: bytes) -> tuple[list[bytes], object]:
    """Hold the dialogue and return what was sent, and how it ended: facts or the error."""
    facts: list[SocksFacts] = []
    steps: Generator[Want, bytes, None] = greet(proxy, target, facts.append)
    sent: list[bytes] = []
    try:
        want = next(steps)
        for one in answers:
            sent.append(want.send)
            assert len(one) == want.read
            want = steps.send(one)
        sent.append(want.send)
    except StopIteration:
        return sent, facts[-1]
    except SocksError as error:
        return sent, (error, facts[-1] if facts else None)
    return sent, want


def test_without_a_login_the_proxy_is_told_the_name_of_the_host():
    sent, facts = spoken(OPEN, TARGET, b"\x05\x00", GRANTED, b"\0\0\x01\0\x50")
    assert sent == [b"\x05\x01\x00", ASK, b""]
    assert facts == SocksFacts(SocksAsk.NAME, (0,), 0, None, 0)


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("127.0.0.1", b"\x01\x7f\0\0\x01"),
        ("::1", b"\x04" + b"\0" * 15 + b"\x01"),
    ],
)
def test_an_address_is_told_as_one(host, written):
    sent, facts = spoken(OPEN, (host, 80), b"\x05\x00", GRANTED, b"\0\0\x01\0\x50")
    assert sent[1] == b"\x05\x01\x00" + written + b"\x00\x50"
    assert facts.asked is SocksAsk.ADDRESS


def test_a_login_is_sent_only_where_the_proxy_asks_for_it():
    answers = (b"\x05\x02", b"\x01\x00", GRANTED, b"\0\0\x01\0\x50")
    sent, facts = spoken(LOGIN, TARGET, *answers)
    value = PASSWORD.to_bytes()
    assert sent[0] == b"\x05\x02\x00\x02"
    assert sent[1] == b"\x01\x04user" + bytes([len(value)]) + value
    assert facts == SocksFacts(SocksAsk.NAME, (0, 2), 2, 0, 0)
    sent, facts = spoken(LOGIN, TARGET, b"\x05\x00", GRANTED, b"\0\0\x01\0\x50")
    assert not any(value in one for one in sent)
    assert facts.login is None


@pytest.mark.parametrize(
    ("granted", "rest"),
    [
        (b"\x05\x00\x00\x01\x7f", 5),
        (b"\x05\x00\x00\x04\x00", 17),
        (b"\x05\x00\x00\x03\x09", 11),
    ],
)
def test_the_address_that_the_proxy_connects_from_is_read_away_whole(granted, rest):
    _, facts = spoken(OPEN, TARGET, b"\x05\x00", granted, b"\0" * rest)
    assert facts.reply == 0


@pytest.mark.parametrize(
    ("proxy", "answers", "kind", "words"),
    [
        (OPEN, (b"\x05\xff",), PROXY_LOGIN, "wants a user name"),
        (LOGIN, (b"\x05\xff",), PROXY_LOGIN, "neither"),
        (LOGIN, (b"\x05\x02", b"\x01\x01"), PROXY_LOGIN, "refused the user name"),
        (OPEN, (b"\x05\x02",), "not-socks", "not offered"),
        (OPEN, (b"HT",), "not-socks", "not SOCKS5"),
        (OPEN, (b"\x05\x00", b"HTTP/"), "not-socks", "not SOCKS5"),
        (OPEN, (b"\x05\x00", b"\x05\x00\x00\x09\x00"), "not-socks", "not SOCKS5"),
        (OPEN, (b"\x05\x00", b"\x05\x02\x00\x01\x00"), "proxy-refused", "rules"),
        (OPEN, (b"\x05\x00", b"\x05\x05\x00\x01\x00"), "proxy-refused", "refused the connection"),
        (OPEN, (b"\x05\x00", b"\x05\x63\x00\x01\x00"), "proxy-refused", "reply 99"),
    ],
)
def test_a_refusal_says_at_which_step_it_came(proxy, answers, kind, words):
    _, (error, _) = spoken(proxy, TARGET, *answers)
    failure = error.failure
    assert (failure.phase, failure.kind) == (Phase.PROXY, kind)
    assert words in failure.message
    assert PASSWORD.reveal() not in failure.message


@pytest.mark.parametrize(
    ("proxy", "target"),
    [
        (
            ProxyHop("socks5://a:1", Secret("u" * 256, Provenance("scenario", "proxy.username"))),
            TARGET,
        ),
        (OPEN, ("a" * 256, 80)),
    ],
)
def test_what_has_no_room_is_not_sent(proxy, target):
    sent, (error, facts) = spoken(proxy, target)
    assert (sent, facts) == ([], None)
    assert (error.failure.phase, error.failure.kind) == (Phase.NOT_SENT, "too-long")


@given(st.lists(st.binary(max_size=20), max_size=6))
def test_whatever_a_proxy_says_ends_in_a_connection_or_an_error(answers):
    steps = greet(LOGIN, TARGET, lambda _: None)
    want = next(steps)
    try:
        for one in answers:
            want = steps.send(one[: want.read].ljust(want.read, b"\0"))
    except (StopIteration, SocksError):
        return
    assert want.read > 0


def opened(*answers: bytes) -> str:
    """Speak over a socket pair to a proxy that says these answers and hangs up."""

    async def main() -> str:
        near, far = socket.socketpair()
        with near, far:
            near.setblocking(False)  # noqa: FBT003 - the standard library's signature
            far.sendall(b"".join(answers))
            far.shutdown(socket.SHUT_WR)
            try:
                await open_socks(near, OPEN, TARGET, lambda _: None)
            except SocksError as error:
                return error.failure.kind
            return near.recv(100).decode()

    return asyncio.run(main())


def test_nothing_behind_the_answer_is_read_away():
    assert opened(b"\x05\x00", GRANTED, b"\0\0\x01\0\x50", b"hello") == "hello"


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((), "disconnected"),
        ((b"\x05",), "disconnected"),
        ((b"\x05\x00", b"\x05\x05"), "proxy-refused"),
        ((b"\x05\x00", b"\x05\x00"), "not-socks"),
        ((b"\x05\x00", GRANTED), "disconnected"),
    ],
)
def test_an_answer_cut_short_is_a_refusal_where_it_says_so(answers, kind):
    assert opened(*answers) == kind
