import pytest
from support.matrices import header

from harness.matrix.leaves import leaves, overlap
from harness.model.key_source import EnvSource
from harness.model.request import (
    AutoHeaders,
    BearerSign,
    Direct,
    Edit,
    JsonBody,
    Patch,
    RedirectPolicy,
    TlsSettings,
)
from harness.model.template import Template


def test_every_field_is_a_leaf():
    patch = Patch(
        method="GET",
        url=Template.of("http://x"),
        query=(Edit("Q", None),),
        headers=(Edit("A", None),),
        body=JsonBody({}),
        keys={"key": EnvSource("K"), "keys.two": EnvSource("K")},
        sign=BearerSign(),
        clock_seconds=0.0,
        proxy=Direct.DIRECT,
        client="aiohttp",
        redirects=RedirectPolicy(),
        timeout_seconds=1.0,
    )
    assert leaves(patch) == {
        "method",
        "url",
        "query.q",
        "headers.a",
        "body",
        "key",
        "keys.two",
        "sign",
        "clock",
        "proxy",
        "client",
        "redirects",
        "timeout",
    }


def test_an_empty_patch_writes_nothing():
    assert leaves(Patch()) == frozenset()


def test_a_merge_patch_writes_its_pointers():
    patch = Patch(body_merge={"a": {"b": 1, "c/d~e": 2}, "f": {}}, has_body_merge=True)
    assert leaves(patch) == {"body/a/b", "body/a/c~1d~0e", "body/f"}


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ({"url"}, {"url"}, "url"),
        ({"url"}, {"query.q"}, ""),
        ({"headers.*"}, {"headers.a"}, "headers.a"),
        ({"headers.a"}, {"headers.ab"}, ""),
        ({"body"}, {"body/a"}, "body/a"),
        ({"body/a"}, {"body/a/b"}, "body/a/b"),
        ({"body/a"}, {"body/ab"}, ""),
        ({"key"}, {"keys.two"}, ""),
    ],
)
def test_overlap_names_the_shared_leaf_either_way_round(one, other, shared):
    assert overlap(frozenset(one), frozenset(other)) == shared
    assert overlap(frozenset(other), frozenset(one)) == shared


def test_names_of_headers_are_compared_without_regard_to_case():
    assert overlap(leaves(header("X-A", "1")), leaves(header("x-a", None))) == "headers.x-a"


def test_fields_of_the_connection_are_leaves():
    patch = Patch(auto_headers=AutoHeaders.NONE, http="1.0", tls=TlsSettings(), resolve=())
    assert leaves(patch) == {"auto_headers", "http", "tls", "resolve"}
