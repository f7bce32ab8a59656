from __future__ import annotations

import pytest

from harness.model.outcome import Matcher, MatchKind, OutcomeRule, OutcomeRules, StatusRange
from harness.scenario_file.provider_preset import preset_for
from harness.scenario_file.reader import read_scenario

UNAUTHORIZED = OutcomeRule(statuses=(StatusRange(401, 401),))


def bad_request(text: str) -> OutcomeRule:
    matcher = Matcher(MatchKind.CONTAINS, text)
    return OutcomeRule(statuses=(StatusRange(400, 400),), text=(matcher,))


@pytest.mark.parametrize("host", ["api.deepseek.com", "api.example.com", "", "x.ai"])
def test_most_hosts_deny_with_401(host: str) -> None:
    assert preset_for(host) == OutcomeRules()


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("generativelanguage.googleapis.com", "API_KEY_INVALID"),
        ("api.x.ai", "Incorrect API key"),
    ],
)
def test_some_providers_deny_with_400_and_a_text(host: str, text: str) -> None:
    assert preset_for(host).denied == (UNAUTHORIZED, bad_request(text))
    assert preset_for(host).passing == OutcomeRules().passing


@pytest.mark.parametrize(
    "rest",
    [
        "request: {url: 'https://API.x.ai/v1'}",
        "request: {url: {env: BASE, default: 'https://api.x.ai/'}}",
        "request: {}\naxes: {url: {one: 'https://api.x.ai/', two: 'https://b.example.com/'}}",
        "request: {url: 'https://api.x.ai/'}\noutcome: {pass: [{status: 204}]}",
    ],
)
def test_the_preset_follows_the_url_of_the_baseline(rest: str) -> None:
    scenario = read_scenario(f"version: 1\nname: t\n{rest}\n".encode(), "scenario.yaml")
    assert scenario.outcome.denied == (UNAUTHORIZED, bad_request("Incorrect API key"))


def test_a_url_from_the_environment_alone_has_no_preset_of_its_own() -> None:
    text = b"version: 1\nname: t\nrequest: {url: {env: BASE}}\n"
    assert read_scenario(text, "scenario.yaml").outcome == OutcomeRules()
