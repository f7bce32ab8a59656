from __future__ import annotations

import base64

import pytest
from support.made_keys import made_key, made_secret

from harness.cassette_store.bundle import bundle_bytes
from harness.errors import LeakError
from harness.wiring.closing_gate import ProofLine, check_bundle

KEY = made_key(1)


def test_a_clean_bundle_passes():
    check_bundle(bundle_bytes({"a.md": b"clean"}), "b.zip", [made_secret(1)])


@pytest.mark.parametrize(
    "text", [KEY.encode(), base64.b64encode(KEY.encode()), KEY.encode().hex().encode()]
)
def test_a_secret_inside_a_packed_member_is_found(text: bytes):
    data = bundle_bytes({"a.md": b"clean", "b.md": b"line\nx " + text + b" y"})
    with pytest.raises(LeakError) as caught:
        check_bundle(data, "b.zip", [made_secret(1)])
    assert all(place.startswith("b.zip/b.md line 2: ") for place in caught.value.places)
    assert KEY not in str(caught.value)


def test_a_secret_in_a_members_name_is_found():
    with pytest.raises(LeakError, match=r"b\.zip line"):
        check_bundle(bundle_bytes({KEY: b"x"}), "b.zip", [made_secret(1)])


def test_the_proof_line_says_what_was_looked_for():
    assert str(ProofLine(2, 5)) == "0 of 14 forms of 2 secrets found in 5 files"
    assert str(ProofLine(1, 1)) == "0 of 7 forms of 1 secret found in 1 file"
    assert str(ProofLine(0, 5)) == (
        "no secret was at hand to look for: structure and patterns checked in 5 files"
    )
