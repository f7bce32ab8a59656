"""What each kind of file may hold: sizes, tags, and what a scalar without quotes means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from harness.strict_yaml.plain_scalar import Plain, Surprise, resolve_plain
from harness.strict_yaml.yaml11_scalar import resolve_json, resolve_yaml11

# What YAML forbids, the line ends that editors do not show, and the controls that make a line
# read otherwise than it is (Unicode bidirectional overrides and isolates).
_NOT_SHOWN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Its events come one at a time and from no recursion; only its composer crashes on deep input."""


@dataclass(frozen=True, slots=True)
class YamlRules:
    """The limits of one kind of file, `one` in words.

    `max_nodes` counts aliases written out. `unprintable` finds what may not stand in the text.
    `shows_lines` tells whether messages may quote the file.
    """

    one: str
    max_bytes: int
    max_nodes: int
    unprintable: re.Pattern[str]
    resolve: Callable[[str], Plain | Surprise]
    loader: Any
    has_binary: bool = False
    shows_lines: bool = False


SCENARIO = YamlRules(
    one="scenario",
    max_bytes=1 << 20,
    max_nodes=10_000,
    unprintable=_NOT_SHOWN,
    resolve=resolve_plain,
    loader=yaml.SafeLoader,
    shows_lines=True,
)
"""Written by hand, so that what may be misread is refused."""

CASSETTE = YamlRules(
    one="cassette",
    max_bytes=16 << 20,
    max_nodes=400_000,
    unprintable=_FORBIDDEN,
    resolve=resolve_yaml11,
    loader=_FAST,
    has_binary=True,
)
"""Written by PyYAML, so that what it meant counts; its lines may hold secrets."""

JSON_CASSETTE = YamlRules(
    one="cassette",
    max_bytes=16 << 20,
    max_nodes=400_000,
    unprintable=_FORBIDDEN,
    resolve=resolve_json,
    loader=_FAST,
)
"""JSON, with what YAML cannot read of it rewritten."""
