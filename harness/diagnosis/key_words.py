"""What a key's shape says: which cause the words for its edges and marks stand for."""

from __future__ import annotations

from harness.model.key_facts import KeyFacts, KeyShape

_UNSET_WORDS = frozenset({"null", "undefined"})
_MARKS = (
    (("empty",), "H02"),
    (("scheme",), "H05"),
    (("$name", "variable name"), "K04"),
    (("sample",), "K05"),
    (("base64",), "K19"),
    (("json", "path", "url", "mask", "name="), "K29"),
    (("#",), "K10"),
)
_EDGES = (
    (("no-break", "bom", "zero-width", "joiner", "smart", "unicode"), "H13"),
    (("quote", "backtick"), "K08"),
    (("control",), "K29"),
    ((" lf",), "H12"),
    ((" cr",), "K09"),
    ((" space", " tab"), "H11"),
)
"""Words of `KeyShape.marks` and `KeyShape.edges`, the most telling first, and their causes."""

PROVIDERS = {
    "sk-or-v1-": "OpenRouter",
    "sk-ant-": "Anthropic",
    "sk-ant-oat01-": "Anthropic",
    "sk-proj-": "OpenAI",
    "sk-svcacct-": "OpenAI",
    "gsk_": "Groq",
    "AIza": "Google",
    "ya29.": "Google",
    "ghp_": "GitHub",
    "github_pat_": "GitHub",
    "hf_": "Hugging Face",
    "xai-": "xAI",
    "pplx-": "Perplexity",
    "AKIA": "AWS",
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
    return PROVIDERS.get(prefix, "")


def _mark_cause(marks: list[str]) -> str:
    words = [mark.lower() for mark in marks]
    if not _UNSET_WORDS.isdisjoint(words):
        return "K03"
    return _first_cause(words, _MARKS)


def _edge_cause(edges: tuple[str, ...], failing: KeyShape, passing: KeyShape) -> str:
    if failing.non_ascii and not passing.non_ascii:
        return "H13"
    return _first_cause([edge.lower() for edge in edges], _EDGES)


def _first_cause(words: list[str], table: tuple[tuple[tuple[str, ...], str], ...]) -> str:
    return next(
        (code for parts, code in table if any(part in word for word in words for part in parts)),
        "",
    )
