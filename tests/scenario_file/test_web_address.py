from __future__ import annotations

import pytest

from harness.scenario_file.web_address import host_of, is_web_address, query_fields, userinfo_of


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *(("https://a.b/c?d=e#f", True), ("http://127.0.0.1:3128", True), ("HTTPS://A.B", True)),
        *(("http://[::1]:80/", True), ("https://${key}.b/", True), ("https://a.b/${key}", True)),
        *(("a.b/c", False), ("ftp://a.b/", False), ("https://", False), ("https:///x", False)),
        *(("https://a b/", False), ("https://a.b/\u202e", False), ("http://[::1", False)),
        *(("https://a.b:0/", False), ("https://a.b:65536/", False), ("https://a.b:x/", False)),
        *(("https://a.b\\@c.d/", False), ("", False)),
    ],
)
def test_a_web_address_is_whole_and_http(text: str, is_one: bool) -> None:  # noqa: FBT001 - a table
    assert is_web_address(text) is is_one


@pytest.mark.parametrize(
    ("text", "host"),
    [("https://API.x.AI:443/v1", "api.x.ai"), ("x", ""), ("http://[::1", ""), ("", "")],
)
def test_the_host_is_in_lower_case(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    ("text", "userinfo"),
    [
        ("https://u:p@a.b/", "u:p"),
        ("https://u@p@a.b/", "u@p"),
        ("https://a.b/@c", ""),
        ("https://a.b?x@y", ""),
        ("no url @", ""),
    ],
)
def test_the_userinfo_stands_before_the_last_at_of_the_authority(text: str, userinfo: str) -> None:
    assert userinfo_of(text) == userinfo


def test_query_fields_are_names_and_raw_values() -> None:
    found = query_fields("https://a.b/?a=b&api%5Fkey=c+d&&e#?f=g")
    assert found == (("a", "b"), ("api_key", "c+d"), ("e", ""))
