from __future__ import annotations

import stat
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.lab.private_files import private_files

CONTENTS = {"ca.pem": b"certificate", ".env": b"K='v'\n"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_directory_and_files_are_for_their_owner_only_and_go_afterwards(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "lab"
    with private_files(directory, CONTENTS):
        assert mode(directory) == 0o700
        assert {path.name: path.read_bytes() for path in directory.iterdir()} == CONTENTS
        assert {mode(path) for path in directory.iterdir()} == {0o600}
    assert not directory.exists()


def test_they_go_when_the_block_fails_too(tmp_path: Path) -> None:
    with pytest.raises(KeyError), private_files(tmp_path / "lab", CONTENTS):
        raise KeyError
    assert not (tmp_path / "lab").exists()


def test_a_directory_that_was_there_stays_with_what_was_in_it(tmp_path: Path) -> None:
    directory = tmp_path / "mine"
    directory.mkdir(mode=0o700)
    (directory / "notes").write_text("mine")
    with private_files(directory, CONTENTS):
        assert len(list(directory.iterdir())) == 3
    assert [path.name for path in directory.iterdir()] == ["notes"]


def test_a_file_put_there_meanwhile_is_not_taken_away(tmp_path: Path) -> None:
    directory = tmp_path / "lab"
    with private_files(directory, CONTENTS):
        (directory / "notes").write_text("mine")
        (directory / "ca.pem").unlink()
    assert [path.name for path in directory.iterdir()] == ["notes"]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    directory = tmp_path / "mine"
    directory.mkdir(mode=0o700)
    (directory / ".env").write_text("precious")
    with (
        pytest.raises(UsageError, match="is there already") as caught,
        private_files(directory, CONTENTS),
    ):
        pass
    assert "another directory" in caught.value.hint
    assert [path.name for path in directory.iterdir()] == [".env"]
    assert (directory / ".env").read_text() == "precious"


def test_a_directory_that_others_can_read_gets_no_keys(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir()
    directory.chmod(0o755)
    with pytest.raises(UsageError, match="others cannot read"), private_files(directory, CONTENTS):
        pass
    assert list(directory.iterdir()) == []


def test_a_place_that_is_no_directory_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(UsageError, match="file: keys go only"), private_files(file, CONTENTS):
        pass
    below = private_files(file / "lab", CONTENTS)
    with pytest.raises(UsageError, match="cannot be made"), below:
        pass


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    files = private_files(tmp_path / "lab", {"ca.pem": b"", "no/such/place": b""})
    with pytest.raises(UsageError, match="no/such/place: cannot be written"), files:
        pass
    assert not (tmp_path / "lab").exists()
