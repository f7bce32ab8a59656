"""Properties of whole comparisons, over exchanges of any content."""

import dataclasses
import json
from collections import Counter

from difference.samples import WIRE, mirrored, plain, redacted
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.compare import compare
from harness.difference.difference import Comparison, Kind, Weight
from harness.model.exchange import (
    ExchangeKey,
    Failure,
    Phase,
    RedactedExchange,
    RedactedResponse,
    Timing,
    TokenFacts,
)
from harness.model.wire import RedactedMessage, RedactedTunnel, RedactedWire, TlsFacts
from harness.redaction.placeholder import Placeholder

SECRETS = st.builds(
    Placeholder,
    id=st.sampled_from(["s1", "s2", "x1", "none"]),
    kind=st.sampled_from(["", "sk", "sig", "pw"]),
    length=st.sampled_from(["", "35", "36", "8-11"]),
    edges=st.sampled_from([(), ("tlf1",)]),
).map(str)
WORDS = st.sampled_from(["", "a", "B", "Bearer ", "401", "1795000000", " ", "\n", "/", "é\x1b[31m"])
TEXT = st.lists(WORDS | SECRETS, max_size=3).map("".join)
NAMES = st.sampled_from(["Authorization", "authorization", "Date", "Host", "X-Api-Key", "a b"])
PAIRS = st.lists(st.tuples(NAMES, TEXT), max_size=4).map(tuple)
JSON_BODIES = st.recursive(
    st.none() | st.integers(0, 2) | SECRETS,
    lambda inner: (
        st.dictionaries(st.sampled_from(["id", "choices", "a"]), inner, max_size=2)
        | st.lists(inner, max_size=2)
    ),
    max_leaves=4,
).map(json.dumps)
BODIES = TEXT | JSON_BODIES
MESSAGES = st.builds(
    RedactedMessage,
    lines=st.lists(TEXT | st.sampled_from(["GET / HTTP/1.1", "A: 1"]), max_size=3).map(tuple),
    total_bytes=st.integers(0, 3),
    line_end=st.sampled_from(["\r\n", "\n"]),
)
OPTIONAL = st.none() | TEXT
WIRES = st.builds(
    RedactedWire,
    sent=MESSAGES,
    received=MESSAGES,
    tunnel=st.none() | st.builds(RedactedTunnel, MESSAGES, MESSAGES),
    peer=OPTIONAL,
    local=OPTIONAL,
    tls=st.none() | st.builds(TlsFacts, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL),
    tries=st.integers(0, 2),
)
RESPONSES = st.builds(
    RedactedResponse,
    status=st.sampled_from([200, 401]),
    reason=TEXT,
    headers=PAIRS,
    body=BODIES,
    body_truncated=st.booleans(),
    from_proxy=st.booleans(),
)
FIELDS = {
    "key": st.builds(ExchangeKey, st.sampled_from(["baseline", "key=b"])),
    "sequence": st.integers(1, 3),
    "method": TEXT,
    "url": TEXT | st.sampled_from(["https://a.example/v1?a=1&b=2", "http://a.example/v2?b=2&a=1"]),
    "headers": PAIRS,
    "headers_sent": PAIRS,
    "body": BODIES,
    "proxy": OPTIONAL,
    "proxy_why": TEXT,
    "timing": st.builds(
        Timing, st.sampled_from([0.0, 1_795_000_000.0]), st.floats(0, 9), st.floats(0, 1)
    ),
    "response": st.none() | RESPONSES,
    "failure": st.none() | st.builds(Failure, st.sampled_from(Phase), TEXT, TEXT),
    "secret_ids": st.dictionaries(
        st.sampled_from(["key", "oauth2.access_token"]), st.sampled_from(["s1", "s2"])
    ),
    "tokens": st.lists(st.builds(TokenFacts, st.sampled_from(["s1", "s2"]), TEXT), max_size=2).map(
        tuple
    ),
    "wire": st.none() | WIRES,
}
EXCHANGES = st.fixed_dictionaries({}, optional=FIELDS).map(lambda changes: redacted(**changes))


