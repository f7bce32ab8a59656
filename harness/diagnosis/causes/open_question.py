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
        explanation="Every variant that was sent is denied ({count}), so no axis here decides it: "
        "the key itself, the account or the provider does, or something not varied yet. "
        "The server said {says}.",
        fix="add to the scenario: {missing}",
        source=MEASURED,
    ),
    Cause(
        code="X07",
        title="nothing passes, but not everything was sent and denied",
        explanation="{count} denied, {others} with another outcome, and none passed: without a "
        "request that passes no cause can be told. The server said {says}.",
        fix="find one variant that passes first: {missing}",
        source=MEASURED,
    ),
    Cause(
        code="X05",
        title="the made-up key arrives intact nowhere",
        explanation="In none of the {count} variants that were sent does it arrive as it was "
        "sent, so no axis here decides it: what touches it stands before or behind all of them. "
        "The server said {says}.",
        fix="add a way that is known to be clean, such as another network or the API's own host",
        source=MEASURED,
    ),
    Cause(
        code="X06",
        title="the answer does not tell how the made-up key arrived",
        explanation="{bad} was answered {status}, and the server said {says}: nothing of the key "
        "is echoed, so it may have arrived intact or not.",
        fix="send it to an endpoint that echoes headers, or to an API that names the key which "
        "it rejects",
        source=MEASURED,
    ),
)
