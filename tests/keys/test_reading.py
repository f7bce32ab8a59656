"""Each kind of source against real files, commands and environments."""

import sys
from pathlib import Path

import pytest
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.command import read_command
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import (
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    LiteralSource,
    PromptSource,
)
from harness.model.secret import Provenance, Secret

KEY = made_key("reading")


def reader(directory: Path, environ=None, ask=None) -> SystemKeyReader:
    return SystemKeyReader(environ or {}, directory, ask)


def failure(read, source) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(source)
    return caught.value


def test_a_variable_is_read_as_it_is(tmp_path):
    secret = reader(tmp_path, {"K": f" {KEY}\n"}).read(EnvSource("K"))
    assert secret.reveal() == f" {KEY}\n"
    assert str(secret.provenance) == "env K"


def test_an_empty_variable_is_a_value(tmp_path):
    assert reader(tmp_path, {"K": ""}).read(EnvSource("K")).reveal() == ""


def test_a_missing_variable_suggests_its_neighbour(tmp_path):
    error = failure(reader(tmp_path, {"DEEPSEEK_APIKEY": "x"}).read, EnvSource("DEEPSEEK_API_KEY"))
    assert error.message == "environment variable DEEPSEEK_API_KEY is not set"
    assert error.hint == "did you mean DEEPSEEK_APIKEY?"
    assert failure(reader(tmp_path).read, EnvSource("K")).hint == "set it first: export K=…"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("K={key}", "{key}"),
        ("export K={key}", "{key}"),
        ("K='{key}'", "{key}"),
        ('K="{key}"', "{key}"),
        ("K={key} # prod", "{key}"),
        ("K={key}#prod", "{key}#prod"),
        ("K=", ""),
        ("K={key}\r", "{key}"),
        ("K='{key}\"'", '{key}"'),
    ],
)
def test_a_dotenv_line_is_read_as_python_dotenv_reads_it(tmp_path, line, value):
    text = "# first\nOTHER=1\n" + line.format(key=KEY) + "\n"
    (tmp_path / ".env").write_bytes(text.encode())
    secret = reader(tmp_path).read(DotenvSource(".env", "K"))
    assert secret.reveal() == value.format(key=KEY)
    assert str(secret.provenance) == "dotenv .env:3 K"


def test_a_byte_order_mark_is_dropped_as_python_dotenv_drops_it(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfK=" + KEY.encode())
    assert reader(tmp_path).read(DotenvSource(".env", "K")).reveal() == KEY


def test_the_last_line_of_a_name_wins(tmp_path):
    (tmp_path / ".env").write_text(f"K=old\nK={KEY}\n")
    secret = reader(tmp_path).read(DotenvSource(".env", "K"))
    assert (secret.reveal(), secret.provenance.place) == (KEY, ".env:2 K")


def test_a_dotenv_file_is_looked_for_upwards_on_demand(tmp_path):
    (tmp_path / ".env").write_text(f"K={KEY}\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert reader(below).read(DotenvSource(".env", "K", search_up=True)).reveal() == KEY
    error = failure(reader(below).read, DotenvSource(".env", "K"))
    assert error.message == "no file .env"
    lost = failure(reader(below).read, DotenvSource("nowhere.env", "K", search_up=True))
    assert lost.message == "no file nowhere.env or in any folder above"


def test_a_dotenv_file_may_stand_in_another_folder(tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / ".env").write_text(f"K={KEY}\n")
    assert reader(tmp_path).read(DotenvSource(".env", "K", cwd="conf")).reveal() == KEY
    error = failure(reader(tmp_path).read, DotenvSource(".env", "K", cwd="gone"))
    assert error.message == "no file .env in gone"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"KEYS=1\n", ".env has no KEY", "did you mean KEYS?"),
        (b"", ".env has no KEY", "add a line KEY=<the key>"),
        (b"KEY\n", ".env:1 names KEY but gives it no value", "write KEY=<the key>"),
        (
            b"X=1\nY=\xff\n",
            ".env is not UTF-8 text (byte 7)",
            "save it as UTF-8 without a byte order mark",
        ),
    ],
)
def test_a_dotenv_file_without_the_name_says_what_is_wrong(tmp_path, content, message, hint):
    (tmp_path / ".env").write_bytes(content)
    error = failure(reader(tmp_path).read, DotenvSource(".env", "KEY"))
    assert (error.message, error.hint) == (message, hint)


