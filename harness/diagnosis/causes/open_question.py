"""What is said when no cause is recognised: what is known, and what to look at next."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

OPEN_QUESTION_CAUSES = (
    Cause(
        code="X01",
        title="{axis} decides it; the cause behind it is not recognised",
        explanation="With {good} the request passes, with {bad} it is {outcome}{status_note}, and "
        "nothing else differs. The server said {says}.",
        fix="use {good}; to learn why, {next_check}",
        source=MEASURED,
    ),
    Cause(
        code="X02",
        title="{axis} decide it together; the cause behind it is not recognised",
        explanation="No smaller change does it; with {bad} together the request is "
        "{outcome}{status_note}. The server said {says}.",
        fix="change one of them back ({good}); to learn why, {next_check}",
        source=MEASURED,
    ),
    Cause(
        code="X04",
        title="one or more of {axis} decide it; which of them is not known yet",
        explanation="With {good} the request passes, with {bad} together it is "
        "{outcome}{status_note}. The run ended before it was narrowed down.",
        fix="run it again with room for more requests, or vary fewer axes",
        source=MEASURED,
    ),
    Cause(
        code="X03",
        title="everything that was sent is denied",
        explanation="All {count} variants that were sent are denied, so no axis here decides it: "
        "the key itself, the account or the provider does, or something not varied yet. "
        "The server said {says}.",
        fix="add to the scenario: {missing}",
        source=MEASURED,
    ),
)
