from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.replay_match.origin import (
    Origin,
    hosts_named,
    normal_path,
    split_prefixed,
    split_url,
)

A = Origin("https", "a.example", 443)


def test_an_absolute_url_is_cut_without_its_fragment_and_userinfo():
    target = split_url("HTTPS://me:pw@A.Example/p%2Fq?x=1&y#frag")
    assert (target.origin, target.path, target.query) == (A, "/p%2Fq", "x=1&y")
    assert target.spelling == "/p%2Fq?x=1&y"
    assert "x=1" not in repr(target)


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://a.example", "/", None),
        ("https://a.example?q", "/", "q"),
        ("//x//y?", "//x//y", ""),
    ],
)
def test_odd_targets_keep_their_path(url: str, path: str, query: str | None):
    target = split_url(url)
    assert (target.path, target.query) == (path, query)


def test_a_port_is_written_where_it_is_not_the_usual_one():
    assert str(Origin("http", "[::1]", 8080)) == "http://[::1]:8080"
    assert A.prefix == "/https/a.example"


@pytest.mark.parametrize(
    ("target", "origin", "path"),
    [
        ("/https/a.example/v1/x", A, "/v1/x"),
        ("/https/a.example", A, "/"),
        ("/http/%5B::1%5D:8080/x", Origin("http", "[::1]", 8080), "/x"),
    ],
)
def test_a_prefix_names_the_origin(target: str, origin: Origin, path: str):
    found = split_prefixed(target)
    assert found is not None
    assert (found.origin, found.path) == (origin, path)


@pytest.mark.parametrize(
    "target", ["/v1/https/a.example", "/ftp/a.example/x", "/https/", "/https/:1/x"]
)
def test_anything_else_is_no_prefix(target: str):
    assert split_prefixed(target) is None


def test_the_forwarded_host_goes_before_the_host():
    headers = (("Host", "127.0.0.1:1"), ("X-Forwarded-Host", "a.example"))
    assert A in hosts_named(headers)
    told = (*headers, ("X-Forwarded-Proto", "http"))
    assert hosts_named(told) == {Origin("http", "a.example", 80)}
    assert hosts_named(()) == frozenset()


def test_a_redacted_host_keeps_its_placeholder():
    origin = split_url("https://RDX~s3.host.L24-~:8443/x").origin
    assert origin == Origin("https", "RDX~s3.host.L24-~", 8443)


@pytest.mark.parametrize(
    ("path", "normal"),
    [("/a%2fb", "/a%2Fb"), ("/%7Eme", "/~me"), ("/é", "/%C3%A9"), ("/a b", "/a%20b"), ("/%", "/%")],
)
def test_equal_paths_have_one_spelling(path: str, normal: str):
    assert normal_path(path) == normal


@given(st.text(alphabet="/%2Ffaé~ .RDX"))
def test_the_normal_spelling_is_its_own(path: str):
    assert normal_path(normal_path(path)) == normal_path(path)
