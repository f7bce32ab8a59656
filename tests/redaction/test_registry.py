from __future__ import annotations

from redaction.samples import made_up, secret

from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
OTHER = made_up(2)


def test_ids_follow_the_order_and_equal_values_share_one() -> None:
    registry = SecretRegistry()
    assert [registry.add(secret(value)) for value in (KEY, OTHER, KEY)] == ["s1", "s2", "s1"]
    assert len(registry) == 2


def test_the_gate_is_given_credentials_only() -> None:
    registry = SecretRegistry()
    registry.add(secret(KEY))
    registry.note("application/x", "Some-Header")
    assert [one.reveal() for one in registry] == [KEY]


def test_a_value_first_hidden_at_its_place_keeps_its_id_when_it_turns_out_secret() -> None:
    registry = SecretRegistry()
    assert registry.note(KEY, "X-Header") == "s1"
    assert registry.add(secret(KEY)) == "s1"
    assert [one.reveal() for one in registry] == [KEY]


def test_what_is_found_in_a_cassette_is_numbered_apart() -> None:
    assert SecretRegistry("x").add(secret(KEY)) == "x1"


def test_the_version_grows_only_when_something_new_must_be_looked_for() -> None:
    registry = SecretRegistry()
    registry.note("a", "b")
    assert registry.version == 0
    registry.add(secret(KEY))
    registry.add(secret(KEY))
    assert registry.version == 1


def test_an_empty_and_a_short_value_have_ids_and_are_not_looked_for() -> None:
    registry = SecretRegistry()
    assert [registry.add(secret(value)) for value in ("", "null", "test")] == ["s1", "s2", "s3"]
    assert not registry.needles


def test_nothing_prints_a_value() -> None:
    registry = SecretRegistry()
    registry.add(secret(KEY))
    entry = registry.entry(KEY)
    needle = next(iter(registry.needles.values()))[0]
    endings = list(registry.tails.values())
    shown = f"{registry!r} {registry} {entry!r} {needle!r} {list(registry)!r} {endings!r}"
    assert KEY[3:11] not in shown
    assert KEY[-4:] not in shown
    assert "<SecretRegistry of 1>" in shown
