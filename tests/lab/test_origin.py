from __future__ import annotations

import pytest
from lab.wire import noon, request

from harness.lab.http_message import Answer, Request
from harness.lab.origin import Origin
from harness.lab.redirects import Redirects
from harness.model.scenario import LabRedirect

RULE = LabRedirect("https://moved.example", "https://api.example.com")


class Echo:
    def __init__(self) -> None:
        self.seen: list[Request] = []

    def __call__(self, asked: Request) -> Answer:
        self.seen.append(asked)
        return Answer(200, "OK", ())


def respond(asked: Request) -> tuple[Answer, list[Request]]:
    echo = Echo()
    redirects = Redirects((RULE,), server="openresty", now=noon)
    return Origin(echo, redirects, now=noon).respond(asked), echo.seen


def test_a_request_reaches_the_provider_as_it_came() -> None:
    asked = request("/a?b", ("X-A", "1"), ("x-a", "2"))
    answer, seen = respond(asked)
    assert answer.status == 200
    assert seen == [asked]


@pytest.mark.parametrize(
    "asked",
    [
        request("/", ("Authorization", "Bearer a"), ("authorization", "Bearer b")),
        request("/", ("Host", "two.example")),
        Request(method="GET", target="/", minor_version=1, headers=(), body=b"", scheme="http"),
        request("*"),
        request("models"),
    ],
)
def test_what_nginx_refuses_is_a_bad_request_and_closes(asked: Request) -> None:
    answer, seen = respond(asked)
    assert (answer.status, answer.reason, answer.closes, seen) == (400, "Bad Request", True, [])


def test_http_1_0_needs_no_host() -> None:
    old = Request(method="GET", target="/", minor_version=0, headers=(), body=b"", scheme="http")
    assert respond(old)[0].status == 200


@pytest.mark.parametrize("name", ["X_Api_Key", "X.Key", "Schlüssel", "X\udcffY"])
def test_a_header_with_an_odd_name_is_dropped_in_silence(name: str) -> None:
    _, (seen,) = respond(request("/", (name, "v"), ("X-Ok", "v")))
    assert [pair[0] for pair in seen.headers] == ["Host", "X-Ok"]


def test_an_absolute_target_names_the_host_itself() -> None:
    _, (seen,) = respond(request("http://other.example:81/a?b"))
    assert (seen.target, seen.authority) == ("/a?b", "other.example:81")


def test_an_absolute_target_without_a_path_asks_for_the_root() -> None:
    _, (seen,) = respond(request("HTTPS://other.example"))
    assert (seen.target, seen.authority) == ("/", "other.example")


def test_a_redirect_comes_before_the_provider() -> None:
    answer, seen = respond(request("https://moved.example/x"))
    assert (answer.status, dict(answer.headers)["Location"]) == (307, "https://api.example.com/x")
    assert seen == []
