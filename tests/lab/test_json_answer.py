from __future__ import annotations

import pytest
from lab.wire import noon

from harness.lab.providers.json_answer import account_answer, compact_json
from harness.model.scenario import LabKeyKind


def test_json_is_compact_and_a_lone_surrogate_does_not_break_it() -> None:
    assert compact_json({"a": ["é", "\udcff"]}) == '{"a":["é","?"]}'.encode()


def test_a_rate_limit_says_when_to_come_back() -> None:
    answer = account_answer(LabKeyKind.RATE_LIMITED, now=noon)
    assert answer is not None
    assert answer.headers[-1] == ("Retry-After", "1")


@pytest.mark.parametrize("standing", [LabKeyKind.GOOD, LabKeyKind.UNKNOWN])
def test_an_account_without_trouble_has_no_answer(standing: LabKeyKind) -> None:
    assert account_answer(standing, now=noon) is None
