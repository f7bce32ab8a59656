from __future__ import annotations

import pytest
from lab.wire import noon, request

from harness.errors import UsageError
from harness.lab.http_message import Request
from harness.lab.redirects import Redirects
from harness.model.scenario import LabRedirect


def location(
    rule: LabRedirect, target: str, *, host: str = "api.example.com", scheme: str = "http"
) -> str | None:
    redirects = Redirects((rule,), server="openresty", now=noon)
    asked = Request(
        method="POST",
        target=target,
        minor_version=1,
        headers=(("Host", host),),
        body=b"",
        scheme=scheme,
    )
    answer = redirects.answer(asked)
    return dict(answer.headers)["Location"] if answer else None


TO_HTTPS = LabRedirect("http://api.example.com", "https://api.example.com", 308)
TO_V1 = LabRedirect("https://api.example.com/beta/", "https://other.example/v1/", 301)


@pytest.mark.parametrize(
    ("rule", "scheme", "host", "target", "expected"),
    [
        (TO_HTTPS, "http", "api.example.com", "/a/b?c=d", "https://api.example.com/a/b?c=d"),
        (TO_HTTPS, "http", "API.example.com:80", "/", "https://api.example.com/"),
        (TO_HTTPS, "https", "api.example.com", "/a", None),
        (TO_HTTPS, "http", "api.example.com:8080", "/a", None),
        (TO_HTTPS, "http", "api.example.com.evil", "/a", None),
        (TO_HTTPS, "http", "api.example.com:x", "/a", None),
        (TO_V1, "https", "api.example.com", "/beta/models", "https://other.example/v1/models"),
        (TO_V1, "https", "api.example.com", "/beta?x", "https://other.example/v1?x"),
        (TO_V1, "https", "api.example.com", "/betamax", None),
    ],
)
def test_path_and_query_go_along_and_only_that_origin_is_redirected(
    rule: LabRedirect, scheme: str, host: str, target: str, expected: str | None
) -> None:
    assert location(rule, target, host=host, scheme=scheme) == expected


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "Moved Permanently"),
        (302, "Found"),
        (303, "See Other"),
        (307, "Temporary Redirect"),
        (308, "Permanent Redirect"),
    ],
)
def test_each_redirect_status_has_its_reason(status: int, reason: str) -> None:
    rule = LabRedirect("http://api.example.com", "https://api.example.com", status)
    answer = Redirects((rule,), server="s", now=noon).answer(request(scheme="http"))
    assert answer is not None
    assert (answer.status, answer.reason) == (status, reason)


def test_the_first_rule_that_fits_wins() -> None:
    rules = (LabRedirect("http://api.example.com/a", "http://one.example"), TO_HTTPS)
    answer = Redirects(rules, server="s", now=noon).answer(request("/a/b", scheme="http"))
    assert answer is not None
    assert dict(answer.headers)["Location"] == "http://one.example/b"


@pytest.mark.parametrize(
    "rule",
    [
        LabRedirect("ftp://a.example", "http://b.example"),
        LabRedirect("http://a.example", "b.example"),
        LabRedirect("http://a.example?x=y", "http://b.example"),
        LabRedirect("http://a.example:99999", "http://b.example"),
        LabRedirect("http://[::1", "http://b.example"),
        LabRedirect("http:///path", "http://b.example"),
        LabRedirect("http://a.example", "http://b.example/\r\nX: y"),
        LabRedirect("http://a.example", "http://b.example", 200),
    ],
)
def test_a_rule_that_is_no_redirect_is_refused(rule: LabRedirect) -> None:
    with pytest.raises(UsageError, match=r"lab\.redirects"):
        Redirects((rule,), server="s", now=noon)
