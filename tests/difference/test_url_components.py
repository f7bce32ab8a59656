import dataclasses

import pytest
from difference.samples import ONE, told
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.difference import Part
from harness.difference.url_components import compare_form, compare_urls, form_fields, split_url


def differences(left: str, right: str) -> list[tuple[str, str | None, str | None, str]]:
    return told(compare_urls(left, right, ONE))


BASE = "https://api.example.com/v1/me"


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        (BASE, BASE, []),
        (BASE, BASE.upper().replace("/V1/ME", "/v1/me"), []),
        (BASE, "https://api.example.com:443/v1/me", []),
        (BASE, "https://api.example.com:8443/v1/me", [("port", "443", "8443", "")]),
        (
            BASE,
            "http://api.example.com/v1/me",
            [("scheme", "https", "http", ""), ("port", "443", "80", "")],
        ),
        (
            BASE,
            "https://api.example.org/v1/me",
            [("host", "api.example.com", "api.example.org", "")],
        ),
        ("https://a.example", "https://a.example/", []),
        (BASE, f"{BASE}/", [("path", "/v1/me", "/v1/me/", "an empty segment added")]),
        (
            BASE,
            "https://api.example.com//v1/me",
            [("path", "/v1/me", "//v1/me", "an empty segment added")],
        ),
        (BASE, "https://api.example.com/me", [("path", "/v1/me", "/me", "v1 left out")]),
        (
            BASE,
            "https://api.example.com/v2/me",
            [("path", "/v1/me", "/v2/me", "v2 in place of v1")],
        ),
        (BASE, f"{BASE}?a=1", [("query field a", None, "a=1", "")]),
        (f"{BASE}?a=1&b=2", f"{BASE}?b=2&a=1", [("order of the query", "a, b", "b, a", "")]),
        (f"{BASE}?a=1&a=2", f"{BASE}?a=2", [("query field a (1)", "a=1", None, "")]),
        (
            f"{BASE}?A=1",
            f"{BASE}?a=1",
            [("query field A", "A=1", None, ""), ("query field a", None, "a=1", "")],
        ),
        (f"{BASE}?flag", f"{BASE}?flag=", []),
        (f"{BASE}#a", f"{BASE}#b", [("fragment", "a", "b", "")]),
        ("no-url", "/no-url", [("path", "no-url", "/no-url", "no-url added")]),
        (
            "https://RDX~s1.user.L4-7~:RDX~s2.pw.L8-11~@a.example/",
            "https://a.example/",
            [("userinfo of the URL", "RDX~s1.user.L4-7~:RDX~s2.pw.L8-11~", None, "")],
        ),
        (
            f"{BASE}?key=RDX~s1.sk.L35.Chex~",
            f"{BASE}?key=RDX~s2.sk.L36.Chex.wtlf1~",
            [
                (
                    "query field key",
                    "key=RDX~s1.sk.L35.Chex~",
                    "key=RDX~s2.sk.L36.Chex.wtlf1~",
                    "36 characters in place of 35, a line feed at its end",
                )
            ],
        ),
    ],
)
def test_urls_are_compared_by_component(left: str, right: str, found: list[object]) -> None:
    assert differences(left, right) == found


def test_a_field_that_carries_a_key_counts_as_a_credential() -> None:
    found = compare_urls(f"{BASE}?api_key=a&n=1", f"{BASE}?api_key=b&n=2", ONE)
    assert [one.part for one in found] == [Part.CREDENTIALS, Part.URL]


def test_very_long_paths_are_shown_whole_without_their_segments() -> None:
    ((_, _, _, words),) = differences(f"https://a.example{'/a' * 200}", "https://a.example/a")
    assert words == ""


def test_a_url_is_taken_apart_without_decoding() -> None:
    parts = split_url("HTTPS://u:p@[::1]:8443/a%2Fb?q=%20#f")
    assert dataclasses.astuple(parts) == ("https", "u:p", "[::1]", "8443", "/a%2Fb", "q=%20", "f")
    assert parts.target == "/a%2Fb?q=%20"
    assert split_url("https://a.example").target == "/"


def test_the_fields_of_a_form_are_named_as_such() -> None:
    found = told(compare_form("a=1&b=2;c", "a=1&b=3;c", Part.BODY, "form", ONE))
    assert found == [("form field b", "b=2", "b=3", "")]
    assert [one.name for one in form_fields("a=1&&b;c=2=3")] == ["a", "b", "c"]


@given(st.text("ab:/?#&=@[]%~", max_size=20))
def test_any_text_is_compared_and_is_the_same_as_itself(text: str) -> None:
    assert list(compare_urls(text, text, ONE)) == []
