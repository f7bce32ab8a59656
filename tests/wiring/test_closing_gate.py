from __future__ import annotations

import base64

import pytest
from support.made_keys import made_key, made_secret

from harness.cassette_store.bundle import bundle_bytes
from harness.errors import LeakError
from harness.wiring.closing_gate import check_bundle, proof_of

KEY = made_key(1)


def test_a_clean_bundle_passes():
    check_bundle(bundle_bytes({"a.md": b"clean"}), "b.zip", [made_secret(1)], 2)


@pytest.mark.parametrize(
    "text", [KEY.encode(), base64.b64encode(KEY.encode()), KEY.encode().hex().encode()]
)
def test_a_secret_inside_a_packed_member_is_found(text: bytes):
    data = bundle_bytes({"a.md": b"clean", "b.md": b"line\nx " + text + b" y"})
    with pytest.raises(LeakError) as caught:
        check_bundle(data, "b.zip", [made_secret(1)], 3)
    assert all(place.startswith("b.zip!b.md line 2: ") for place in caught.value.places)
    assert KEY not in str(caught.value)


def test_a_secret_in_a_members_name_is_found():
    with pytest.raises(LeakError, match=r"its name: secret 1") as caught:
        check_bundle(bundle_bytes({KEY: b"x"}), "b.zip", [made_secret(1)], 2)
    assert KEY not in str(caught.value)


def test_what_was_not_looked_into_is_no_proof():
    with pytest.raises(LeakError, match="2 files were looked into in place of 3"):
        check_bundle(bundle_bytes({"a.md": b"clean"}), "b.zip", [made_secret(1)], 3)


def test_the_proof_line_counts_forms_of_secrets_in_files():
    assert proof_of([made_secret(1), made_secret(2)], 6).startswith("0 of ")
    assert proof_of([made_secret(1), made_secret(2)], 6).endswith(" of 2 secrets found in 6 files")
    assert proof_of([made_secret(1), made_secret(1)], 1).endswith(" of 1 secret found in 1 file")
    assert proof_of([], 5).startswith("no secret was looked for by its value")
