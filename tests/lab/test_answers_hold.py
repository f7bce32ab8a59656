"""Whatever a client sends, every provider and proxy has an answer that can be sent."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab.wire import noon

from harness.lab.certificates import Certificates
from harness.lab.connection import Tunnel
from harness.lab.http_message import Answer, Request
from harness.lab.limits import Limits
from harness.lab.origin import Origin
from harness.lab.providers.deepseek import WORDINGS, DeepSeekGateway
from harness.lab.providers.http_basic import HttpBasic
from harness.lab.providers.http_bearer import HttpBearer
from harness.lab.providers.jwt_verifier import JwtVerifier
from harness.lab.proxy import ForwardProxy
from harness.lab.redirects import Redirects
from harness.model.scenario import LabKeyKind, LabProxy, LabRedirect

RULES = (LabRedirect("http://a.example", "https://a.example"),)
REGISTERED = (("k" * 64, LabKeyKind.GOOD),)


def standing(key: str) -> LabKeyKind:
    return dict(REGISTERED).get(key, LabKeyKind.UNKNOWN)


PROVIDERS = (
    *(
        DeepSeekGateway(standing, wording=wording, random=Random(1), now=noon)
        for wording in WORDINGS
    ),
    HttpBearer(standing, now=noon),
    HttpBasic(standing, now=noon),
    JwtVerifier(lambda: REGISTERED, leeway_seconds=1, now=noon),
)

wire_bytes = st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
values = st.builds(
    str.__add__, st.sampled_from(["", "Bearer ", "Basic ", "bearer k" + "k" * 63]), wire_bytes
)
names = st.sampled_from(
    ["Host", "Authorization", "x-api-key", "Proxy-Authorization", "Connection", "X_y", "é"]
)
targets = st.builds(
    str.__add__,
    st.sampled_from(["/", "", "*", "http://a.example", "/chat/completions", "/anthropic/v1/"]),
    # The reader lets no control character or space through to here.
    wire_bytes.map(lambda text: "".join(x for x in text if x > " " and x != "\x7f")),
)
requests = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "HEAD", "CONNECT", "OPTIONS"]),
    target=targets,
    minor_version=st.sampled_from([0, 1]),
    headers=st.lists(st.tuples(names, values), max_size=4).map(
        lambda pairs: (("Host", "a.example"), *pairs)
    ),
    body=st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b'{"messages":[],"model":"\\ud800"}', b"[" * 9000, b"1" * 5000]),
    ),
    scheme=st.sampled_from(["http", "https"]),
)


def origin(number: int) -> Origin:
    redirects = Redirects(RULES, server="s", now=noon)
    return Origin(PROVIDERS[number], redirects, now=noon)


def dated(answer: Answer) -> bool:
    return "Date" in dict(answer.headers)


@pytest.mark.parametrize("number", range(len(PROVIDERS)))
@given(asked=requests)
def test_every_provider_has_an_answer(number: int, asked: Request) -> None:
    answer = origin(number).respond(asked)
    raw = answer.to_bytes(method=asked.method, closes=True)
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert dated(answer)
    assert len(head.split(b"\n")) == len(answer.headers) + 2


@pytest.mark.parametrize("kind", [kind for kind in LabProxy if kind is not LabProxy.DEAD])
@given(asked=requests)
def test_every_proxy_has_an_answer_or_a_tunnel(kind: LabProxy, asked: Request) -> None:
    proxy = ForwardProxy(
        kind=kind,
        origin=origin(0).respond,
        is_good=lambda key: standing(key) is LabKeyKind.GOOD,
        stranger=lambda: "stranger",
        certificates=Certificates(),
        now=noon,
        limits=Limits(),
    )
    reply = proxy.respond(asked)
    assert isinstance(reply, Tunnel) or dated(reply)
