from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from redaction.samples import BASE62, made_up, secret

from harness.leak_scan.known_secrets import KnownSecrets

KEY, OTHER = made_up(1), made_up(2, 40, BASE62, "")


def seen(known: KnownSecrets, octets: bytes) -> list[tuple[int, str, int]]:
    return [(one.owner.number, one.spelling, one.start) for one in known.sightings(octets)]


def test_each_secret_is_seen_with_its_form_and_place() -> None:
    known = KnownSecrets.of([secret(KEY), secret(OTHER)])
    text = b"a " + OTHER.upper().encode() + b" b " + KEY[::-1].encode()
    assert sorted(seen(known, text)) == [(1, "reversed", 45), (2, "raw", 2)]


@given(st.text(BASE62, min_size=8, max_size=12), st.binary(max_size=11), st.binary(max_size=11))
def test_a_secret_is_seen_at_every_place(value: str, before: bytes, after: bytes) -> None:
    known = KnownSecrets.of([secret("x" + value + "y9z")])
    text = before + b"x" + value.encode() + b"y9z" + after
    assert (1, "raw", text.lower().find(f"x{value}y9z".lower().encode())) in seen(known, text)


def test_a_piece_is_told_when_the_whole_is_not_there() -> None:
    known = KnownSecrets.of([secret("sk-q7w8e9r1t2y3u4i5")])
    assert seen(known, b"... e9r1t2y3 ...") == [(1, "a piece of it", 4)]
    assert [form for _, form, _ in seen(known, b"sk-q7w8e9r1t2y3u4i5")] == ["raw"]
    assert seen(known, b"... e9r1t2y ...") == []


def test_many_secrets_are_told_apart() -> None:
    values = [made_up(number) for number in range(100)]
    known = KnownSecrets.of(map(secret, values))
    assert seen(known, values[41].encode()) == [(42, "raw", 0)]


def test_secrets_are_learned_once_and_counted() -> None:
    known = KnownSecrets.of([secret(KEY), secret("short")])
    known.learn([secret(KEY), secret(OTHER)])
    assert [owner.number for owner in known.owners] == [1, 2, 3]
    assert [owner.unsearchable for owner in known.owners] == ["", "shorter than 8 characters", ""]
    assert [owner.number for owner in known.searchable] == [1, 3]
    assert (known.owners[0].forms, known.owners[1].forms) == (8, 0)
    assert repr(known) == "<KnownSecrets 3>"


def test_nothing_is_seen_without_secrets_or_text() -> None:
    assert seen(KnownSecrets(), KEY.encode()) == []
    assert seen(KnownSecrets.of([secret(KEY)]), b"short") == []


def test_masked_ends_are_told() -> None:
    known = KnownSecrets.of([secret(KEY)])
    told = [(one.spelling, one.start) for one in known.echoes(b"your key ****" + KEY[-4:].encode())]
    assert told == [("its last four characters", 9)]
