"""The names whose values may stay: what is not listed here keeps its form only.

Lists of what to hide always miss one (`Authorisation: …` is a cause of 401 and a leak in every
tool that has such a list), so these are lists of what to show.
"""

from __future__ import annotations

_HEADERS_WORDS = """
    accept accept-charset accept-encoding accept-language accept-ranges age allow alt-svc cache-
    control connection content-encoding content-disposition content-language content-length
    content-range content-type cross-origin-opener-policy cross-origin-resource-policy date expect
    expires host if-modified-since if-unmodified-since keep-alive last-modified max-forwards
    pragma range retry-after server strict-transport-security te trailer transfer-encoding upgrade
    user-agent vary via warning x-powered-by x-content-type-options x-frame-options x-xss-
    protection referrer-policy permissions-policy content-security-policy x-request-id request-id
    x-correlation-id x-ds-trace-id apim-request-id x-amzn-requestid x-amz-request-id x-amzn-trace-
    id x-oneapi-request-id x-trace-id trace-id traceparent cf-ray cf-cache-status eo-log-uuid eo-
    cache-status x-cache x-cache-hits x-served-by x-timer x-should-retry x-envoy-upstream-service-
    time x-envoy-decorator-operation server-timing x-amzn-errortype x-amz-date x-amz-content-
    sha256 x-tc-action x-tc-version x-tc-timestamp x-tc-region x-tc-language x-runtime x-response-
    time x-process-time x-kong-upstream-latency x-kong-proxy-latency x-squid-error proxy-
    connection proxy-status x-http-method-override anthropic-version anthropic-beta openai-version
    openai-model openai-processing-ms openai-beta x-api-version api-version x-timestamp x-date
"""
_HEADERS = frozenset(_HEADERS_WORDS.split())
_HEADER_PREFIXES = (
    "access-control-",
    "ratelimit-",
    "x-ratelimit-",
    "x-rate-limit-",
    "anthropic-ratelimit-",
    "x-stainless-",
    "sec-fetch-",
    "sec-ch-",
)
_FIELDS_WORDS = """
    model stream limit page per_page page_size size offset order sort alt version api-version
    api_version v region lang language locale format output grant_type response_type scope
    algorithm alg timestamp ts expires expires_in x-amz-algorithm x-amz-date x-amz-expires x-amz-
    signedheaders action method prompt_type beta debug pretty verbose
"""
_FIELDS = frozenset(_FIELDS_WORDS.split())
_PARAMETERS_WORDS = """
    realm scope error error_description error_uri algorithm charset qop stale domain service
    resource_metadata authorization_uri resource_id headers signedheaders created expires nc uri
    oauth_signature_method oauth_timestamp oauth_version version max-age path expires samesite
"""
_PARAMETERS = frozenset(_PARAMETERS_WORDS.split())


def header_may_stay(name: str) -> bool:
    """Tell whether the value of this header is shown, known secrets in it apart."""
    lower = name.strip().lower()
    return lower in _HEADERS or lower.startswith(_HEADER_PREFIXES)


def field_may_stay(name: str) -> bool:
    """Tell whether the value of this query or form field is shown."""
    return name.lower() in _FIELDS


def parameter_may_stay(name: str) -> bool:
    """Tell whether this parameter of a challenge or of credentials is shown."""
    return name.lower() in _PARAMETERS
