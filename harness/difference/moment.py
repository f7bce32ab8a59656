"""Times inside a request: each is compared by how far it is from the moment of sending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TOLERANCE_SECONDS = 5.0
"""A request is signed a little before it is sent."""

_NEAR_SECONDS = 400 * 86400.0
"""Farther from the moment of sending, a number is no time of this exchange."""

_SECONDS = re.compile(r"\d{10}")
_MILLISECONDS = re.compile(r"\d{13}")
_BASIC = re.compile(r"\d{8}T\d{6}Z")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)")
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, in seconds since the epoch, and the form in which it was written."""

    form: str
    seconds: float


@dataclass(frozen=True, slots=True)
class MomentVerdict:
    """Whether two times say the same of their exchanges; `words` when they do not."""

    is_same: bool
    words: str = ""


def compare_moments(left: str, right: str, sent_at: tuple[float, float]) -> MomentVerdict | None:
    """Compare two times by their distance from sending; None when one of them is no time."""
    one, other = _moment(left), _moment(right)
    if one is None or other is None:
        return None
    offsets = (one.seconds - sent_at[0], other.seconds - sent_at[1])
    if any(abs(offset) > _NEAR_SECONDS for offset in offsets):
        return None
    if one.form != other.form:
        return MomentVerdict(is_same=False, words=f"{other.form} in place of {one.form}")
    if abs(offsets[0] - offsets[1]) <= TOLERANCE_SECONDS:
        return MomentVerdict(is_same=True)
    words = f"{round(offsets[1]):+d} s from its sending in place of {round(offsets[0]):+d} s"
    return MomentVerdict(is_same=False, words=words)


def _moment(text: str) -> Moment | None:
    if _SECONDS.fullmatch(text):
        return Moment("seconds", float(text))
    if _MILLISECONDS.fullmatch(text):
        return Moment("milliseconds", float(text) / 1000)
    try:
        if _BASIC.fullmatch(text):
            form, when = "basic ISO 8601", datetime.strptime(text, "%Y%m%dT%H%M%S%z")
        elif _RFC3339.fullmatch(text):
            form, when = "RFC 3339", datetime.fromisoformat(text.upper())
        elif _HTTP_DATE.fullmatch(text):
            form, when = "HTTP-date", parsedate_to_datetime(text)
        else:
            return None
    except ValueError:
        return None
    return Moment(form, when.astimezone(UTC).timestamp())
