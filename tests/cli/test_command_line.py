"""The check after every command catches what it is there to catch."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from support.command_line import CommandLine

SPELLINGS = {
    "raw": lambda key: key,
    "base64, aligned": lambda key: base64.b64encode(key.encode()).decode(),
    "base64, one byte before": lambda key: base64.b64encode(b"u" + key.encode()).decode(),
    "base64, two bytes around": lambda key: base64.b64encode(b"u:" + key.encode() + b"?>").decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(key.encode() + b"\xff\xfe").decode(),
    "percent-encoded": lambda key: quote(key, safe=""),
    "JSON": json.dumps,
    "JSON in JSON": lambda key: json.dumps(json.dumps(key)),
    "hex": lambda key: key.encode().hex(),
    "the end": lambda key: f"Your api key: ****{key[-4:]} is invalid",
}


@pytest.fixture(params=["sk-plain", 'sk-"quoted" \\ and/+ spaced'])
def cli_with_key(request: pytest.FixtureRequest, cli: CommandLine) -> CommandLine:
    cli.key("planted", prefix=request.param)
    return cli


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_key_in_the_output_is_caught(cli_with_key: CommandLine, spell):
    text = f"before {spell(cli_with_key.keys[0])} behind"
    with pytest.raises(AssertionError, match="in stdout"):
        cli_with_key.checked(0, text, "")
    with pytest.raises(AssertionError, match="in stderr"):
        cli_with_key.checked(0, "", text)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_key_in_a_file_is_caught(cli_with_key: CommandLine, spell):
    (cli_with_key.directory / "home" / "some.log").write_text(spell(cli_with_key.keys[0]))
    with pytest.raises(AssertionError, match=r"in home/some\.log"):
        cli_with_key("--version")


def test_a_key_in_a_file_name_is_caught(cli: CommandLine):
    (cli.directory / cli.key()).mkdir()
    with pytest.raises(AssertionError, match="raw in the name"):
        cli("--version")


def test_a_traceback_is_caught(cli: CommandLine):
    with pytest.raises(AssertionError, match="Traceback"):
        cli.checked(1, "", "Traceback (most recent call last):")


def test_inputs_may_hold_keys(cli: CommandLine):
    cli.write(".env", f"MADE_KEY={cli.key()}\n")
    assert cli("--version").code == 0


def test_the_environment_is_made_up(cli: CommandLine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEEPSEEK_API_KEY", "of the person who runs the tests")
    assert "DEEPSEEK_API_KEY" not in cli.environment
    assert Path(cli.environment["HOME"]).is_relative_to(cli.directory)
