"""A request field and the first level of its axis are equal, or one is absent."""

from __future__ import annotations

import pytest

from harness.errors import ScenarioError
from harness.scenario_file.reader import read_scenario

EQUAL = {
    "redirects": ("{follow: 5}", "{one: {credentials: same-origin}, two: none}"),
    "timeout": ("1m", "{one: 60s, two: 5s}"),
    "clock": ("0s", "{one: 0ms, two: 1s}"),
    "proxy": ("none", "{one: null, two: 'http://127.0.0.1:3128'}"),
    "client": ("aiohttp", "[aiohttp]"),
    "method": ("GET", "[GET, HEAD]"),
    "headers": ("{A: '1', B: '2'}", "{one: {B: '2', A: '1'}, two: {A: '2'}}"),
    "query": ("{a: '1'}", "{one: {a: '1'}, two: {b: '2'}}"),
    "json": ("{a: 1, b: 2}", "{one: {b: 2, a: 1}, two: {}}"),
    "body": ("a", "{one: 'a', two: b}"),
    "url": ("https://a.example.com/", "{one: 'https://a.example.com/', two: {env: B}}"),
    "key": ("{file: a}", "{one: {file: a, strip: false}, two: {env: B}}"),
    "keys.b": ("{env: A}", "{one: {env: A}, two: {env: B}}"),
}
DIFFERENT = {
    "redirects": ("{follow: 5}", "[none]"),
    "headers": ("{A: '1'}", "{one: {A: '2'}, two: {}}"),
    "headers ": ("{A: '1'}", "{one: [[A, '1'], [A, '1']], two: {}}"),
    "query": ("{a: '1'}", "{one: {b: '1'}, two: {}}"),
    "json": ("{a: 1}", "{one: {a: true}, two: {}}"),
    "json ": ("[1]", "{one: [1.0], two: {}}"),
    "key": ("{env: A}", "{one: {env: B}, two: {env: A}}"),
    "keys.b": ("{env: A}", "{one: {prompt: A}, two: {env: A}}"),
    "method": ("GET", "[HEAD, GET]"),
}


def scenario(field: str, request: str, axis: str) -> bytes:
    by_field = {
        "key": "query: {x: '${key}'}",
        "keys.b": "query: {x: '${keys.b}'}",
        "clock": "sign: {jwt: {secret: {env: S}}}",
    }
    extra = by_field.get(field, "")
    url = "" if field == "url" else "url: https://a.example.com/"
    return (
        f"version: 1\nname: t\nrequest:\n  {field}: {request}\n  {url}\n  {extra}\n"
        f"axes:\n  {field}: {axis}\n"
    ).encode()


@pytest.mark.parametrize("field", EQUAL)
def test_two_spellings_of_one_value_are_equal(field: str) -> None:
    assert read_scenario(scenario(field, *EQUAL[field]), "x.yaml").axes[0].name == field


@pytest.mark.parametrize("field", DIFFERENT)
def test_a_first_level_that_differs_is_an_error(field: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(scenario(field.strip(), *DIFFERENT[field]), "x.yaml")
    message = f"the first level of `{field.strip()}` differs from the request, line 4"
    assert [fault.message for fault in caught.value.faults] == [message]
