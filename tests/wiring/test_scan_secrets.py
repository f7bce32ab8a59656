"""Where the secrets of a scan come from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.made_keys import made_key
from support.scenario_texts import bearer_text

from harness.errors import UsageError
from harness.wiring.scan_secrets import MAX_FILE_BYTES, NamedSecrets, SecretSources, read_secrets

KEY = made_key(1)


def read(directory: Path, ask: object = None, **sources: object) -> NamedSecrets:
    found = SecretSources(**sources)  # type: ignore[arg-type]
    return read_secrets(found, {"MADE_KEY": KEY, "HOME": str(directory)}, directory, ask)  # type: ignore[arg-type]


def told(named: NamedSecrets) -> list[str]:
    return [str(secret.provenance) for secret in named.secrets]


def test_with_nothing_named_there_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == NamedSecrets()


def test_a_variable(tmp_path: Path) -> None:
    named = read(tmp_path, env=["MADE_KEY"])
    assert (told(named), named.insisted, named.asked) == (["env MADE_KEY"], named.secrets, True)
    assert named.secrets[0].reveal() == KEY
    with pytest.raises(UsageError, match="environment variable OTHER is not set"):
        read(tmp_path, env=["OTHER"])


def test_what_looks_like_a_key_in_a_dotenv_file(tmp_path: Path) -> None:
    lines = [
        f"A_KEY='{KEY}'",
        "DEBUG=true",
        "NAME_ALONE",
        "EMPTY_KEY=",
        "URL=https://example.org/path",
        "DB=postgres://me:pass-word-77@db/x",
        "PLAIN=0b1c2d3e4f506172839405a6b7",
        f"A_KEY={made_key(2)}",
    ]
    (tmp_path / ".env").write_text("\n".join(lines))
    named = read(tmp_path, dotenv=[".env"])
    assert told(named) == ["dotenv .env:8 A_KEY", "dotenv .env:6 DB", "dotenv .env:7 PLAIN"]
    assert named.insisted == ()


def test_one_name_of_a_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEBUG=whatever-it-is\n")
    (tmp_path / "odd:name").write_text(f"A_KEY={KEY}\n")
    named = read(tmp_path, dotenv=[".env:DEBUG"])
    assert (told(named), named.insisted) == (["dotenv .env:1 DEBUG"], named.secrets)
    assert told(read(tmp_path, dotenv=["odd:name"])) == ["dotenv odd:name:1 A_KEY"]
    for text, fault in (
        (".env", "no value in .env looks like a key"),
        (".env:DEBUK", ".env has no DEBUK"),
        ("none", "no file none"),
    ):
        with pytest.raises(UsageError, match=fault):
            read(tmp_path, dotenv=[text])


def test_a_file_with_one_secret_a_line(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"  first secret\r\n\n# not a comment\n\xff\xfe12345678\n")
    named = read(tmp_path, secrets_files=["keys"])
    assert told(named) == [f"secrets-file keys:{number}" for number in (1, 3, 4)]
    assert [secret.to_bytes() for secret in named.secrets] == [
        b"  first secret",
        b"# not a comment",
        b"\xff\xfe12345678",
    ]


def test_a_file_of_secrets_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n\n")
    (tmp_path / "large").write_bytes(bytes(MAX_FILE_BYTES + 1))
    for name, fault in (
        ("none", "cannot read none: no such file or directory"),
        ("empty", "empty holds no secret"),
        ("large", "large is larger than 1 MiB"),
    ):
        with pytest.raises(UsageError, match=fault):
            read(tmp_path, secrets_files=[name])


AXES = f"""
  key:
    shell: {{env: MADE_KEY}}
    file: {{file: key.txt}}
    gone: {{env: GONE}}
    command: {{command: [{sys.executable}, -c, "print('from-a-command-1')"]}}
    prompt: {{prompt: the key}}
    canary: {{canary: true}}
    wrong: {{literal: wrong-on-purpose}}"""


def test_the_sources_of_a_scenario(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("from-a-file-1")
    (tmp_path / "s.yaml").write_text(bearer_text("http://a.example/", axes=AXES))
    named = read(tmp_path, scenarios=[str(tmp_path / "s.yaml")])
    assert told(named) == ["env MADE_KEY", "file key.txt"]
    assert named.insisted == ()
    assert named.absent == ("environment variable GONE is not set",)
    assert [text.partition(" ")[0] for text in named.refused] == ["command", "prompt"]


def test_commands_run_and_prompts_are_asked_when_they_are_trusted(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(bearer_text("http://a.example/", axes=AXES))
    named = read(
        tmp_path,
        lambda prompt: f"answer to {prompt}",
        scenarios=[str(tmp_path / "s.yaml")],
        trust=True,
    )
    assert [secret.reveal() for secret in named.secrets] == [
        "answer to the key: ",
        KEY,
        "from-a-command-1",
    ]
    assert named.refused == ()
    assert len(named.absent) == 2
