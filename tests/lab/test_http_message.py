from __future__ import annotations

import pytest
from lab.wire import NOON_DATE, noon, request

from harness.lab.http_message import Answer, error_page, http_date


@pytest.mark.parametrize(
    ("minor_version", "headers", "keeps"),
    [
        (1, (), True),
        (1, (("Connection", "Close"),), False),
        (1, (("Connection", "x, close"),), False),
        (0, (), False),
        (0, (("connection", "Keep-Alive"),), True),
        (1, (("Connection", "keep-alive"), ("Connection", "close")), False),
    ],
)
def test_a_connection_is_kept_as_the_client_asks(
    minor_version: int, headers: tuple[tuple[str, str], ...], *, keeps: bool
) -> None:
    assert request("/", *headers, minor_version=minor_version).keeps_alive is keeps


def test_an_answer_is_the_bytes_it_says_in_the_order_it_says() -> None:
    answer = Answer(401, "Go Away", (("b", "2"), ("A", "é"), ("A", "\udcff")), b"body")
    expected = b"HTTP/1.1 401 Go Away\r\nb: 2\r\nA: \xc3\xa9\r\nA: \xff\r\n\r\nbody"
    assert answer.to_bytes(method="GET", closes=False) == expected


def test_only_a_closing_answer_says_so() -> None:
    answer = Answer(200, "OK", (("A", "b"),))
    expected = b"HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n"
    assert answer.to_bytes(method="GET", closes=True) == expected


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_an_answer_that_has_no_body_sends_none(method: str, status: int) -> None:
    answer = Answer(status, "X", (("Content-Length", "4"),), b"body")
    expected = f"HTTP/1.1 {status} X\r\nContent-Length: 4\r\n\r\n".encode()
    assert answer.to_bytes(method=method, closes=False) == expected


def test_a_request_shows_its_method_only() -> None:
    shown = repr(request("/?key=secret", ("Authorization", "secret"), body=b"secret"))
    assert shown == "<Request GET>"


def test_an_error_page_is_the_one_that_nginx_gives() -> None:
    page = error_page(400, "Bad Request", server="openresty", now=noon, detail="Too Large")
    assert page.headers == (
        ("Server", "openresty"),
        ("Date", NOON_DATE),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(page.body))),
    )
    assert page.body.splitlines() == [
        b"<html>",
        b"<head><title>400 Bad Request</title></head>",
        b"<body>",
        b"<center><h1>400 Bad Request</h1></center>",
        b"<center>Too Large</center>",
        b"<hr><center>openresty</center>",
        b"</body>",
        b"</html>",
    ]
    assert page.body.endswith(b"</html>\r\n")


def test_a_date_is_in_the_form_of_http() -> None:
    assert http_date(noon) == NOON_DATE
