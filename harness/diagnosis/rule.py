"""What a rule of recognition is and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.diagnosis.context import FlipContext


@dataclass(frozen=True, slots=True)
class Match:
    """A cause that fits: its code, what cannot be told from it, facts that the rule knows."""

    code: str
    also: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


Rule = Callable[[FlipContext], Match | None]
"""Looks at both sides; None when what it knows of does not fit."""
