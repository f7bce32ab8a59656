"""A made-up key: new each time, in the style asked for, with a tail that is no word."""

import secrets

from harness.keys.canary import make_canary
from harness.keys.notes import notes_of
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import CanarySource
from harness.redaction.common_values import is_common


def test_a_canary_is_new_each_time_and_looks_like_a_key(tmp_path):
    reader = SystemKeyReader({}, tmp_path)
    made = {reader.read(CanarySource()).reveal() for _ in range(20)}
    assert len(made) == 20
    assert all(key.startswith("sk-") and len(key) == 35 for key in made)


def test_prefix_and_length_are_as_asked_for():
    key = make_canary(CanarySource("sk-ant-", 41), secrets.token_hex).reveal()
    assert key.startswith("sk-ant-")
    assert len(key) == len("sk-ant-") + 41
    assert len(make_canary(CanarySource("", 16), secrets.token_hex).reveal()) == 16


def test_a_tail_of_letters_or_of_digits_alone_is_made_again():
    given = iter(["0" * 32, "a" * 32, "0" * 30 + "a1"])
    secret = make_canary(CanarySource(), lambda _size: next(given))
    assert secret.reveal().endswith("00a1")


def test_a_canary_is_a_secret_like_any_other(tmp_path):
    source = CanarySource()
    secret = make_canary(source, secrets.token_hex)
    assert str(secret) == "<secret from canary made up for this run>"
    assert not is_common(secret.reveal())
    assert notes_of(source, secret, {}, tmp_path) == (
        "wrong on purpose: no server knows it, and no key is at risk",
    )
