"""What differs between any two exchanges and says nothing of a cause: the one list of it.

A name is here for its value only: that a header is there on one side alone always counts.
"""

from __future__ import annotations

import re

from harness.difference.json_members import Member
from harness.model.request import Json

COMPUTED_ANEW = "made anew for each exchange"
MOMENT = "the time of its own exchange"
INSIDE = "only ids or times inside the text"
BODY_LENGTH = "counts the body, which is compared itself"
URL_HOST = "follows from the URL, which is compared itself"
OF_THE_PROXY = "follows from the proxy, which is compared itself"
PROXY_REASON = "says why the proxy was chosen, which is compared itself"
CLOCKWORK = "a time or a counter of its own exchange"
OWN_PORT = "a port is picked for each connection, or is the URL's, which is compared itself"
THROW_AWAY = "a throw-away certificate of the lab"
RENEWAL = "certificates are renewed"
ONE_RECORD = "recorded on one side only, so that nothing of it is compared"
REWRITTEN = "the same JSON, written otherwise"

_REQUEST_ID = "names one request"
_TRACE = "names one trace"
_TIME = "the time of the answer"
_DURATION = "how long something took"
_QUOTA = "counts down with each request"
_NODE = "names the machine that answered"
_ISSUED = "issued anew with each answer"

_HEADERS = {
    _REQUEST_ID: """
        x-request-id request-id x-correlation-id apim-request-id x-amzn-requestid x-amz-request-id
        x-amz-id-2 x-oneapi-request-id x-ms-request-id x-ms-client-request-id x-client-request-id
        x-tc-requestid cf-ray eo-log-uuid x-github-request-id idempotency-key x-invocation-id
        sec-websocket-key sec-websocket-accept
    """,
    _TRACE: """
        x-ds-trace-id x-trace-id trace-id traceparent tracestate x-amzn-trace-id baggage
        sentry-trace b3 x-b3-traceid x-b3-spanid x-b3-parentspanid x-cloud-trace-context
        x-datadog-trace-id x-datadog-parent-id x-datadog-sampling-priority newrelic uber-trace-id
    """,
    _TIME: "date age expires x-timer",
    _DURATION: """
        server-timing x-runtime x-response-time x-process-time x-envoy-upstream-service-time
        x-kong-upstream-latency x-kong-proxy-latency x-kong-request-id openai-processing-ms
    """,
    _QUOTA: "ratelimit ratelimit-remaining ratelimit-reset",
    _NODE: "x-served-by x-cache-hits report-to nel",
}
_REASON_OF_HEADER = {name: why for why, names in _HEADERS.items() for name in names.split()}
_QUOTA_HEADER = re.compile(
    r"(?:x-|anthropic-)?rate-?limit-(?:[a-z-]*-)?(?:remaining|reset)(?:-.*)?"
)
_ISSUED_HEADERS = frozenset({"set-cookie"})

_MEMBERS = {
    _REQUEST_ID: "request_id requestid request-id x-request-id correlation_id correlationid",
    _TRACE: "trace_id traceid trace-id span_id",
}
_REASON_OF_MEMBER = {name: why for why, names in _MEMBERS.items() for name in names.split()}
_COMPLETION = {"/id": "names one completion", "/created": _TIME}
"""Top members of a chat completion (OpenAI, DeepSeek) or a message (Anthropic)."""

_CHANGING = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"  # a UUID
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|(?<![0-9a-z])(?=[a-z]*[0-9])[0-9a-f]{16,64}(?![0-9a-z])"
    r"|(?<=request_id: )[\w-]+|(?<=request id: )[\w-]+|(?<=req_)\w+",
    re.IGNORECASE,
)
_LAB_CERTIFICATE = re.compile(r"(OU=Testing (?:CA|cert) #)[\w-]+(?=,O=trustme v)")


def header_reason(name: str) -> str:
    """Return why the value of this header is set aside, or "" when it is not."""
    lower = name.strip().lower()
    return _REASON_OF_HEADER.get(lower, "") or (_QUOTA if _QUOTA_HEADER.fullmatch(lower) else "")


def is_issued_by(name: str) -> bool:
    """Tell whether an answer's header hands out a new secret each time."""
    return name.strip().lower() in _ISSUED_HEADERS


def member_reason(member: Member, left: Json, right: Json) -> str:
    """Return why a member of two answers, `left` and `right`, is set aside, or ""."""
    if member.pointer in _COMPLETION and _is_completion(left) and _is_completion(right):
        return _COMPLETION[member.pointer]
    return _REASON_OF_MEMBER.get(member.pointer.rpartition("/")[2].lower(), "")


def without_changing(text: str) -> str:
    """Return the text of an answer with every id and time in it replaced by one sign."""
    return _CHANGING.sub("\0", text)


def without_lab_names(name: str) -> str:
    """Return a certificate's name without what the lab makes up for each run."""
    return _LAB_CERTIFICATE.sub(r"\1", name)


def _is_completion(document: Json) -> bool:
    return isinstance(document, dict) and (
        "choices" in document or document.get("type") == "message"
    )
