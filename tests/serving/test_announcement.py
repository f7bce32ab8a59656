from __future__ import annotations

import shlex

from support.made_keys import made_key
from support.recordings import API, Recording

from harness.serving.announcement import announcement

KEY, OTHER = made_key(1), made_key(2) + '"'
PLACE = ("127.0.0.1", 8401)


def lines(recording: Recording, name: str = "a.yaml", place: tuple[str, int] = PLACE) -> list[str]:
    return list(announcement(recording.index(), name, place))


def test_where_the_server_is_which_keys_there_are_and_how_to_ask():
    recording = Recording()
    recording.add(
        method="POST",
        headers=[("Authorization", f"Bearer {KEY}"), ("Content-Type", "application/json")],
        keys={"key": KEY},
        body=b'{"a": "it\'s"}',
    )
    recording.bearer(OTHER)
    told = lines(recording)
    assert told[:6] == [
        "serving 2 exchanges of a.yaml",
        "at      http://127.0.0.1:8401",
        "origin  https://api.example",
        "        is http://127.0.0.1:8401",
        "key     s1: 35 characters, prefix class sk, letters and digits",
        "key     s2: 36 characters, prefix class sk, letters and digits, trailing double quote",
    ]
    assert shlex.split(told[6])[1:] == [
        "curl",
        "-i",
        "http://127.0.0.1:8401/v1/things",
        "-H",
        "Authorization: Bearer s1",
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"a": "it\'s"}',
    ]


def test_several_origins_are_prefixes():
    recording = Recording()
    recording.add(method="DELETE", headers=[("X-Other", "1")])
    recording.add(url="http://[::1]:80/x", body=b"x" * 500, method="PUT")
    told = lines(recording, place=("::1", 1))
    assert "        is http://[::1]:1/https/api.example" in told
    assert told[-1] == "try     curl -i 'http://[::1]:1/https/api.example/v1/things' -X DELETE"


def test_a_long_body_stays_out_and_long_lists_are_cut():
    recording = Recording()
    for number in range(12):
        recording.bearer(made_key(number), method="POST", body=b"x" * 500, url=f"{API}/{number}")
    told = lines(recording)
    assert sum(line.startswith("key ") for line in told) == 10
    assert told[-2] == "        and more"
    assert told[-1].endswith("-d @body")


def test_what_a_stranger_wrote_is_made_visible():
    recording = Recording()
    recording.add(url="https://a\x1b[31m.example/\u202e")
    told = "\n".join(lines(recording, "\x1b.yaml"))
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_an_empty_recording_has_no_example():
    assert lines(Recording())[0] == "serving 0 exchanges of a.yaml"
