"""What a search claims, and the exchanges that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.model.arrival import Arrival
from harness.model.outcome import Outcome
from harness.model.variant import Cell


class Verdict(StrEnum):
    """The answer of a run in one word."""

    FLIP = "flip"
    NONE = "none"
    ALL_DENIED = "all-denied"
    NO_VERDICT = "no-verdict"


class Evidence(StrEnum):
    """How far the answer is backed."""

    CERTIFIED = "certified"
    PARTIAL = "partial"
    INCONCLUSIVE = "inconclusive"
    INTERRUPTED = "interrupted"


class Ended(StrEnum):
    """Why a run sends no more: the search was through, or something stopped it."""

    FINISHED = "finished"
    BUDGET = "budget"
    MAX_DENIED = "max-denied"
    DEADLINE = "deadline"
    INTERRUPTED = "interrupted"


class Confidence(StrEnum):
    """`PROVED` has both directions, `SUSPECTED` one."""

    PROVED = "proved"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True, order=True)
class CellRun:
    """One run of a cell: the repeat counts from 1."""

    cell: Cell
    repeat: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Pairs of runs, the passing one first, that differ only in the flip."""

    breaks: tuple[tuple[CellRun, CellRun], ...] = ()
    heals: tuple[tuple[CellRun, CellRun], ...] = ()

    @property
    def confidence(self) -> Confidence:
        """PROVED when both directions are there."""
        return Confidence.PROVED if self.breaks and self.heals else Confidence.SUSPECTED


@dataclass(frozen=True, slots=True)
class Flip:
    """A smallest set of axis changes that turns one outcome into `to`.

    `changes` maps an axis index to its level index (from, to). A level that masks alone has
    `masks` set: it needs *breaks* only. `static` marks `not-sent`, which follows from the plan.
    `narrowed` is false while fewer changes may do: the run ended before it was known. With
    `unsteady` a cell of the proof disagrees with itself, so that no pair of runs proves it.
    """

    changes: tuple[tuple[int, int, int], ...]
    to: Outcome
    proof: Proof = Proof()
    masks: bool = False
    static: bool = False
    narrowed: bool = True
    unsteady: bool = False

    @property
    def confidence(self) -> Confidence:
        """PROVED when the proof that this kind of flip needs is there."""
        if self.unsteady:
            return Confidence.SUSPECTED
        if self.static or (self.masks and self.proof.breaks):
            return Confidence.PROVED
        return self.proof.confidence


@dataclass(frozen=True, slots=True)
class Fix:
    """The levels to set (axis index → level index) so that cell `of` passes, and the run."""

    of: Cell
    sets: tuple[tuple[int, int], ...]
    runs: tuple[CellRun, ...]


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search found, in terms of cells; `untested` are cells that were wanted."""

    verdict: Verdict
    evidence: Evidence
    flips: tuple[Flip, ...] = ()
    fixes: tuple[Fix, ...] = ()
    irrelevant: tuple[int, ...] = ()
    untested: tuple[Cell, ...] = ()
    rule: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a flip flips: a cause code with its words. `also` cannot be told from `code`."""

    code: str
    title: str
    explanation: str
    fix: str
    also: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A flip with its level names, its proof as exchange ids, and its diagnosis.

    `arrivals` says how a made-up key arrived before and after, in a run that searches by that.
    """

    flip: Mapping[str, tuple[str, str]]
    to: Outcome
    breaks: tuple[tuple[str, str], ...]
    heals: tuple[tuple[str, str], ...]
    confidence: Confidence
    diagnosis: Diagnosis
    arrivals: tuple[Arrival, Arrival] | None = None


@dataclass(frozen=True, slots=True)
class NamedFix:
    """A fix in names: the variant that it heals, what to set, the exchanges that show it."""

    of: str
    sets: Mapping[str, str] = field(default_factory=dict)
    exchanges: tuple[str, ...] = ()
