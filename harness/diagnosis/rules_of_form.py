"""Causes in the form of the credential, by comparing what both sides asked to send."""

from __future__ import annotations

from harness.diagnosis.context import FlipContext
from harness.diagnosis.credential_form import Carrier, CredentialForm, credential_forms
from harness.diagnosis.rule import Match
from harness.model.outcome import Outcome

_ACCOUNT_HEADERS = frozenset({"openai-organization", "openai-project"})
_AROUND = {"K08": "quotes", "H11": "white space", "H13": "characters that are not ASCII"}
_QUOTES = ('"', "'", "`")


def credential_form(context: FlipContext) -> Match | None:
    """Compare where and how the key is sent."""
    if not _refused(context):
        return None
    failing = credential_forms(context.failing.plan)
    passing = credential_forms(context.passing.plan)
    if failing == passing or not passing:
        return None
    if not failing:
        return Match("H01")
    if _doubles(failing) and not _doubles(passing):
        return Match("H08")
    bad = next((form for form in failing if form not in passing), None)
    good = next((form for form in passing if form not in failing), passing[0])
    return _compare(good, bad) if bad is not None else None


def other_header(context: FlipContext) -> Match | None:
    """Compare the headers that carry no credential."""
    if not _refused(context):
        return None
    failing = {name.lower(): name for name, _ in context.failing.plan.headers}
    passing = {name.lower(): name for name, _ in context.passing.plan.headers}
    credentials = {form.name.lower() for form in credential_forms(context.passing.plan)}
    missing = [name for name in passing if name not in failing and name not in credentials]
    if missing:
        return Match("H14", facts={"header": passing[missing[0]]})
    added = [name for name in failing if name in _ACCOUNT_HEADERS and name not in passing]
    return Match("H15", facts={"header": failing[added[0]]}) if added else None


def _compare(good: CredentialForm, bad: CredentialForm) -> Match | None:
    forms = {"bad_form": str(bad), "good_form": str(good)}
    code = _code(good, bad)
    if code in _AROUND:
        return Match(code, facts=_written_around(bad, _AROUND[code]))
    if code == "H05":
        return Match(code, facts={**forms, "where": str(bad)})
    if code == "H02":
        return Match(code, also=("H01",), facts={**forms, "where": str(bad)})
    return Match(code, facts=forms) if code else None


def _written_around(bad: CredentialForm, what: str) -> dict[str, str]:
    """It stands in the header's text, not in the key, whose shape says nothing of it."""
    return {
        "edges": f"{what} around the key",
        "where": str(bad),
        "shape": f"{what} around it",
        "good_shape": "none",
    }


def _code(good: CredentialForm, bad: CredentialForm) -> str:
    if not bad.has_key:
        return _code_without_key(bad)
    if bad.before.endswith("$") and not good.before.endswith("$"):
        return "H10"
    if bad.carrier is not good.carrier:
        return "U07"
    if bad.carrier is Carrier.HEADER and bad.name.lower() != good.name.lower():
        return "H06"
    return _literal_code(good, bad) or _scheme_code(good, bad)


def _literal_code(good: CredentialForm, bad: CredentialForm) -> str:
    """Name what the header's own text puts around the key."""
    literal, good_literal = bad.before + bad.after, good.before + good.after
    if any(quote in literal and quote not in good_literal for quote in _QUOTES):
        return "K08"
    if not literal.isascii() and good_literal.isascii():
        return "H13"
    return "H11" if bad.after.isspace() and not good.after else ""


def _code_without_key(bad: CredentialForm) -> str:
    """A lone scheme is an empty key; other literal text is wrong on purpose, not a form."""
    if "$" in bad.before or "{" in bad.before:
        return "H10"
    return "H02" if len(bad.words_before) <= 1 else ""


def _scheme_code(good: CredentialForm, bad: CredentialForm) -> str:
    if bad.before == good.before:
        return ""
    words = bad.words_before
    if good.words_before and not words:
        return "H03"
    if len(words) > len(good.words_before) and len({w.lower() for w in words}) < len(words):
        return "H05"
    return "H04"


def _doubles(forms: tuple[CredentialForm, ...]) -> bool:
    names = [form.name.lower() for form in forms if form.carrier is Carrier.HEADER]
    return len(names) != len(set(names))


def _refused(context: FlipContext) -> bool:
    return context.failing.outcome in {Outcome.DENIED, Outcome.OTHER}
