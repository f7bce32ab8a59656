"""One finding on the page: the cause, the two variants that show it, why, the fix."""

from __future__ import annotations

from dataclasses import dataclass

from harness.diagnosis.causes import CAUSES
from harness.diagnosis.facts import where
from harness.model.exchange import ExchangeKey
from harness.model.finding import Confidence, Finding
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.result import RunResult, VariantResult
from harness.reports.outcome_style import outcome_style
from harness.reports.outcome_words import is_by_arrival, outcome_word
from harness.reports.page import Page, Style

CAUSE = "CAUSE"
"""What the heading of a deciding finding ends in."""

_OUTCOME_LABEL_WIDTH = 14


@dataclass(frozen=True, slots=True)
class ProofSide:
    """One variant of the pair that shows a flip."""

    variant: str
    outcome: Outcome
    http_status: int | None
    keys: tuple[str, ...] = ()
    word: str = ""


def rank(finding: Finding) -> int:
    """Order findings: denials first, then what was never sent, then what masks the answer."""
    if finding.to in {Outcome.DENIED, Outcome.PASS}:
        return 0
    return 1 if finding.to is Outcome.NOT_SENT else 2


def is_cause(finding: Finding) -> bool:
    """Tell whether a finding explains a denial."""
    return rank(finding) == 0


def is_expected(run: RunResult, finding: Finding) -> bool:
    """Tell whether the scenario foresees the outcome that the flip leads to."""
    failing = proof_sides(run, finding)[1].variant
    rows = [item for item in run.variants if item.variant.id == failing]
    return bool(rows) and all(item.as_expected for item in rows)


def flip_words(finding: Finding) -> str:
    """Return `key: shell -> dotenv`, several joined."""
    return ", ".join(f"{axis}: {old} -> {new}" for axis, (old, new) in finding.flip.items())


def add_finding(page: Page, run: RunResult, finding: Finding, heading: str) -> None:
    """Add the block of one finding."""
    diagnosis = finding.diagnosis
    page.blank()
    page.labelled(
        f"{heading} {diagnosis.code}:",
        diagnosis.title,
        label_style=Style.BAD if heading.endswith(CAUSE) else Style.WARN,
        style=Style.BOLD,
        indent=0,
        label_width=0,
    )
    page.paragraph(f"{flip_words(finding)} ({_confidence(finding)})", indent=2)
    page.blank()
    for side in proof_sides(run, finding):
        _add_side(page, side)
    for text in relation_lines(run, finding):
        page.labelled("", text, label_width=_OUTCOME_LABEL_WIDTH)
    page.blank()
    page.labelled("FIX", diagnosis.fix, label_style=Style.FIX, style=Style.BOLD)
    page.labelled("Why", diagnosis.explanation)
    if diagnosis.also:
        page.labelled("Or", "; ".join(map(_named, diagnosis.also)))
    contexts = _contexts(finding)
    if contexts:
        page.labelled("Seen", f"from {' and again from '.join(contexts)}", style=Style.DIM)


def proof_sides(run: RunResult, finding: Finding) -> tuple[ProofSide, ...]:
    """Return the passing side, then the failing one, of the first pair of the proof."""
    pairs = (*finding.breaks, *finding.heals)
    heals = finding.to is Outcome.PASS
    levels = [flip_levels(finding, end=heals), flip_levels(finding, end=not heals)]
    if pairs:
        return tuple(
            _side_of_exchange(run, exchange, flip)
            for exchange, flip in zip(pairs[0], levels, strict=True)
        )
    return tuple(_side_of_levels(run, finding, flip) for flip in levels)


def flip_levels(finding: Finding, *, end: bool) -> dict[str, str]:
    """Return the levels at the start or at the end of a flip."""
    return {axis: (new if end else old) for axis, (old, new) in finding.flip.items()}


