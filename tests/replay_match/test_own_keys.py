from __future__ import annotations

import base64

import pytest
from support.made_keys import made_key
from support.recordings import API, Recording

from harness.replay_match.own_keys import UNKNOWN, OwnKeys

KEY, PASSWORD = made_key("own"), made_key("pw", prefix="")
NOWHERE: frozenset[str] = frozenset()
WHOLE = "RDX~s1.sk.L35.Cb62~"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def keys() -> OwnKeys:
    recording = Recording()
    recording.bearer(KEY)
    recording.add(
        headers=[("Authorization", basic("me", PASSWORD))],
        keys={"password": PASSWORD},
        url=f"{API}/basic",
    )
    return OwnKeys(recording.exchanges)


def test_the_keys_are_those_of_the_requests(keys: OwnKeys):
    assert "s1" in keys
    assert "s99" not in keys
    assert str(keys.facts("s1")) == WHOLE
    assert (keys.id_of("s1"), keys.id_of(UNKNOWN), keys.id_of("s99")) == ("s1", None, None)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Bearer s1", f"Bearer {WHOLE}"),
        ("s1", WHOLE),
        ("Bearer RDX~s1~", f"Bearer {WHOLE}"),
        (f"Bearer {WHOLE}", f"Bearer {WHOLE}"),
        ("Bearer RDX~s1.t4~", "Bearer RDX~s1.t4~"),
        ("Bearer RDX~s77.sk.L35~", f"Bearer RDX~{UNKNOWN}.sk.L35~"),
        ("Bearer RDX~none.blob~", "Bearer RDX~none.blob~"),
        ("Bearer s99", "Bearer s99"),
        ("Bearer xs1", "Bearer xs1"),
        ("Bearer s1x", "Bearer s1x"),
    ],
)
def test_a_key_is_named_by_its_placeholder_or_its_short_name(keys: OwnKeys, sent: str, meant: str):
    assert keys.header("authorization", sent, NOWHERE) == meant


def test_a_short_name_counts_where_a_key_belongs(keys: OwnKeys):
    assert keys.header("X-Other", "s1", NOWHERE) == "s1"
    assert keys.header("X-Other", "s1", frozenset({"header x-other"})) == WHOLE
    assert keys.field("page", "s1", "query page", NOWHERE) == "s1"
    assert keys.field("page", "s1", "query page", frozenset({"query page"})) == WHOLE
    assert keys.field("api_key", "s1", "query api_key", NOWHERE) == WHOLE
    assert keys.field("page", "RDX~s1~", "query page", NOWHERE) == WHOLE


def test_basic_credentials_are_found_by_what_is_inside(keys: OwnKeys):
    recorded = keys.header("Authorization", basic("me", "s2"), NOWHERE)
    assert recorded == keys.header("Authorization", basic("me", "RDX~s2~"), NOWHERE)
    assert recorded.startswith("Basic RDX~s")
    assert ".basic." in recorded


@pytest.mark.parametrize(
    "sent", [basic("me", "s1"), basic("me", "other"), "Basic !!", "Basic /w=="]
)
def test_other_basic_credentials_stay(keys: OwnKeys, sent: str):
    assert keys.header("Authorization", sent, NOWHERE) == sent
