from __future__ import annotations

import pytest

from harness.errors import ScenarioError
from harness.strict_yaml.source_text import read_source
from harness.strict_yaml.yaml_rules import SCENARIO

HIDDEN = "a character that does not show"


def fault_places(data: bytes) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_source(data, "x.yaml")
    return [f"{fault.place} {fault.message}" for fault in caught.value.faults]


def test_a_readable_file_is_text_in_lines() -> None:
    source = read_source("a: é\r\nb: \U0001f600\t\n".encode(), "x.yaml")
    assert source.lines == ("a: é", "b: \U0001f600\t", "")
    assert source.line(1) == "a: é"
    assert source.line(0) == source.line(9) == ""


def test_the_size_is_limited() -> None:
    assert read_source(b"#" * SCENARIO.max_bytes, "x.yaml")
    assert fault_places(b"#" * (SCENARIO.max_bytes + 1)) == ["x.yaml:1:1 is larger than 1024 KiB"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xef\xbb\xbfa: 1", "x.yaml:1:1 starts with a byte order mark (U+FEFF)"),
        (b"\xff\xfea\x00", "x.yaml:1:1 is UTF-16"),
        (b"\xfe\xff\x00a", "x.yaml:1:1 is UTF-16"),
        ("é\né".encode() + b"\xff", "x.yaml:2:2 byte 0xff is not UTF-8"),
        (b"\xc3", "x.yaml:1:1 byte 0xc3 is not UTF-8"),
        (b"a\n b\x00", f"x.yaml:2:3 {HIDDEN} (U+0000) stands in the file"),
        (b"a\rb", "x.yaml:1:2 a carriage return (U+000D) stands in the file"),
        ("\x85".encode(), "x.yaml:1:1 a character that does not show (U+0085) stands in the file"),
        (
            "a\u2028".encode(),
            "x.yaml:1:2 a character that does not show (U+2028) stands in the file",
        ),
    ],
)
def test_bytes_and_characters_that_no_editor_shows_are_refused(data: bytes, fault: str) -> None:
    assert fault_places(data) == [fault]


def test_only_the_first_characters_that_do_not_show_are_listed() -> None:
    assert len(fault_places(b"\x07" * 1000)) == 20
