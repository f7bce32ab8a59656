"""One writer at a time, and no waiting without end."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from harness.cassette_store.disk import RealDisk
from harness.cassette_store.failing_disk import FailingDisk
from harness.cassette_store.lock import locked
from harness.errors import CassetteError


def test_the_lock_file_is_there_only_while_it_is_held(tmp_path: Path) -> None:
    target = tmp_path / "a.yaml"
    with locked(RealDisk(), target, required=True):
        assert [path.name for path in tmp_path.iterdir()] == ["a.yaml.lock"]
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_a_killed_process_left_is_used_again(tmp_path: Path) -> None:
    (tmp_path / "a.yaml.lock").touch()
    with locked(RealDisk(), tmp_path / "a.yaml", required=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    target = tmp_path / "a.yaml"
    wait = locked(RealDisk(), target, required=True, longest_wait_seconds=0.03)
    with (
        locked(RealDisk(), target, required=True),
        pytest.raises(CassetteError, match=r"another process holds a\.yaml\.lock") as error,
        wait,
    ):
        raise AssertionError("two hold the lock")
    assert "flip401 repair" in error.value.hint


def test_a_file_system_without_locks_is_an_error_only_where_one_is_needed(tmp_path: Path) -> None:
    entered = []
    with locked(FailingDisk(RealDisk(), 1, errno.ENOLCK), tmp_path / "a", required=False):
        entered.append("without")
    with (
        pytest.raises(OSError, match="No locks"),
        locked(FailingDisk(RealDisk(), 1, errno.ENOLCK), tmp_path / "a", required=True),
    ):
        entered.append("never")
    with (
        pytest.raises(OSError, match="No space"),
        locked(FailingDisk(RealDisk(), 1, errno.ENOSPC), tmp_path / "a", required=False),
    ):
        entered.append("never")
    assert entered == ["without"]


def test_an_error_of_the_one_who_holds_it_lets_go_of_it(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="mine"),
        locked(RealDisk(), tmp_path / "a", required=False),
    ):
        raise OSError(errno.ENOLCK, "mine")
    assert list(tmp_path.iterdir()) == []
