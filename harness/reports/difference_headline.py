"""What differs first, in one sentence: the most telling part comes first."""

from __future__ import annotations

from harness.difference.difference import Difference, Kind, Part
from harness.difference.result import DiffResult

_SHORT = 40

PART_TITLES = {
    Part.KEY: "key",
    Part.CREDENTIALS: "credentials",
    Part.HEADERS: "request headers",
    Part.LINE: "request line",
    Part.URL: "URL",
    Part.BODY: "request body",
    Part.ROUTE: "route",
    Part.STATUS: "status",
    Part.FAILURE: "failure",
    Part.ANSWER_HEADERS: "answer's headers",
    Part.ANSWER_BODY: "answer's body",
    Part.TIMING: "timing",
}


def diff_headline(result: DiffResult) -> str:
    """Return the first telling difference, or that there is none."""
    comparison = result.comparison
    if comparison.differences:
        return _sentence(comparison.differences[0])
    if comparison.undecided:
        return "the same as far as can be told"
    return "the same"


def _sentence(found: Difference) -> str:
    subject = _subject(found)
    match found.kind:
        case Kind.ONLY_A:
            return f"{subject} is in A only{_value(found, found.left)}"
        case Kind.ONLY_B:
            return f"{subject} is in B only{_value(found, found.right)}"
        case Kind.ORDER:
            return f"the {found.place} differs"
        case Kind.SPELLING:
            return f"{subject} is written otherwise"
        case _:
            return f"{subject} differs{_how(found)}"


def _subject(found: Difference) -> str:
    match found.part:
        case Part.KEY:
            return "the key" if found.place == "key" else f"the secret {found.place}"
        case Part.HEADERS | Part.CREDENTIALS if _is_line_of(found):
            return f"the header {found.place}"
        case Part.ANSWER_HEADERS:
            return f"the answer's header {found.place}"
        case Part.URL:
            return f"the URL's {found.place}"
        case Part.BODY | Part.ANSWER_BODY:
            title = f"the {PART_TITLES[found.part]}"
            return title if found.place == "body" else f"{title} at {found.place}"
        case _:
            return f"the {found.place}"


def _is_line_of(found: Difference) -> bool:
    """Tell whether the difference is one of header lines, which begin with the name."""
    name = found.place.partition(" (")[0]
    return (found.left or found.right or "").startswith(f"{name}:")


def _how(found: Difference) -> str:
    if found.words:
        return f": {found.words}"
    left, right = _short(found, found.left), _short(found, found.right)
    return f": {right} in place of {left}" if left and right else ""


def _value(found: Difference, text: str | None) -> str:
    shown = _short(found, text)
    return f": {shown}" if shown else ""


def _short(found: Difference, text: str | None) -> str:
    """Return a value that a sentence can hold; "" for a long one and for a secret."""
    shown = text or ""
    if _is_line_of(found):
        shown = shown.partition(":")[2].strip()
    return "" if len(shown) > _SHORT or "RDX~" in shown else shown
