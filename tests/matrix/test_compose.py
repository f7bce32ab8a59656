from hypothesis import given
from hypothesis import strategies as st
from support.matrices import BEARER, axis, header, scenario

from harness.matrix.compose import compose, merge_patch, plan_of
from harness.model.key_source import EnvSource
from harness.model.request import (
    AutoHeaders,
    BearerSign,
    Direct,
    Edit,
    FormBody,
    JsonBody,
    Patch,
    ProxyRoute,
    RedirectPolicy,
    Removed,
    TextBody,
    TlsSettings,
)
from harness.model.template import Template


def test_a_header_is_replaced_in_place_without_regard_to_case():
    plan = compose(
        [
            Patch(headers=(Edit("A", Template.of("1")), Edit("X-Key", Template.of("2")))),
            Patch(headers=(Edit("a", Template.of("3")), Edit("New", Template.of("4")))),
        ]
    )
    assert plan.headers == (
        ("a", Template.of("3")),
        ("X-Key", Template.of("2")),
        ("New", Template.of("4")),
    )


def test_null_removes_a_header_in_any_case():
    assert compose([header("Authorization", BEARER), header("AUTHORIZATION", None)]).headers == ()


def test_a_list_of_pairs_replaces_all_headers_and_keeps_duplicates():
    pairs = (Edit("A", Template.of("1")), Edit("a", Template.of("2")), Edit("B", None))
    plan = compose([header("X", "0"), Patch(headers=pairs, headers_replace=True)])
    assert plan.headers == (("A", Template.of("1")), ("a", Template.of("2")))


def test_merging_a_duplicated_header_leaves_one():
    pairs = Patch(
        headers=(Edit("A", Template.of("1")), Edit("a", Template.of("2"))), headers_replace=True
    )
    assert compose([pairs, header("A", "3")]).headers == (("A", Template.of("3")),)


def test_query_fields_merge_by_name_and_null_removes():
    plan = compose(
        [
            Patch(query=(Edit("q", Template.of("1")), Edit("r", Template.of("2")))),
            Patch(query=(Edit("Q", Template.of("3")), Edit("r", None))),
        ]
    )
    assert plan.query == (("Q", Template.of("3")),)


def test_the_method_follows_the_body_unless_it_is_given():
    assert compose([Patch()]).method == "GET"
    assert compose([Patch(body=TextBody(Template.of("x")))]).method == "POST"
    assert compose([Patch(method="PUT", body=JsonBody({}))]).method == "PUT"


def test_a_body_of_another_kind_replaces_and_null_removes():
    plan = compose([Patch(body=JsonBody({"a": 1})), Patch(body=FormBody(()))])
    assert plan.body == FormBody(())
    assert compose([Patch(body=JsonBody({})), Patch(body=Removed.REMOVED)]).body is None


def test_a_merge_patch_changes_one_member_of_the_json_body():
    plan = compose(
        [
            Patch(body=JsonBody({"model": "a", "keep": [1]})),
            Patch(body_merge={"model": "b"}, has_body_merge=True),
        ]
    )
    assert plan.body == JsonBody({"model": "b", "keep": [1]})


def test_a_merge_patch_on_no_json_body_starts_from_nothing():
    plan = compose([Patch(body_merge={"a": {"b": None, "c": 1}}, has_body_merge=True)])
    assert plan.body == JsonBody({"a": {"c": 1}})


def test_merge_patch_does_not_change_its_arguments():
    target = {"a": {"b": 1}}
    assert merge_patch(target, {"a": {"b": None}}) == {"a": {}}
    assert target == {"a": {"b": 1}}


# The cases of RFC 7396, appendix A.
def test_merge_patch_follows_the_rfc():
    cases = [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ]
    for target, patch, wanted in cases:
        assert merge_patch(target, patch) == wanted


def test_later_fields_win_and_none_says_nothing():
    route = ProxyRoute("http://p:1")
    first = Patch(sign=BearerSign(), proxy=route, clock_seconds=5.0, client="aiohttp")
    plan = compose([first, Patch()])
    assert (plan.sign, plan.proxy, plan.clock_seconds) == (BearerSign(), route, 5.0)
    off = Patch(
        sign=Removed.REMOVED,
        proxy=Direct.DIRECT,
        clock_seconds=0.0,
        redirects=RedirectPolicy(0),
        timeout_seconds=2.0,
    )
    plan = compose([first, off])
    assert (plan.sign, plan.proxy, plan.clock_seconds) == (None, None, 0.0)
    assert (plan.redirects.follow, plan.timeout_seconds) == (0, 2.0)


def test_keys_are_replaced_by_name():
    plan = compose(
        [
            Patch(keys={"key": EnvSource("A"), "keys.b": EnvSource("B")}),
            Patch(keys={"key": EnvSource("C")}),
        ]
    )
    assert plan.keys == {"key": EnvSource("C"), "keys.b": EnvSource("B")}


def test_a_cell_lays_the_levels_of_its_axes_over_the_baseline():
    made = scenario(
        axis("scheme", bearer=Patch(), lower=header("Authorization", "bearer x")),
        axis("extra", none=Patch(), some=header("X-Extra", "1")),
    )
    assert plan_of(made, (0, 0)).headers == (("Authorization", BEARER),)
    assert plan_of(made, (1, 1)).headers == (
        ("Authorization", Template.of("bearer x")),
        ("X-Extra", Template.of("1")),
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, JSON)
def test_merging_a_patch_twice_is_merging_it_once(target, patch):
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


def test_fields_of_the_connection_are_replaced_whole():
    first = Patch(
        auto_headers=AutoHeaders.NONE,
        http="1.0",
        tls=TlsSettings(verify=False, sni="x.test"),
        resolve=(("a:1", "127.0.0.1:1"), ("b:1", "127.0.0.1:2")),
    )
    plan = compose([first, Patch()])
    assert (plan.auto_headers, plan.http) == (AutoHeaders.NONE, "1.0")
    assert (plan.tls, plan.resolve) == (first.tls, first.resolve)
    second = Patch(
        auto_headers=AutoHeaders.CLIENT, http="1.1", tls=TlsSettings(min="1.2"), resolve=()
    )
    plan = compose([first, second])
    assert (plan.auto_headers, plan.http) == (AutoHeaders.CLIENT, "1.1")
    assert (plan.tls, plan.resolve) == (TlsSettings(min="1.2"), ())
