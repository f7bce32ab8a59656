from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from harness.cassette_store import bundle as bundle_module
from harness.cassette_store.bundle import bundle_bytes, open_cassette
from harness.errors import CassetteError

TEXT = b"version: 1\ninteractions:\n- {}\n"


def read(path: Path) -> bytes:
    with open_cassette(path) as file:
        return file.read()


def test_a_cassette_is_read_from_a_bundle_and_from_a_file(tmp_path: Path):
    (tmp_path / "a.yaml").write_bytes(TEXT)
    (tmp_path / "a.zip").write_bytes(bundle_bytes({"x.txt": b"x", "cassette.yaml": TEXT}))
    (tmp_path / "misnamed.yaml").write_bytes(bundle_bytes({"cassette.yaml": TEXT}))
    (tmp_path / "empty").write_bytes(b"")
    assert read(tmp_path / "a.yaml") == read(tmp_path / "a.zip") == TEXT
    assert read(tmp_path / "misnamed.yaml") == TEXT
    assert read(tmp_path / "empty") == b""


def test_the_same_members_give_the_same_bytes_in_any_order():
    one = bundle_bytes({"a": b"1", "b": b"2"})
    assert one == bundle_bytes({"b": b"2", "a": b"1"})
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert packed.namelist() == ["a", "b"]
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(CassetteError) as caught:
        read(path)
    assert caught.value.hint == "only bundles that `flip401 share` made can be read"
    return caught.value.message.removeprefix(f"cannot read the bundle {path}: ")


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("cassette.yaml", TEXT)
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("cassette.yaml", b"other")
    assert refused(tmp_path, target.getvalue()) == "it holds two files of one name"


def test_an_encrypted_bundle_is_refused(tmp_path: Path):
    data = bytearray(bundle_bytes({"cassette.yaml": TEXT}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(tmp_path, bytes(data)) == "it is encrypted"


def test_an_unusual_method_is_refused(tmp_path: Path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("cassette.yaml", TEXT)
    assert refused(tmp_path, target.getvalue()) == "it is packed in an unusual way"


@pytest.mark.parametrize("size", [5, 10_000])
def test_an_entry_that_lies_about_its_size_is_damaged(tmp_path: Path, size: int):
    data = bytearray(bundle_bytes({"cassette.yaml": TEXT}))
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, size)
    assert refused(tmp_path, bytes(data)) == "it is damaged"


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    data = bundle_bytes({"cassette.yaml": TEXT})
    monkeypatch.setattr(bundle_module, "LARGEST_BUNDLE", len(data) - 1)
    assert refused(tmp_path, data) == f"it is larger than {len(data) - 1} bytes"
    monkeypatch.undo()
    monkeypatch.setattr(bundle_module, "LARGEST_CASSETTE", len(TEXT) - 1)
    assert refused(tmp_path, data) == f"its cassette is larger than {len(TEXT) - 1} bytes"


def test_what_unpacks_to_far_more_is_refused(tmp_path: Path):
    data = bundle_bytes({"cassette.yaml": b"\0" * (4 << 20)})
    assert refused(tmp_path, data) == "it unpacks to far more than it is"


def test_a_bundle_cut_anywhere_is_refused_or_whole(tmp_path: Path):
    data = bundle_bytes({"cassette.yaml": TEXT})
    for length in range(4, len(data)):
        assert refused(tmp_path, data[:length]) == "it is damaged"


def test_a_bundle_changed_anywhere_is_refused_or_the_same(tmp_path: Path):
    data = bundle_bytes({"cassette.yaml": TEXT})
    path = tmp_path / "a.zip"
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            found = read(path)
        except CassetteError:
            continue
        assert place < 4 or found == TEXT
