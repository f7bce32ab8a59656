"""Compare bodies: as JSON when both are, as a form when both are, else line by line."""

from __future__ import annotations

from collections.abc import Iterator

from harness.difference.difference import Difference, Part
from harness.difference.json_members import Member, members, parse_json
from harness.difference.judgement import Pair, judge, respelt, set_aside
from harness.difference.likeness import Scope
from harness.difference.text_lines import aligned_lines
from harness.difference.url_components import compare_form
from harness.difference.volatile import REWRITTEN, member_reason
from harness.model.request import Json


def compare_bodies(
    left: str, right: str, part: Part, scope: Scope, *, is_form: bool = False
) -> Iterator[Difference]:
    """Yield what differs between two bodies."""
    if not left or not right:
        yield from judge(Pair(part, "body", left or None, right or None), scope)
        return
    one, other = parse_json(left), parse_json(right)
    if one is not None and other is not None:
        yield from _compare_json(one[0], other[0], (left, right), part, scope)
    elif is_form:
        yield from compare_form(left, right, part, "form", scope)
    else:
        yield from _compare_lines(left, right, part, scope)


def _compare_json(
    left: Json, right: Json, texts: tuple[str, str], part: Part, scope: Scope
) -> Iterator[Difference]:
    is_same = True
    for member in members(left, right):
        reason = member_reason(member, left, right) if part is Part.ANSWER_BODY else ""
        for found in judge(_pair(member, part, reason), scope):
            is_same = False
            yield found
    if is_same and texts[0] != texts[1]:
        found = respelt(part, "body", *texts, REWRITTEN)
        yield set_aside(found, REWRITTEN) if part is Part.ANSWER_BODY else found


def _pair(member: Member, part: Part, reason: str) -> Pair:
    return Pair(part, member.pointer or "body", member.left, member.right, member.texts, reason)


def _compare_lines(left: str, right: str, part: Part, scope: Scope) -> Iterator[Difference]:
    is_same = True
    for number, one, other in aligned_lines(left, right):
        for found in judge(Pair(part, f"line {number}", one, other), scope):
            is_same = False
            yield found
    if is_same and left != right:
        yield respelt(part, "body", left, right, "the ends of the lines differ")
