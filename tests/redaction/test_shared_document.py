from __future__ import annotations

from typing import Any

import pytest

from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.share_profile import Bodies, ShareSettings
from harness.redaction.shared_document import SharedDocument


def shared(scenario: object, *, bodies: Bodies = Bodies.SHAPE, **facts: object) -> Any:
    redactor = Redactor(SecretRegistry())
    profile = redactor.share_profile(ShareSettings(bodies=bodies))
    return SharedDocument(profile).run({**facts, "scenario": scenario})


def request(**fields: object) -> Any:
    return shared({"request": fields})["scenario"]["request"]


def test_sources_lose_their_folders_and_keep_their_file():
    told = shared(
        {}, sources=[{"place": "/acme/prod/.env:3 KEY", "shape": {"length": 35}}], lab=False
    )
    assert told["sources"] == [{"place": "RDX~s1.dir~/.env:3 KEY", "shape": {"length": 35}}]
    assert told["lab"] is False


def test_what_is_no_run_is_none():
    redactor = Redactor(SecretRegistry())
    document = SharedDocument(redactor.share_profile(ShareSettings()))
    assert document.run(None) is None
    assert document.run(["x"]) is None
    assert document.run({"scenario": "x"}) == {"scenario": "x"}


def test_levels_keep_their_names_and_stay_apart():
    axes = {
        "key": {"bob": {"file": "/home/bob/k"}, "10.0.0.1": {"file": "/home/eve/k"}},
        "clock": ["0s", "-10m"],
        "prompt": {"a": {"json": {"content": "yes"}}, "b": {"json": {"content": "no!"}}},
    }
    told = shared({"axes": axes, "expect": [{"when": {"key": "10.0.0.1"}}]})["scenario"]
    assert told["axes"]["key"] == {
        "bob": {"file": "RDX~s1.dir~/k"},
        "10.0.0.1": {"file": "RDX~s2.dir~/k"},
    }
    assert told["axes"]["clock"] == ["0s", "-10m"]
    assert told["axes"]["prompt"]["a"] != told["axes"]["prompt"]["b"]
    assert told["expect"] == [{"when": {"key": "10.0.0.1"}}]
    assert shared({"axes": ["x"]})["scenario"]["axes"] == ["x"]


@pytest.mark.parametrize(
    "value",
    [
        *("Bearer ${key}", '"${key}"', "Bearer ${key} prod", "Bearer $${key}", "Bearer $API_KEY"),
        *("Bearer null", "Bearer", "", None, "sk-your-api-key-here"),
    ],
)
def test_a_credential_header_is_as_it_was(value: str | None):
    assert request(headers={"Authorization": value}) == {"headers": {"Authorization": value}}
    assert request(headers=[["Authorization", value]]) == {"headers": [["Authorization", value]]}


def test_another_headers_value_goes_by_its_name():
    told = request(headers={"X-Team": "atlas", "Accept": "text/plain", "Via": "gw.internal"})
    assert told["headers"]["X-Team"].startswith("RDX~")
    assert told["headers"]["Accept"] == "text/plain"
    assert told["headers"]["Via"].startswith("RDX~")
    assert request(headers=["odd", 5])["headers"] == ["odd", 5]
    assert request(headers=5)["headers"] == 5


def test_a_body_is_a_shape_around_the_keys_in_it():
    told = request(
        json={"model": "m", "n": 2, "age": 37, "note": "a ${key} b", "list": ["x y", 1.5, True]}
    )["json"]
    assert told["model"] == "m"
    assert told["n"] == 2
    assert told["age"] == 1
    assert told["note"].startswith("RDX~")
    assert "${key}" in told["note"]
    assert told["list"][1:] == [2.0, True]
    text = request(body='{"prompt": "all of it", "key": "${key}", "price": "$${x}"}')["body"]
    assert "all of it" not in text
    assert "${key}" in text
    assert "price" not in text


def test_bodies_can_be_kept():
    told = shared({"request": {"json": {"a": "b c"}, "body": "x"}}, bodies=Bodies.KEEP)
    assert told["scenario"]["request"] == {"json": {"a": "b c"}, "body": "x"}


def test_fields_go_by_name():
    told = request(query={"model": "m", "user": "bob", "key": "${key}", "n": None})["query"]
    assert (told["model"], told["key"], told["n"]) == ("m", "${key}", None)
    assert told["user"].startswith("RDX~")
    assert request(form={"who": "bob"})["form"]["who"].startswith("RDX~")


def test_urls_keep_public_hosts_and_hide_the_rest():
    assert request(url="https://api.deepseek.com/v1")["url"] == "https://api.deepseek.com/v1"
    told = request(url="http://llm.internal:8000/v1?user=bob&key=${key}")["url"]
    assert told.startswith("http://RDX~s1.host~:8000/v1?user=RDX~")
    assert told.endswith("&key=${key}")
    assert request(proxy="http://proxy.lan:3128")["proxy"] == "http://RDX~s1.host~:3128"
    assert request(proxy={"url": "http://p.lan:1", "username": "bob"})["proxy"] == {
        "url": "http://RDX~s1.host~:1",
        "username": "RDX~s2.user~",
    }


def test_addresses_to_connect_to_stay_addresses():
    told = request(
        resolve={
            "api.deepseek.com:443": "10.0.0.5:8443",
            "x.lan:1": "10.0.0.5:9",
            "a.example.com:1": "[fd00::1]:2",
            "b.example.com:1": "127.0.0.1:2",
            "c.example.com:1": "odd",
            "d.example.com:1": 5,
        }
    )["resolve"]
    assert told == {
        "api.deepseek.com:443": "192.0.2.1:8443",
        "RDX~s1.host~:1": "192.0.2.1:9",
        "a.example.com:1": "[2001:db8::2]:2",
        "b.example.com:1": "127.0.0.1:2",
        "c.example.com:1": "odd",
        "d.example.com:1": 5,
    }


def test_other_names_of_people_and_places():
    told = request(
        tls={"ca": "/etc/acme/ca.pem", "sni": "gateway", "verify": True},
        key={"keyring": {"service": "deepseek", "user": "bob"}},
        sign={"jwt": {"claims": {"sub": "bob of acme", "iss": "https://a.example.com", "exp": 5}}},
    )
    assert told["tls"] == {"ca": "RDX~s1.dir~/ca.pem", "sni": "RDX~s2.host~", "verify": True}
    assert told["key"]["keyring"] == {"service": "deepseek", "user": "RDX~s3.user~"}
    claims = told["sign"]["jwt"]["claims"]
    assert claims["sub"].startswith("RDX~")
    assert (claims["iss"], claims["exp"]) == ("https://a.example.com", 5)


def test_rules_and_the_lab_keep_their_words():
    told = shared(
        {
            "outcome": {"denied": [{"text": {"contains": "no such user at gw.internal"}}]},
            "lab": {"keys": {"dotenv": {"suffix": '"'}}},
        }
    )["scenario"]
    assert told["outcome"] == {"denied": [{"text": {"contains": "no such user at RDX~s1.host~"}}]}
    assert told["lab"] == {"keys": {"dotenv": {"suffix": '"'}}}