def test_an_unreadable_dotenv_file_is_named(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("K=1\n")
    # Root may read anything, so the refusal is made by the system call itself.
    monkeypatch.setattr(Path, "read_bytes", _refuse)
    assert failure(reader(tmp_path).read, DotenvSource(".env", "K")).message == (
        "cannot read .env: Permission denied"
    )


def _refuse(*_args, **_kwargs):
    raise PermissionError(13, "Permission denied")


def test_a_key_file_keeps_every_byte(tmp_path):
    (tmp_path / "key").write_bytes(KEY.encode() + b"\r\n\xff")
    secret = reader(tmp_path).read(FileSource("key"))
    assert secret.to_bytes() == KEY.encode() + b"\r\n\xff"


def test_a_key_file_is_stripped_on_demand(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "key").write_text(f" {KEY}\n")
    assert reader(tmp_path).read(FileSource("key", cwd="sub", strip=True)).reveal() == KEY


def test_a_key_file_that_cannot_be_one_is_refused(tmp_path):
    (tmp_path / "big").write_bytes(b"x" * ((1 << 20) + 1))
    assert "larger than 1 MiB" in failure(reader(tmp_path).read, FileSource("big")).message
    missing = failure(reader(tmp_path).read, FileSource("gone"))
    assert missing.message == "cannot read key file gone: No such file or directory"


def python(code: str) -> CommandSource:
    return CommandSource((sys.executable, "-c", code))


def test_a_command_gives_what_a_shell_would_substitute(tmp_path):
    secret = reader(tmp_path).read(python(r"print('a b\r\n\n', end='\n')"))
    assert secret.reveal() == "a b\r"


def test_a_command_runs_in_the_working_directory(tmp_path):
    secret = reader(tmp_path).read(python("import os; print(os.getcwd())"))
    assert Path(secret.reveal()).samefile(tmp_path)


def test_a_failing_command_shows_its_code_and_nothing_that_it_said(tmp_path):
    error = failure(reader(tmp_path).read, python(f"import sys; sys.exit('{KEY}')"))
    assert "failed with exit code 1" in error.message
    assert KEY not in error.message + error.hint


def test_a_command_that_is_not_there_is_named(tmp_path):
    error = failure(reader(tmp_path).read, CommandSource(("no-such-command-here",)))
    assert error.message == "command not found: no-such-command-here"
    (tmp_path / "plain").write_text("")
    refused = failure(reader(tmp_path).read, CommandSource((str(tmp_path / "plain"),)))
    assert refused.message.endswith("plain: Permission denied")


def test_a_command_that_hangs_is_ended(tmp_path):
    with pytest.raises(SourceError, match=r"gave no key within 0\.2 s"):
        read_command(python("import time; time.sleep(30)"), tmp_path, timeout_seconds=0.2)


def test_a_prompt_asks_once_with_its_label(tmp_path):
    asked = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return KEY

    secret = reader(tmp_path, ask=ask).read(PromptSource("DeepSeek key"))
    assert (secret.reveal(), asked) == (KEY, ["DeepSeek key: "])


def test_a_prompt_needs_a_terminal(tmp_path):
    error = failure(reader(tmp_path).read, PromptSource("DeepSeek key"))
    assert error.message == "cannot ask for DeepSeek key: this is not a terminal"


def test_a_literal_is_its_own_value(tmp_path):
    secret = Secret("wrong", Provenance("literal", ""))
    assert reader(tmp_path).read(LiteralSource(secret)) is secret
