"""The names whose values may stay: what is not listed here keeps its form only.

Lists of what to hide always miss one (`Authorisation: …` is a cause of 401 and a leak in every
tool that has such a list), so these are lists of what to show.
"""

from __future__ import annotations

_HEADERS_WORDS = """
    accept accept-charset accept-encoding accept-language accept-ranges age allow alt-svc
    cache-control connection content-encoding content-disposition content-language
    content-length content-md5 content-range content-type cross-origin-opener-policy
    cross-origin-resource-policy cross-origin-embedder-policy date expect expires host
    if-modified-since if-unmodified-since keep-alive last-modified max-forwards nel pragma
    range report-to reporting-endpoints retry-after server strict-transport-security te
    trailer transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning
    x-powered-by x-content-type-options x-frame-options x-xss-protection x-robots-tag
    x-download-options x-permitted-cross-domain-policies x-ua-compatible
    x-dns-prefetch-control referrer-policy permissions-policy content-security-policy
    content-security-policy-report-only digest content-digest repr-digest preference-applied
    x-ds-trace-id x-amzn-requestid x-amz-id-2 x-github-media-type
    x-github-api-version-selected x-accepted-oauth-scopes x-oauth-scopes
    x-accepted-github-permissions docker-distribution-api-version audit-id gitlab-lb
    gitlab-sv cf-ray cf-cache-status cf-mitigated
    eo-log-uuid eo-cache-status x-cache x-cache-hits x-cache-lookup x-served-by x-timer
    x-should-retry x-envoy-upstream-service-time x-envoy-decorator-operation
    x-envoy-attempt-count server-timing x-amzn-errortype x-amz-date x-amz-content-sha256
    x-amz-cf-pop x-amz-cf-id x-amz-bucket-region x-amz-apigw-id x-amz-server-side-encryption
    x-tc-action x-tc-version x-tc-timestamp x-tc-region x-tc-language x-runtime
    x-response-time x-process-time x-kong-upstream-latency x-kong-proxy-latency
    x-kong-response-latency x-squid-error proxy-connection proxy-status
    x-http-method-override anthropic-version anthropic-beta openai-version openai-model
    openai-processing-ms openai-beta x-api-version api-version api-supported-versions
    x-ms-version x-ms-region x-ms-error-code x-ms-rai-invoked x-timestamp x-date
    x-total-count x-total x-total-pages x-page x-per-page x-next-page x-prev-page
    stripe-version x-content-type-version x-region x-environment x-app-version x-build
    x-version x-instance-type x-model x-model-version x-compute-time x-compute-type
    x-inference-time x-queue-time x-backend x-proxy-cache x-varnish x-edge-location
    x-azure-ref x-vercel-cache x-nf-request-id x-fastly-request-id fly-request-id
    x-goog-generation x-goog-metageneration x-goog-hash x-goog-storage-class
    x-guploader-uploadid x-cloud-trace-context traceparent request-context x-contextid
    x-shopify-stage x-slack-req-id x-oauth-scopes-supported deprecation sunset priority
    early-data sec-gpc dnt
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
_HEADER_SUFFIXES = ("request-id", "trace-id", "correlation-id", "requestid", "traceid")
"""Ids by which a provider finds a request in its logs: a bug report needs them."""

_LIMITS = frozenset({"ratelimit", "x-ratelimit"})
_FIELDS_WORDS = """
    model stream limit page per_page page_size size offset order sort alt version
    api-version api_version v region lang language locale format output grant_type
    response_type scope algorithm alg timestamp ts expires expires_in x-amz-algorithm
    x-amz-date x-amz-expires x-amz-signedheaders action method prompt_type beta debug pretty
    verbose token_type_hint temperature top_p max_tokens n include fields expand type status
"""
_FIELDS = frozenset(_FIELDS_WORDS.split())
_PARAMETERS_WORDS = """
    realm scope error error_description error_uri algorithm charset qop stale domain service
    resource_metadata authorization_uri resource_id headers signedheaders created expires nc
    uri oauth_signature_method oauth_timestamp oauth_version version max-age path expires
    samesite
"""
_PARAMETERS = frozenset(_PARAMETERS_WORDS.split())


def header_may_stay(name: str) -> bool:
    """Tell whether the value of this header is shown, known secrets in it apart."""
    lower = name.strip().lower()
    return (
        lower in _HEADERS
        or lower in _LIMITS
        or lower.startswith(_HEADER_PREFIXES)
        or lower.endswith(_HEADER_SUFFIXES)
    )


def field_may_stay(name: str) -> bool:
    """Tell whether the value of this query or form field is shown."""
    return name.lower() in _FIELDS


def parameter_may_stay(name: str) -> bool:
    """Tell whether this parameter of a challenge or of credentials is shown."""
    return name.lower() in _PARAMETERS
