"""The disk itself, and the one that fails on demand."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from harness.cassette_store.disk import RealDisk
from harness.cassette_store.failing_disk import FailingDisk


def test_a_new_file_is_new_private_and_written_at_its_end(tmp_path: Path) -> None:
    disk, path = RealDisk(), tmp_path / "a"
    descriptor = disk.create(path)
    disk.write(descriptor, b"one two")
    disk.truncate(descriptor, 3)
    disk.write(descriptor, b" three")
    disk.sync(descriptor)
    disk.close(descriptor)
    disk.sync_folder(tmp_path)
    with disk.read(path) as file:
        assert file.read() == b"one three"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        disk.create(path)
    disk.rename(path, tmp_path / "b")
    disk.unlink(tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_in_use_until_it_is_closed(tmp_path: Path) -> None:
    disk, path = RealDisk(), tmp_path / "a"
    descriptor = disk.create(path)
    assert disk.in_use(path)
    disk.close(descriptor)
    assert not disk.in_use(path)


def test_a_lock_is_held_by_one_and_worth_nothing_without_its_name(tmp_path: Path) -> None:
    disk, path = RealDisk(), tmp_path / "a.lock"
    held = disk.lock(path)
    assert held is not None
    assert disk.lock(path) is None
    disk.unlink(path)
    other = disk.lock(path)  # another file has the name now
    assert other is not None
    disk.close(held)
    assert disk.lock(path) is None
    disk.close(other)
    again = disk.lock(path)
    assert again is not None
    disk.close(again)


def test_a_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic") as error:
        RealDisk().lock(tmp_path / "a.lock")
    assert error.value.errno == errno.ELOOP
    assert not (tmp_path / "victim").exists()


def test_a_folder_that_cannot_be_synced_is_no_error(tmp_path: Path) -> None:
    assert RealDisk().sync_folder(tmp_path / "none") is None


def test_the_call_that_is_to_fail_fails_and_no_other(tmp_path: Path) -> None:
    disk = FailingDisk(RealDisk(), 2, errno.EIO)
    descriptor = disk.create(tmp_path / "a")
    with pytest.raises(OSError, match="Input/output error"):
        disk.write(descriptor, b"half")
    disk.write(descriptor, b" whole")
    disk.close(descriptor)
    assert (tmp_path / "a").read_bytes() == b"ha whole"
    assert disk.calls == ["open", "write", "write"]


def test_a_disk_that_is_gone_fails_from_then_on(tmp_path: Path) -> None:
    disk = FailingDisk(RealDisk(), 2, lasting=True)
    descriptor = disk.create(tmp_path / "a")
    calls = [
        lambda: disk.sync(descriptor),
        lambda: disk.truncate(descriptor, 0),
        lambda: disk.rename(tmp_path / "a", tmp_path / "b"),
        lambda: disk.unlink(tmp_path / "a"),
        lambda: disk.read(tmp_path / "a"),
        lambda: disk.lock(tmp_path / "a.lock"),
        lambda: disk.in_use(tmp_path / "a"),
    ]
    for call in calls:
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            call()
    disk.close(descriptor)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
