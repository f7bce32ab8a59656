from __future__ import annotations

from support.key_leaks import leaks
from support.made_keys import made_key
from support.recordings import PEPPER, Recording

from harness.replay_match.facts import Fact
from harness.replay_match.live import UNKNOWN_ID, Asked, Held, LiveRequest
from harness.replay_match.origin import split_url
from harness.replay_match.own_keys import OwnKeys

KEY, OTHER = made_key("live"), made_key("another")


def own_keys() -> OwnKeys:
    recording = Recording()
    recording.bearer(KEY)
    return OwnKeys(recording.exchanges)


def asked(
    *headers: tuple[str, str], target: str = "/x", body: bytes = b"", pepper: bytes = PEPPER
) -> Asked:
    live = LiveRequest("POST", split_url(target), headers, body)
    assert KEY not in repr(live)
    return Asked(live, own_keys(), frozenset({"body /secret"}), pepper)


def held(of: Asked, header: int = 0) -> Held:
    (one,) = Fact.of("", of.facts.headers[header][1]).held
    return of.hold(one)


def test_a_live_key_is_known_by_its_digest_only():
    told = asked(("Authorization", f"Bearer {OTHER}"), ("X-Api-Key", OTHER))
    one = held(told)
    assert one.id is None
    assert one.digest == held(told, 1).digest
    assert one.shape.length == "35"
    assert one.digest != held(asked(("Authorization", f"Bearer {OTHER}"), pepper=b"other")).digest
    assert one.digest != held(asked(("Authorization", f"Bearer {KEY}"))).digest


def test_nothing_that_is_shown_holds_the_key():
    body = f'{{"k": "{OTHER}"}}'.encode()
    target = f"/p/{OTHER}?q={OTHER}&plain=1"
    told = asked(("Authorization", f"Bearer {OTHER}"), target=target, body=body)
    seen = repr((told, told.facts.headers, told.facts.target.spelling, told.whole.body))
    assert not leaks([OTHER], [("facts", seen.encode())])
    assert told.facts.body == ""


def test_a_named_key_is_the_cassettes():
    assert held(asked(("Authorization", "Bearer s1"))).id == "s1"
    assert held(asked(("Authorization", "Bearer RDX~s1~"))).id == "s1"
    assert held(asked(("Authorization", "Bearer RDX~s9~"))).id == UNKNOWN_ID
    assert held(asked(("Authorization", "Bearer RDX~none.blob~"))) == Held(
        Fact.of("", "RDX~none.blob~").held[0]
    )


def test_what_is_found_in_the_request_never_meets_an_id_of_the_cassette():
    told = asked(("Authorization", "Bearer RDX~s1~"), ("X-Api-Key", OTHER))
    assert (held(told).id, held(told, 1).id) == ("s1", None)


def test_a_guessable_value_has_its_exact_form():
    assert held(asked(("Authorization", "Bearer " + "k" * 20))).shape.length == "20"


def test_what_must_be_a_secret_is_one():
    live = LiveRequest("GET", split_url(f"/bot{OTHER}/x"), ())
    told = Asked(live, own_keys(), frozenset(), PEPPER, [OTHER])
    (one,) = told.facts.path.held
    assert told.hold(one).shape.length == "35"
    assert told.facts.path.texts == ("/bot", "/x")


def test_part_of_a_key_is_known_as_part():
    whole, piece = "sk-a1b2c3d4e5f6g7h8i9j0", "c3d4e5f6g7h8i9"
    told = asked(("Authorization", f"Bearer {whole}"), target=f"/p/{piece}")
    (one,) = told.facts.path.held
    assert told.hold(one).shape.part
    assert told.hold(one).digest == held(told).digest


def test_the_body_is_read_with_the_keys_that_it_names():
    form = ("Content-Type", "application/x-www-form-urlencoded")
    whole = asked(form, body=b"secret=s1&other=s1&t=RDX~s1~").whole
    ids = [one.id for one in Fact.of("", whole.body).held]
    assert ids[0] == "s1"
    assert ids[-1] == "s1"
    assert len(ids) == 3
    assert asked(body=b'{"k":"RDX~s1~"}').whole.body.startswith('{"k":"RDX~s1.sk.')
    binary = asked(body=b"\xff\x00")
    assert binary.raw_body is None
    assert binary.whole.body.startswith("RDX~none.blob")
    empty = asked()
    assert empty.whole is empty.facts
