from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.made_keys import made_key
from support.scenario_texts import scenario_of

from harness.errors import UsageError
from harness.wiring.known_secrets import KnownSecrets, known_secrets

SCENARIO = """\
version: 1
name: asked
request:
  url: https://api.example.com
  headers: {Authorization: "Bearer ${key}"}
axes:
  key:
    env: {env: A_KEY}
    unset: {env: NOT_SET}
    dotenv: {dotenv: .env, name: B_KEY}
    file: {file: key.txt}
    pipe: {file: a.pipe}
    gone: {file: none.txt}
    command: {command: [sh, -c, "echo ran >> ran.txt; echo made-by-a-command-1"]}
    prompt: {prompt: the key}
    process: {process: {pid: 1}, name: A_KEY}
    canary: {canary: {}}
    wrong: {literal: no-good}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env").write_text(f"B_KEY={made_key('b')}\n")
    (tmp_path / "key.txt").write_text(made_key("c"))
    os.mkfifo(tmp_path / "a.pipe")
    return tmp_path


def known(folder: Path, *names: str, trust: bool = False) -> KnownSecrets:
    environ = {"A_KEY": made_key("a"), "OTHER": made_key("o"), "EMPTY": ""}
    return known_secrets(
        scenario_of(SCENARIO), names, trust=trust, environ=environ, directory=folder
    )


def test_variables_and_files_are_read_again_and_nothing_is_run(folder: Path):
    found = known(folder)
    assert [one.reveal() for one in found.secrets] == [made_key(seed) for seed in "abc"]
    assert not (folder / "ran.txt").exists()
    told = "\n".join(found.missed)
    for words in (
        *("NOT_SET", "file a.pipe: not a file", "none.txt", "only --trust runs"),
        *("prompt the key: not asked for again", "only --trust asks"),
    ):
        assert words in told
    assert len(found.missed) == 6
    assert repr(found) == "<KnownSecrets 3>"


def test_with_trust_commands_are_run(folder: Path):
    found = known(folder, trust=True)
    assert "made-by-a-command-1" in [one.reveal() for one in found.secrets]
    assert (folder / "ran.txt").exists()


def test_variables_can_be_named(folder: Path):
    assert known(folder, "OTHER").secrets[0].reveal() == made_key("o")
    for name in ("EMPTY", "MISSING"):
        with pytest.raises(UsageError, match=f"--env {name}: the variable is not set"):
            known(folder, name)


def test_without_a_scenario_only_the_named_ones_are_known(tmp_path: Path):
    found = known_secrets(None, [], trust=False, environ={}, directory=tmp_path)
    assert (found.secrets, found.missed) == ((), ())
