from __future__ import annotations

from support.made_keys import made_key
from support.recordings import Recording

from harness.redaction.placeholder import Placeholder, parse_placeholder
from harness.replay_match.bindings import Chosen, KeyBindings
from harness.replay_match.index import Group
from harness.replay_match.live import Held


def shape(facts: str) -> Placeholder:
    found = parse_placeholder(f"RDX~x1.{facts}~")
    assert found is not None
    return found


def group_of(*keys: str, twice: bool = False) -> Group:
    recording = Recording()
    for key in keys:
        headers = [("Authorization", f"Bearer {key}")]
        headers += [("X-Api-Key", key)] if twice else []
        recording.add(headers=headers, keys={"key": key})
    (route,) = recording.index().routes.values()
    (group,) = route.groups.values()
    return group


def live(digest: bytes, facts: str = "sk.L35.Cb62") -> Held:
    return Held(shape(facts), digest=digest)


def take(keys: KeyBindings, group: Group, *held: Held) -> tuple[str, ...] | None:
    chosen = keys.choose(group, held)
    if chosen is None:
        return None
    keys.bind(chosen.bound)
    return chosen.ids


def test_the_first_value_that_fits_stands_for_the_key_and_no_other_does():
    group, keys = group_of(made_key(1), made_key(2)), KeyBindings()
    assert take(keys, group, live(b"a")) == ("s1",)
    assert take(keys, group, live(b"b")) == ("s2",)
    assert take(keys, group, live(b"c")) is None
    assert take(keys, group, live(b"a")) == ("s1",)
    assert keys.known(live(b"b")) == "s2"
    assert keys.known(live(b"c")) is None
    assert keys.is_taken("s1")
    assert not keys.is_taken("s3")


def test_choosing_binds_nothing_by_itself():
    group, keys = group_of(made_key(1)), KeyBindings()
    assert keys.choose(group, (live(b"a"),)) == Chosen(("s1",), {b"a": "s1"})
    assert take(keys, group, live(b"b")) == ("s1",)


def test_another_form_is_another_key():
    group, keys = group_of(made_key(1), made_key(2) + '"'), KeyBindings()
    assert take(keys, group, live(b"a", "sk.L36.Cb62.wtdq1")) == ("s2",)
    assert take(keys, group, live(b"b", "sk.L36.Cb62")) is None
    assert take(keys, group, live(b"b")) == ("s1",)


def test_a_named_key_needs_no_binding():
    group, keys = group_of(made_key(1), made_key(2)), KeyBindings()
    named = Held(shape("sk"), id="s2")
    assert take(keys, group, named) == ("s2",)
    assert take(keys, group, Held(shape("sk"), id="?")) is None
    assert not keys.is_taken("s2")


def test_what_is_equal_in_the_recording_is_equal_in_the_request():
    group, keys = group_of(made_key(1), made_key(2), twice=True), KeyBindings()
    assert take(keys, group, live(b"a"), live(b"b")) is None
    assert take(keys, group, live(b"a"), live(b"a")) == ("s1", "s1")
    assert take(keys, group, live(b"b"), live(b"a")) is None
    assert take(keys, group, Held(shape("sk"), id="s2"), live(b"b")) == ("s2", "s2")


def test_a_fresh_token_may_stand_for_one_that_is_taken():
    group, keys = group_of(f"eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 20}"), KeyBindings()
    token = "jwt.L80.Cascii"
    assert take(keys, group, live(b"a", token)) == ("s1",)
    assert take(keys, group, live(b"b", token)) == ("s1",)
    assert keys.known(live(b"b")) is None


def test_of_a_value_without_identity_the_form_counts():
    group, keys = group_of(made_key(1)), KeyBindings()
    assert take(keys, group, Held(shape("sk.L35.Cb62"))) == ("s1",)
    assert take(keys, group, Held(shape("sk.L36.Cb62"))) is None


def test_keys_that_are_taken_are_not_tried_again():
    group, keys = group_of(*map(made_key, range(50))), KeyBindings()
    for number in range(50):
        assert take(keys, group, live(b"%d" % number)) == (f"s{number + 1}",)
    assert take(keys, group, live(b"more")) is None
    assert set(keys._starts.values()) == {50}
