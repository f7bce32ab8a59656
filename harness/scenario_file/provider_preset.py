"""What *denied* is where the scenario does not say: by provider, told by host.

Source of the exceptions: Google's Gemini API answers a wrong key 400 with reason
API_KEY_INVALID, xAI answers 400 with "Incorrect API key provided"; AWS answers 403 to a bad
signature as to a missing permission; Tencent Cloud answers 200 with an error code in the body.
"""

from __future__ import annotations

from harness.model.outcome import Matcher, MatchKind, OutcomeRule, OutcomeRules, StatusRange

_UNAUTHORIZED = OutcomeRule(statuses=(StatusRange(401, 401),))


def _bad_request(text: str) -> OutcomeRule:
    """Return the rule for a wrong key that is answered 400 and said in the body."""
    return OutcomeRule(statuses=(StatusRange(400, 400),), text=(Matcher(MatchKind.CONTAINS, text),))


_DENIED_BY_HOST = {
    "generativelanguage.googleapis.com": (_UNAUTHORIZED, _bad_request("API_KEY_INVALID")),
    "api.x.ai": (_UNAUTHORIZED, _bad_request("Incorrect API key")),
}
_AWS_REFUSALS = (
    *("ignature", "security token", "RequestTimeTooSkewed", "InvalidAccessKeyId"),
    *("Authentication Token", "Credential should be scoped", "not signed", "SignedHeader"),
)
_DENIED_BY_DOMAIN = {
    ".amazonaws.com": (
        _UNAUTHORIZED,
        *(
            OutcomeRule(
                statuses=(StatusRange(403, 403),), text=(Matcher(MatchKind.CONTAINS, words),)
            )
            for words in _AWS_REFUSALS
        ),
    ),
    ".tencentcloudapi.com": (
        _UNAUTHORIZED,
        OutcomeRule(json=(("/Response/Error/Code", Matcher(MatchKind.CONTAINS, "AuthFailure")),)),
    ),
}


def preset_for(host: str) -> OutcomeRules:
    """Return the rules of a provider; 2xx and 401 for every host without rules of its own."""
    for domain, denied in _DENIED_BY_DOMAIN.items():
        if host.endswith(domain):
            return OutcomeRules(denied=denied)
    return OutcomeRules(denied=_DENIED_BY_HOST.get(host, (_UNAUTHORIZED,)))
