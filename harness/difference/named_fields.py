"""Align fields that have a name, an order and duplicates: headers, query and form fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.difference.difference import Difference, Kind, Part, Weight
from harness.difference.judgement import Pair, judge, respelt
from harness.difference.likeness import Scope


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field: its name and value, and the whole text as it stands."""

    name: str
    value: str
    text: str


FieldPair = tuple[NamedField | None, NamedField | None]
PartOf = Callable[[NamedField | None, NamedField | None], Part]
ReasonOf = Callable[[NamedField, NamedField], str]


@dataclass(frozen=True, slots=True)
class FieldRules:
    """How fields of one kind are compared.

    `part_of` says where a pair counts, `reason_of` why a difference of two values is set aside
    ("" when it is not), `key_of` which names are the same name, `order_place` names the order.
    """

    part: Part
    order_place: str
    part_of: PartOf
    reason_of: ReasonOf
    key_of: Callable[[str], str] = str


def compare_fields(
    left: Sequence[NamedField], right: Sequence[NamedField], rules: FieldRules, scope: Scope
) -> Iterator[Difference]:
    """Yield what differs: values, names by their letter case, what is on one side, the order."""
    pairs = align(left, right, rules.key_of)
    several = _duplicated(pairs, rules.key_of)
    seen: dict[str, int] = defaultdict(int)
    for pair in pairs:
        name = _name(pair)
        key = rules.key_of(name)
        seen[key] += 1
        place = f"{name} ({seen[key]})" if key in several else name
        yield from _of_pair(pair, place, rules, scope)
    yield from _order(left, right, pairs, rules)


def align(
    left: Sequence[NamedField], right: Sequence[NamedField], key_of: Callable[[str], str]
) -> list[FieldPair]:
    """Return the pairs of fields of one name; of duplicates, equal ones at both ends first."""
    lefts, rights = _by_name(left, key_of), _by_name(right, key_of)
    pairs: list[FieldPair] = []
    for key in dict.fromkeys((*lefts, *rights)):
        pairs += _of_one_name(lefts.get(key, []), rights.get(key, []))
    return pairs


def _by_name(
    fields: Sequence[NamedField], key_of: Callable[[str], str]
) -> dict[str, list[NamedField]]:
    found: dict[str, list[NamedField]] = defaultdict(list)
    for one in fields:
        found[key_of(one.name)].append(one)
    return found


def _of_one_name(left: list[NamedField], right: list[NamedField]) -> list[FieldPair]:
    shorter = min(len(left), len(right))
    start = 0
    while start < shorter and left[start].value == right[start].value:
        start += 1
    end = 0
    while end < shorter - start and left[-1 - end].value == right[-1 - end].value:
        end += 1
    middle = (left[start : len(left) - end], right[start : len(right) - end])
    rows = max(map(len, middle))
    ends = [(left[-1 - index], right[-1 - index]) for index in reversed(range(end))]
    return [
        *zip(left[:start], right[:start], strict=True),
        *((_at(middle[0], index), _at(middle[1], index)) for index in range(rows)),
        *ends,
    ]


def _at(fields: list[NamedField], index: int) -> NamedField | None:
    return fields[index] if index < len(fields) else None


def _of_pair(pair: FieldPair, place: str, rules: FieldRules, scope: Scope) -> Iterator[Difference]:
    left, right = pair
    part = rules.part_of(left, right)
    if left is None or right is None:
        yield from judge(
            Pair(part, place, left.text if left else None, right.text if right else None), scope
        )
        return
    reason = rules.reason_of(left, right)
    values = (left.value, right.value)
    found = judge(Pair(part, place, left.text, right.text, values, reason), scope)
    yield from found
    if left.name != right.name and not any(one.weight is Weight.DIFFERS for one in found):
        yield respelt(part, place, left.text, right.text, "the name is written otherwise")


def _name(pair: FieldPair) -> str:
    one = pair[0] or pair[1]
    assert one is not None  # a pair has a side
    return one.name


def _duplicated(pairs: list[FieldPair], key_of: Callable[[str], str]) -> set[str]:
    counts: dict[str, int] = defaultdict(int)
    for pair in pairs:
        counts[key_of(_name(pair))] += 1
    return {key for key, count in counts.items() if count > 1}


def _order(
    left: Sequence[NamedField],
    right: Sequence[NamedField],
    pairs: list[FieldPair],
    rules: FieldRules,
) -> Iterator[Difference]:
    """Yield one difference when what both sides have stands in another order."""
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    places = {id(one): index for index, one in enumerate(left)}
    other_places = {id(one): index for index, one in enumerate(right)}
    in_left = sorted(range(len(both)), key=lambda index: places[id(both[index][0])])
    in_right = sorted(range(len(both)), key=lambda index: other_places[id(both[index][1])])
    if in_left != in_right:
        names = ", ".join(both[index][0].name for index in in_left)
        other_names = ", ".join(both[index][1].name for index in in_right)
        yield Difference(rules.part, rules.order_place, Kind.ORDER, names, other_names)
