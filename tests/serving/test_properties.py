"""Whatever a client sends, wherever its key stands: an answer, and no key in it."""

from __future__ import annotations

import base64
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st
from support.key_leaks import leaks
from support.made_keys import made_key
from support.recordings import API, Recording

from harness.replay_match.live import LiveRequest
from harness.replay_match.session import Session
from harness.serving.server import answer_to

GOOD, MINE = made_key("good"), made_key("mine")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def served() -> Session:
    recording = Recording()
    recording.bearer(GOOD)
    recording.bearer(GOOD + '"', 401)
    recording.add(url=f"{API}/bot{GOOD}/x?api_key={GOOD}&page=1", keys={"k": GOOD})
    body = f"client_secret={GOOD}&scope=a".encode()
    recording.add(url=f"{API}/token", method="POST", headers=[FORM], body=body, keys={"k": GOOD})
    recording.add(302, url="http://other.example/", answer_headers=(("Location", "/a"),))
    return recording.session()


FRAGMENTS = st.sampled_from(
    [
        *(MINE, f"Bearer {MINE}", MINE + '"', quote(MINE, safe=""), MINE[::-1], f"x{MINE}y"),
        base64.b64encode(f"me:{MINE}".encode()).decode(),
        *("RDX~s1~", "s1", "s2", "RDX~s1.sk.L35.Cb62~", "RDX~", "Basic ", "Bearer ", "Digest a="),
        *("/", "?", "&", "=", ";", "#", "%", "%2F", "\udcff", "é", "\0", "\n", " ", ",", "[", "{"),
        *("v1", "things", "bot", "token", "api_key", "page", "1", "https", "api.example", ":", "@"),
    ]
)
TEXT = st.lists(FRAGMENTS, max_size=6).map("".join)
NAMES = st.sampled_from(
    ["Authorization", "X-Api-Key", "Cookie", "Host", "X-Odd", "Content-Type", "x-flip401-exchange"]
)


@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "CONNECT", "X"]),
    target=st.one_of(
        TEXT.map("/".__add__), TEXT, st.sampled_from(["/v1/things", "/token", f"/bot{MINE}/x"])
    ),
    headers=st.lists(st.tuples(NAMES, TEXT), max_size=3),
    body=TEXT,
)
def test_whatever_is_sent_is_answered_without_the_key(method, target, headers, body):
    session = served()
    seen = []
    for _ in range(2):
        live = LiveRequest(
            method,
            session.index.target_of(target),
            tuple(headers),
            body.encode("utf-8", "surrogatepass"),
        )
        answer, told = answer_to(session, live)
        assert answer.status in {200, 302, 401, 404}
        seen += [("answer", repr(answer).encode()), ("told", repr(told).encode())]
    assert not leaks([MINE], seen)
