"""What a key's shape says: which cause the words for its edges and marks stand for."""

from __future__ import annotations

from harness.model.key_facts import KeyFacts, KeyShape

_INVISIBLE = ("nbsp", "bom", "zero", "zwsp", "smart", "non-breaking", "unicode", "non-ascii")
_LINE_FEED = ("lf", "line feed", "newline", "line break", "crlf")
_CARRIAGE_RETURN = ("cr", "carriage return")
_WHITE = ("space", "tab", "spaces", "tabs")
_MARKS = (
    (("empty",), "H02"),
    (("scheme",), "H05"),
    (("$", "{", "variable", "template"), "K04"),
    (("sample", "placeholder"), "K05"),
    (("json", "path", "url", "masked"), "K29"),
)
_UNSET_WORDS = ("null", "undefined", "none", "nil", "nan", "true", "false")

PROVIDERS = {
    "sk-or-": "OpenRouter",
    "sk-or-v1-": "OpenRouter",
    "sk-ant-": "Anthropic",
    "sk-proj-": "OpenAI",
    "gsk_": "Groq",
    "AIza": "Google",
    "ghp_": "GitHub",
    "github_pat_": "GitHub",
    "hf_": "Hugging Face",
    "xai-": "xAI",
}
"""Prefixes that belong to one provider; a bare `sk-` belongs to many."""


def is_empty(facts: KeyFacts) -> bool:
    """Tell whether the source gave an empty value."""
    return facts.shape is not None and facts.shape.length == 0


def shape_cause(failing: KeyShape | None, passing: KeyShape | None) -> str:
    """Return the code of what is odd in `failing` and not in `passing`, or ""."""
    if failing is None:
        return ""
    known = passing or KeyShape(0)
    marks = [mark for mark in failing.marks if mark not in known.marks]
    return _mark_cause(marks) or _edge_cause(new_edges(failing, passing), failing, known)


def new_edges(failing: KeyShape | None, passing: KeyShape | None) -> tuple[str, ...]:
    """Return the edges of `failing` that `passing` has not."""
    if failing is None:
        return ()
    return tuple(edge for edge in failing.edges if passing is None or edge not in passing.edges)


def provider_of(prefix: str) -> str:
    """Return the provider whose keys alone begin like this, or ""."""
    return PROVIDERS.get(prefix) or PROVIDERS.get(f"{prefix}-", "")


def _mark_cause(marks: list[str]) -> str:
    words = [mark.lower() for mark in marks]
    if any(part in word.split() for word in words for part in _UNSET_WORDS):
        return "K03"
    return next((code for parts, code in _MARKS if _names(words, parts)), "")


def _edge_cause(edges: tuple[str, ...], failing: KeyShape, passing: KeyShape) -> str:
    words = [edge.lower() for edge in edges]
    if (failing.non_ascii and not passing.non_ascii) or _names(words, _INVISIBLE):
        return "H13"
    if _names(words, ("quote", "backtick", "apostrophe")):
        return "K08"
    if _names_exactly(words, _LINE_FEED):
        return "H12"
    if _names_exactly(words, _CARRIAGE_RETURN):
        return "K09"
    return "H11" if _names_exactly(words, _WHITE) else ""


def _names(words: list[str], parts: tuple[str, ...]) -> bool:
    return any(part in word for word in words for part in parts)


def _names_exactly(words: list[str], kinds: tuple[str, ...]) -> bool:
    """Tell whether an edge is one of `kinds`, whatever stands before it (`trailing LF`)."""
    return any(word == kind or word.endswith(f" {kind}") for word in words for kind in kinds)
