"""`flip401 scan` as a person runs it."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command_line import ROOT, CommandLine, Finished
from support.key_leaks import leaks

FOLDER = Path(__file__).parent.parent / "golden" / "scan"


def _zip(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def leaky(cli: CommandLine) -> CommandLine:
    """A folder with leaks of each kind, a .env file that names them, and a file beside it."""
    key = cli.key(1)
    other = cli.key(2, prefix="")
    cli.env["MADE_KEY"] = key
    cli.write(".env", f"OTHER_KEY={other}\nDEBUG=true\n")
    cli.write("bundle/a.txt", f"fine\nkey: {key}\n")
    cli.write("bundle/b.yaml", b"- " + base64.b64encode(b"me:" + other.encode()) + b"\n")
    percent = "".join(f"%{char:02X}" for char in key[::-1].encode())
    inner = gzip.compress(f"fine\nq={percent}\n".encode())
    cli.write("bundle/c.zip", _zip(d=inner, e=f"****{other[-4:]}".encode()))
    pieces = "\n".join(key[at : at + 6] for at in range(0, len(key), 6))
    cli.write("bundle/f", f"fine\n{pieces}\n")
    cli.write("bundle/g.7z", b"7z\xbc\xaf\x27\x1c and more")
    cli.write(f"bundle/{key}.txt", "fine")
    cli.write("clean/a.txt", "fine\n")
    return cli


class _ByOutput(CommandLine):
    """Names of files hold a key here on purpose: only the output is checked."""

    def checked(self, code: int, out: str, err: str) -> Finished:
        found = leaks(self.keys, [("stdout", out.encode()), ("stderr", err.encode())])
        assert not found, "; ".join(found)
        assert "Traceback" not in err
        return Finished(code, out, err)


def _scan(cli: CommandLine, *arguments: str) -> Finished:
    return _ByOutput(cli.directory, cli.env, cli.keys)("scan", *arguments)


NAMED = ("--env", "MADE_KEY", "--dotenv", ".env")


@pytest.mark.parametrize("form", ["text", "json"])
def test_leaks(leaky: CommandLine, form: str, golden: Callable[[Path, str], None]) -> None:
    done = _scan(leaky, "bundle", *NAMED, "--format", form)
    assert (done.code, done.err) == (4, "")
    golden(FOLDER / f"leaks.{form}", done.out)


@pytest.mark.parametrize("form", ["text", "json"])
def test_clean(leaky: CommandLine, form: str, golden: Callable[[Path, str], None]) -> None:
    done = _scan(leaky, "clean", *NAMED, "--format", form)
    assert (done.code, done.err) == (0, "")
    golden(FOLDER / f"clean.{form}", done.out)


def test_with_no_secret_named_it_says_so(cli: CommandLine) -> None:
    cli.write("a", "fine\n")
    done = cli("scan", "a")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == (
        "no secret was named: provider keys and random credentials only"
    )


def test_an_archive_that_cannot_be_opened_is_not_clean(leaky: CommandLine) -> None:
    done = _scan(leaky, "bundle/g.7z", *NAMED)
    assert (done.code, done.out.splitlines()[0]) == (
        2,
        "bundle/g.7z: not scanned: it is a 7z archive",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("scan",), "missing argument"),
        (("scan", "clean", "--env", "NONE"), "environment variable NONE is not set"),
        (("scan", "clean", "--dotenv", "none"), "no file none"),
        (("scan", "clean", "--secrets-file", "none"), "cannot read none"),
        (("scan", "clean", "--scenario", "none.yaml"), "no scenario file none.yaml"),
    ],
)
def test_wrong_use_is_told(cli: CommandLine, arguments: tuple[str, ...], message: str) -> None:
    cli.write("clean/a", "fine\n")
    done = cli(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_nothing_to_scan_is_not_clean(cli: CommandLine) -> None:
    (cli.directory / "empty").mkdir()
    cli.env["MADE_KEY"] = cli.key()
    done = cli("scan", "empty", "--env", "MADE_KEY")
    assert (done.code, done.out.splitlines()[0]) == (2, "nothing was scanned")


def test_the_keys_of_a_shipped_scenario(cli: CommandLine) -> None:
    cli.env["DEEPSEEK_API_KEY"] = cli.key()
    cli.write("a", f"x {cli.env['DEEPSEEK_API_KEY']}\n")
    done = cli("scan", "a", "--scenario", "deepseek-401")
    assert done.code == 4
    assert done.out.splitlines()[:2] == [
        "a:1: env DEEPSEEK_API_KEY, raw",
        "not looked for: no file .env",
    ]


def test_as_a_process_of_its_own(cli: CommandLine) -> None:
    cli.env["MADE_KEY"] = cli.key()
    cli.write("a", f"x {cli.env['MADE_KEY']}\n")
    cli.write("b", "fine\n")
    assert cli.process("scan", "a", "--env", "MADE_KEY").code == 4
    assert cli.process("scan", "b", "--env", "MADE_KEY").code == 0
    assert cli.process("scan", "none", "--env", "MADE_KEY").code == 2


def test_what_we_ship_gives_no_alarm(cli: CommandLine) -> None:
    done = cli("scan", str(ROOT / "cassettes"), str(ROOT / "scenarios"))
    assert done.code == 0, done.out


@pytest.mark.parametrize(
    "name", ["deepseek-401", "clock-hmac", "key-bytes", "proxy-login", "token-times"]
)
def test_recordings_of_shipped_scenarios_give_no_alarm(cli: CommandLine, name: str) -> None:
    assert cli("run", name, "--lab").code in {0, 1}
    done = cli("scan", "cassettes")
    assert (done.code, done.out.splitlines()[1]) == (
        0,
        "no secret was looked for by its value; 0 keys by form found in 1 file",
    )
