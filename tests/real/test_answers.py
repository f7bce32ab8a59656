"""Answers that are not the plain 401: another status, a token that must not be recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.product import Json, Product

pytestmark = pytest.mark.real


def logins(url: str, username: str, **request: Json) -> Json:
    right = {"basic": {"username": username, "password": {"env": "PASSWORD"}}}
    wrong = {"basic": {"username": username, "password": {"literal": "wrong"}}}
    return {
        "request": {"url": url, "sign": right, **request},
        "axes": {"sign": {"right": right, "wrong": wrong}},
    }


def test_a_token_endpoint_refuses_a_wrong_secret_and_its_token_is_not_recorded(
    issuer_url: str, product: Product
):
    form = {"grant_type": "client_credentials", "scope": "read"}
    scenario = logins(f"{issuer_url}/token", "app", method="POST", form=form)
    ran = replace(product, environ={"PASSWORD": "app-secret"}).run(scenario)
    assert ran.statuses == {"baseline": 200, "sign=wrong": 401}
    records = ran.exchanges()
    refused = records["sign=wrong/1/main/0/1"]["response"]
    assert 'error="invalid_client"' in refused["headers"]["WWW-Authenticate"][0]
    assert "client authentication failed" in refused["body"]["string"]
    granted = records["baseline/1/main/0/1"]["response"]["body"]["string"]
    assert '"access_token"' in granted
    assert "eyJ" not in granted  # how every JSON Web Token begins
    text = (ran.folder / str(ran.run["cassette"])).read_text()
    assert "app-secret" not in text


def test_what_counts_as_denied_is_the_scenarios_to_say(httpbin_url: str, product: Product):
    """httpbin hides behind 404 what a login would show."""
    url = f"{httpbin_url}/hidden-basic-auth/user/pass"
    asked = replace(product, environ={"PASSWORD": "pass"})
    plain = asked.run(logins(url, "user"))
    assert plain.outcomes == {"baseline": "pass", "sign=wrong": "other"}
    told = asked.run({**logins(url, "user"), "outcome": {"denied": [{"status": 404}]}})
    assert told.outcomes == {"baseline": "pass", "sign=wrong": "denied"}
    (finding,) = told.findings
    assert (set(finding["flip"]), finding["confidence"]) == ({"sign"}, "proved")


def test_the_logins_of_httpbin_say_401_in_their_own_way(httpbin_url: str, product: Product):
    places = {
        "bearer": ("/bearer", "Bearer"),
        "basic": ("/basic-auth/user/pass", 'Basic realm="Fake Realm"'),
        "digest": ("/digest-auth/auth/user/pass/SHA-256", "Digest "),
    }
    ran = product.run(
        {
            "request": {"url": f"{httpbin_url}/status/200"},
            "axes": {
                "url": {
                    "open": f"{httpbin_url}/status/200",
                    **{name: httpbin_url + path for name, (path, _) in places.items()},
                }
            },
        }
    )
    for name, (_, challenge) in places.items():
        answer = ran.exchanges()[f"url={name}/1/main/0/1"]["response"]
        assert answer["status"] == {"code": 401, "message": "UNAUTHORIZED"}
        assert answer["headers"]["WWW-Authenticate"][0].startswith(challenge)
