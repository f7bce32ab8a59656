"""A file is put in place whole, or what was there stays, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cassette_store.whole_file import write_whole
from harness.errors import CassetteError, LeakError


def test_what_was_there_is_replaced_by_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")
    write_whole(b"new", target, check=lambda fresh: assert_holds(fresh, b"new"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o600)


def assert_holds(path: Path, data: bytes) -> None:
    assert path.read_bytes() == data


def test_what_the_check_refuses_is_nowhere(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")

    def refuse(_fresh: Path) -> None:
        raise LeakError(("a.zip",))

    with pytest.raises(LeakError):
        write_whole(b"new", target, check=refuse)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert target.read_bytes() == b"old"


def test_a_place_that_takes_nothing_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="no such file or directory"):
        write_whole(b"new", tmp_path / "gone" / "a.zip")
