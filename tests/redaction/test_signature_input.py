from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction.samples import made_up, secret

from harness.redaction.header_values import redact_header
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

KEY = made_up(1)
COVERED = 'sig1=("@method" "@authority" "content-digest");created=1618884473;expires=1618884773'


@pytest.fixture
def scrub() -> Scrubber:
    registry = SecretRegistry()
    registry.add(secret(KEY))
    return Scrubber(registry)


def shown(scrub: Scrubber, value: str) -> str:
    return redact_header(scrub, "Signature-Input", value)[1]


def test_what_is_covered_and_when_stays_and_whose_it_is_goes(scrub: Scrubber) -> None:
    made = shown(scrub, f'{COVERED};keyid="me";alg="hmac-sha256";nonce="dcd98b7102dd2f0e"')
    assert made == (
        f'{COVERED};keyid="RDX~s2.user.L1-3.Cb62~";alg="hmac-sha256";nonce="RDX~s3.nonce.L16.Chex~"'
    )
    assert shown(scrub, made) == made


def test_a_known_key_is_told_by_its_id(scrub: Scrubber) -> None:
    assert f'keyid="{RDX}' in shown(scrub, f'{COVERED};keyid="{KEY}"')


RDX = "RDX~s1.sk."


@pytest.mark.parametrize(
    "value",
    [
        f"sig1=({KEY});created=1",
        f'sig1=("date");created={KEY}',
        f"{KEY}",
        f'sig1=("date"), sig2=("{KEY}")',
        f'sig1=("date");tag="{made_up(9)}"',
        'sig1=("date" );created=1',
    ],
)
def test_nothing_of_another_form_survives(scrub: Scrubber, value: str) -> None:
    made = shown(scrub, value)
    assert KEY not in made
    assert made_up(9) not in made
    assert "RDX~" in made


def test_an_empty_set_and_an_unknown_number_are_read_too(scrub: Scrubber) -> None:
    assert shown(scrub, "s=();created=5") == "s=();created=5"
    assert shown(scrub, "s=();other=5").startswith('s=();other="RDX~')


@given(st.text(max_size=80))
def test_any_text_ends(text: str) -> None:
    scrub = Scrubber(SecretRegistry())
    shown(scrub, text)
    shown(scrub, f'{COVERED};keyid="{text}"')
