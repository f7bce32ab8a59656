from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction.samples import BASE62, made_up, secret

from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber
from harness.redaction.url_parts import proxy_host, redact_fields, redact_proxy, redact_url

KEY = made_up(1)
LABEL = "RDX~s1.sk.L35.Chex~"


@pytest.fixture
def scrub() -> Scrubber:
    registry = SecretRegistry()
    registry.add(secret(KEY))
    return Scrubber(registry)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.deepseek.com/v1/chat/completions",
        "http://127.0.0.1:8080/a%2Fb/?model=a%20b&stream=true&flag",
        "https://host/path?model=x;limit=3#section",
        "https://[::1]:8080/",
        "/relative/path",
        "*",
        "",
    ],
)
def test_a_url_without_secrets_keeps_every_character(scrub: Scrubber, url: str) -> None:
    assert redact_url(scrub, url) == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://h/?key={KEY}", f"https://h/?key={LABEL}"),
        (f"https://h/?model={KEY}", f"https://h/?model={LABEL}"),
        (f"https://h/{KEY}/x", f"https://h/{LABEL}/x"),
        (f"https://h/#access_token={KEY}", f"https://h/#access_token={LABEL}"),
        (f"https://h/#{KEY}", f"https://h/#{LABEL}"),
        (f"https://{KEY}@h/", f"https://{LABEL}@h/"),
        (f"https://ann:{KEY}@h:1/", f"https://RDX~s2.user.L1-3.Cb62~:{LABEL}@h:1/"),
        (f"https://h/?{KEY}", f"https://h/?{LABEL}"),
        (f"https://h/?u=https%3A%2F%2Fx%3Fkey%3D{KEY}", None),
        ("https://h/?x=1&y=", "https://h/?x=RDX~s2.L1-3.Cdec~&y="),
    ],
)
def test_every_part_is_redacted(scrub: Scrubber, url: str, shown: str | None) -> None:
    made = redact_url(scrub, url)
    assert KEY[3:] not in made
    if shown is not None:
        assert made == shown


def test_a_random_path_segment_goes(scrub: Scrubber) -> None:
    token = made_up(5, 40, BASE62, "")
    assert redact_url(scrub, f"https://h/hook/{token}") == "https://h/hook/RDX~s2.L40.Cb62~"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:3128", "http://127.0.0.1:3128"),
        ("http://localhost:3128/", "http://localhost:3128"),
        ("http://[::1]:3128", "http://[::1]:3128"),
        ("http://proxy.corp:3128", "http://RDX~s2.host.L10.Cascii~:3128"),
        ("http://ann:secret-99x@proxy.corp:3128", "http://RDX~s4.host.L10.Cascii~:3128"),
        ("proxy.corp", "RDX~s2.host.L10.Cascii~"),
    ],
)
def test_a_proxy_keeps_scheme_and_port(scrub: Scrubber, url: str, shown: str) -> None:
    made = redact_proxy(scrub, url)
    assert made == shown
    assert redact_proxy(Scrubber(SecretRegistry("x")), made) == made


def test_the_host_of_a_proxy_elsewhere_is_named_for_messages() -> None:
    assert proxy_host("http://u:p@proxy.corp:3128") == "proxy.corp"
    assert proxy_host("http://127.0.0.1:1") == ""


def test_form_fields_are_decided_by_name(scrub: Scrubber) -> None:
    text = "grant_type=client_credentials&client_id=ann&client_secret=xyz-1&scope=a"
    assert redact_fields(scrub, text, "form") == (
        "grant_type=client_credentials&client_id=RDX~s2.L1-3.Cb62~"
        "&client_secret=RDX~s3.L4-7.Cb64u~&scope=a"
    )


@given(st.text(max_size=60))
def test_redacting_a_url_twice_changes_nothing(text: str) -> None:
    scrub = Scrubber(SecretRegistry())
    once = redact_url(scrub, f"https://h/{text}")
    assert redact_url(Scrubber(SecretRegistry("x")), once) == once
