"""Causes in time: what is signed says when, and clocks differ."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

CLOCK_CAUSES = (
    Cause(
        code="C01",
        title="the signature's time is out of the server's window",
        explanation="Signed with a clock {offset}, the request is denied; signed with the clock "
        "of {good} it passes. The server said {says}.",
        fix="set the clock of the machine that signs (NTP), containers and virtual machines too",
        source="https://github.com/aws-samples/bedrock-access-gateway/issues/163",
    ),
    Cause(
        code="C02",
        title="the token is from the future: the signing clock is ahead",
        explanation="Signed with a clock {offset}, the token is not valid yet for the server. "
        "The server said {says}.",
        fix="set the clock of the machine that signs (NTP), or date iat and nbf a minute back",
        source="https://github.com/PostgREST/postgrest/issues/1139",
    ),
    Cause(
        code="C03",
        title="the token has expired",
        explanation="Signed with a clock {offset}, the token's exp has passed when it arrives. "
        "The server said {says}.",
        fix="sign a fresh token for each request, and set the clock of the machine that signs "
        "(NTP)",
        source="https://docs.bigmodel.cn/cn/api/api-code",
    ),
    Cause(
        code="C05",
        title="the times that are signed are in the wrong unit",
        explanation="With {bad} the times are in {unit}, with {good} in {good_unit}. "
        "The server said {says}.",
        fix="write the signed times (of a token: iat, nbf and exp) in {good_unit}",
        source="https://www.rfc-editor.org/rfc/rfc7519#section-2",
    ),
    Cause(
        code="C06",
        title="this machine's clock is wrong",
        explanation="Its clock is {skew} the server's, by the Date of the answers. "
        "Whatever is signed here bears the wrong time.",
        fix="set the clock of this machine (NTP)",
        source=MEASURED,
    ),
)