@given(EXCHANGES)
def test_an_exchange_does_not_differ_from_its_equal(made: RedactedExchange) -> None:
    """But for secrets without an id, of which nobody knows."""
    found = compare(made, dataclasses.replace(made), one_cassette=True)
    assert found.differences == ()
    assert all("RDX~none" in (one.left or "") for one in found.all)


@given(EXCHANGES)
def test_an_exchange_is_the_same_as_itself(made: RedactedExchange) -> None:
    assert compare(made, made, one_cassette=True).all == ()


@given(EXCHANGES)
def test_a_copy_in_another_cassette_is_never_told_to_differ(made: RedactedExchange) -> None:
    found = compare(made, dataclasses.replace(made), one_cassette=False)
    assert found.differences == ()
    assert all("RDX~" in (one.left or "") for one in found.all)


def without_lines(comparison: Comparison) -> Counter[tuple[object, ...]]:
    """Texts are aligned line by line, and that may be done in several ways."""
    return Counter(
        plain(one) for one in comparison.all if not one.place.startswith(("line ", "header line"))
    )


@given(EXCHANGES, EXCHANGES, st.booleans())
def test_sides_can_be_exchanged(
    left: RedactedExchange,
    right: RedactedExchange,
    one_cassette: bool,  # noqa: FBT001
) -> None:
    one = compare(left, right, one_cassette=one_cassette)
    other = compare(right, left, one_cassette=one_cassette)
    assert without_lines(one) == Counter(
        mirrored(found)
        for found in other.all
        if not found.place.startswith(("line ", "header line"))
    )
    assert bool(one.differences) is bool(other.differences)


@given(EXCHANGES, EXCHANGES, st.booleans())
def test_every_difference_shows_two_things(
    left: RedactedExchange,
    right: RedactedExchange,
    one_cassette: bool,  # noqa: FBT001
) -> None:
    for found in compare(left, right, one_cassette=one_cassette).all:
        assert found.place
        assert (found.left is None) == (found.kind is Kind.ONLY_B)
        assert (found.right is None) == (found.kind is Kind.ONLY_A)
        assert found.weight is not Weight.SET_ASIDE or found.words
        assert found.left != found.right or found.weight is not Weight.DIFFERS or found.words


def test_relations_reach_the_words_of_keys_and_headers() -> None:
    headers = (("Authorization", "Bearer RDX~s2.sk.L36.Chex.wtlf1~"),)
    right = redacted(headers=headers, headers_sent=headers, secret_ids={"key": "s2"})
    found = compare(redacted(), right, one_cassette=True, relations={("s2", "s1"): "s2 = s1 + LF"})
    assert [one.words.partition(",")[0] for one in found.differences][:2] == ["s2 = s1 + LF"] * 2


def test_nothing_of_an_exchange_is_left_out() -> None:
    """A field that is added to an exchange must be compared, or be named here with a reason."""
    # The seal proves the redaction; relations are of the whole file, and come as such.
    compared = {*FIELDS, "seal", "relations"}
    assert {field.name for field in dataclasses.fields(RedactedExchange)} == compared
    changed = {
        "sequence": 99,
        "method": "PATCH",
        "url": "https://b.example/",
        "headers_sent": (("B", "1"),),
        "body": "other",
        "proxy": "http://127.0.0.1:1",
        "proxy_why": "because",
        "timing": Timing(9.0, 9.0, 9.0),
        "response": None,
        "failure": Failure(Phase.DNS, "kind", "message"),
        "secret_ids": {"key": "s2"},
        "tokens": (TokenFacts("s2", "HS256"),),
        "wire": WIRE,
    }
    for name, value in changed.items():
        assert compare(redacted(), redacted(**{name: value}), one_cassette=True).all, name
    unsent = [redacted(headers=headers, headers_sent=()) for headers in ((), (("A", "1"),))]
    assert compare(*unsent, one_cassette=True).differences
