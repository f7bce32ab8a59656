"""A URL in the form that clients leave as it is."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
import requests
import yarl
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette_format.replay_url import replay_url

URLS = {
    "HTTP://API.Example.COM": "http://api.example.com/",
    "http://h:8080/a/./b/../c": "http://h:8080/a/c",
    "http://h/a/..": "http://h/",
    "http://h/../x/.": "http://h/x/",
    "http://h//double//x": "http://h//double//x",
    "http://h/%7euser/%2f%41": "http://h/~user/%2FA",
    "http://h/a%40b%3ac": "http://h/a@b:c",
    "http://h/a b|c": "http://h/a%20b%7Cc",
    "http://h/100%": "http://h/100%25",
    "http://h/é": "http://h/%C3%A9",
    "http://h/x?a=b c&d=%zz#part": "http://h/x?a=b%20c&d=%25zz",
    "http://RDX~s1~:RDX~s2~@h/x": "http://RDX~s1~:RDX~s2~@h/x",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
    "http://bücher.example/": "http://xn--bcher-kva.example/",
    "not a url": "not a url",
    "http://h:99999/": "http://h:99999/",
    "http://[bad/": "http://[bad/",
}


@pytest.mark.parametrize(("given", "wanted"), URLS.items())
def test_the_form(given: str, wanted: str) -> None:
    assert replay_url(given) == wanted


def paths(url: str) -> set[str]:
    """Return the paths that the clients ask for."""
    prepared = requests.Request("GET", url).prepare().url or ""
    return {
        httpx.URL(url).raw_path.decode().partition("?")[0],
        urlsplit(prepared).path,
        yarl.URL(url).raw_path,
    }


@given(
    st.text(st.sampled_from("aZ09-._~!$&'()*+,;=:@/ \"<>[]{}|\\^`%é中"), max_size=12),
    st.lists(st.sampled_from(["%41", "%2f", "%2F", "%7e", "%40", "%20", "%ff", "/../", "/./"])),
)
def test_clients_agree_on_it(text: str, escapes: list[str]) -> None:
    url = replay_url("http://host.example/x" + text + "".join(escapes))
    assert paths(url) == {url.removeprefix("http://host.example")}
    assert replay_url(url) == url