def relation_lines(run: RunResult, finding: Finding) -> tuple[str, ...]:
    """Return how the keys of a flip are made of one another, such as `dotenv = shell + LF`."""
    lines = []
    for axis, levels in finding.flip.items():
        names = {
            facts.secret_id: level
            for level in levels
            if (facts := run.keys.get(f"{axis}={level}")) is not None and facts.secret_id
        }
        lines += [
            relation.between(names[relation.id], names[relation.of])
            for relation in run.relations
            if relation.id in names and relation.of in names
        ]
    return tuple(dict.fromkeys(lines))


def key_line(facts: KeyFacts) -> str:
    """Return what may be said of a key in one line."""
    if facts.error:
        return f"{facts.error}; {facts.hint}" if facts.hint else facts.error
    parts = [f"{where(facts)}: {facts.shape}" if facts.shape else where(facts)]
    if facts.same_as:
        parts.append(f"same value as {facts.same_as}")
    return "; ".join((*parts, *facts.shadows, *facts.notes))


def _contexts(finding: Finding) -> list[str]:
    """Name where the flip was seen: the variants that it starts from, one a direction."""
    start = 1 if finding.to is Outcome.PASS else 0
    keys = [
        ExchangeKey.parse(pairs[0][start]) for pairs in (finding.breaks, finding.heals) if pairs
    ]
    return [
        key.variant if key.repeat == 1 else f"{key.variant} (repeat {key.repeat})" for key in keys
    ]


def _side_of_exchange(run: RunResult, exchange: str, flip: dict[str, str]) -> ProofSide:
    variant = ExchangeKey.parse(exchange).variant
    item = next((v for v in run.variants if v.variant.id == variant), None)
    for result in run.variants:
        for attempt in result.attempts:
            if attempt.exchange == exchange:
                status = attempt.http_status
                # An attempt's own outcome, for repeats may disagree.
                word = outcome_word(run, result) if is_by_arrival(run) else ""
                return ProofSide(variant, attempt.outcome, status, _keys(run, flip), word)
    outcome = item.outcome if item else Outcome.OTHER
    return ProofSide(variant, outcome, item.http_status if item else None, _keys(run, flip))


def _side_of_levels(run: RunResult, finding: Finding, flip: dict[str, str]) -> ProofSide:
    """Find the row with these levels and the fewest others; the plan alone shows the flip."""
    baseline = {axis: levels[0] for axis, levels in run.axes} | flip
    rows = [item for item in run.variants if _has(item, flip)]
    best = min(rows, key=lambda item: _distance(item, baseline), default=None)
    words = ",".join(f"{axis}={level}" for axis, level in flip.items())
    if best is None:
        return ProofSide(words, finding.to, None, _keys(run, flip))
    word = outcome_word(run, best)
    return ProofSide(best.variant.id, best.outcome, best.http_status, _keys(run, flip), word)


def _has(item: VariantResult, flip: dict[str, str]) -> bool:
    return all(item.variant.levels.get(axis) == level for axis, level in flip.items())


def _distance(item: VariantResult, levels: dict[str, str]) -> int:
    return sum(item.variant.levels.get(axis) != level for axis, level in levels.items())


def _keys(run: RunResult, flip: dict[str, str]) -> tuple[str, ...]:
    named = [(f"{axis}={level}", run.keys.get(f"{axis}={level}")) for axis, level in flip.items()]
    return tuple(key_line(facts) for _, facts in named if facts is not None)


def _add_side(page: Page, side: ProofSide) -> None:
    page.labelled(
        f"{side.word or side.outcome} {side.http_status or ''}".strip(),
        side.variant,
        label_style=outcome_style(side.outcome),
        style=Style.BOLD,
        label_width=_OUTCOME_LABEL_WIDTH,
    )
    for key in side.keys:
        page.labelled("", key, label_width=_OUTCOME_LABEL_WIDTH)


def _confidence(finding: Finding) -> str:
    if finding.confidence is Confidence.PROVED:
        return "proved"
    return "suspected: one direction of the proof is missing"


def _named(code: str) -> str:
    """Return a code with its title, where the title needs no facts."""
    cause = CAUSES.get(code)
    return code if cause is None or "{" in cause.title else f"{code}: {cause.title}"
