from __future__ import annotations

import pytest

from harness.wiring.environment_facts import environment_facts, proxy_shape


def test_versions_are_there_and_proxies_only_where_they_are_set():
    names = ["flip401", "Python", "aiohttp", "vcrpy", "TLS", "platform"]
    assert list(environment_facts({})) == names
    facts = environment_facts({"HTTPS_PROXY": "http://10.0.0.1:8", "no_proxy": "x, ,", "A": "b"})
    assert facts["https_proxy"] == "http://<host>:8"
    assert facts["no_proxy"] == "1 entry"
    assert list(facts) == [*names, "https_proxy", "no_proxy"]


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("http://proxy.corp.acme.com:3128", "http://<host>:3128"),
        ("https://bob:pw@proxy:1", "https://<host>:1, with a login"),
        ("proxy:3128", "http://<host>:3128, written without a scheme"),
        ("socks5h://bob@x", "socks5h://<host>, with a login"),
        ("http://localhost:9", "http://127.0.0.1:9"),
        ("hunter2://x", "?://<host>"),
        ("http://x:99999", "not a URL"),
        ("http://[x", "not a URL"),
    ],
)
def test_a_proxy_is_told_by_its_shape(url: str, shape: str):
    assert proxy_shape(url) == shape
