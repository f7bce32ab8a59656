"""Causes beyond the request: the account, the provider's servers, other faults."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

DEEPSEEK_CODES = "https://api-docs.deepseek.com/quick_start/error_codes"

ACCOUNT_AND_SERVER_CAUSES = (
    Cause(
        code="A01",
        title="the key was revoked, deleted or has expired",
        explanation="The key from {where} is well formed, and the server says of it {says}.",
        fix="make a new key in the provider's console and put it into {where}",
        source="https://help.openai.com/en/articles/6891781",
        also=("K21",),
    ),
    Cause(
        code="A02",
        title="the account has no balance; the key itself is good",
        explanation="The answer is {status}, not a denial: the server knew the key. "
        "It said {says}.",
        fix="top up the account that the key of {bad} belongs to",
        source=DEEPSEEK_CODES,
    ),
    Cause(
        code="A08",
        title="the key is known, but may not do this",
        explanation="The answer is {status}: who is asking is known, and what is asked is "
        "forbidden. The server said {says}.",
        fix="give the key of {bad} the permission, or lift the block on this network or country",
        source="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4",
    ),
    Cause(
        code="V01",
        title="equal requests get different answers",
        explanation="{variant} was repeated without a change and gave {counts}: some node of the "
        "server denies what another accepts.",
        fix="repeat the request on a denial, and send the provider the exchanges listed here",
        source="https://github.com/Comfy-Org/ComfyUI/issues/15856",
    ),
    Cause(
        code="V03",
        title="a rate limit answers as if the key were wrong",
        explanation="The denial {status} speaks of too many requests: {says}. The key may be good.",
        fix="lower `rate` and `concurrency`, wait, and run again",
        source="https://github.com/OpenWonderLabs/SwitchBotAPI/issues/144",
    ),
    Cause(
        code="V05",
        title="the key was taken, the request's content was not",
        explanation="The answer {status} is no denial: the server got as far as the body. "
        "It said {says}.",
        fix="correct the model name or the body; the key needs no change",
        source=DEEPSEEK_CODES,
    ),
    Cause(
        code="V06",
        title="too many requests; the key is not the matter",
        explanation="The answer is {status}: the server limits how often it is asked. "
        "It said {says}.",
        fix="lower `rate` and `concurrency`, wait, and run again",
        source="https://www.rfc-editor.org/rfc/rfc6585#section-4",
    ),
    Cause(
        code="V07",
        title="the server has a fault of its own",
        explanation="The answer is {status}: it says nothing of the key. The server said {says}.",
        fix="try again later, and look at the provider's status page",
        source=MEASURED,
    ),
)
