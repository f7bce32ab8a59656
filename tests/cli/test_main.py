"""The command as a whole: help, wrong use, what is loaded, and errors that nobody foresaw."""

from __future__ import annotations

import ast
import importlib.util
import os
import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from support.command_line import ROOT, CommandLine

import harness
from harness.cli.main import VERBS, _explain
from harness.errors import LeakError

HEAVY = ("aiohttp", "vcr", "pydantic", "rich", "yaml", "structlog", "trustme", "jwt", "asyncio")
MODULES = sorted(found.name for found in pkgutil.walk_packages(harness.__path__, "harness."))


def test_help_loads_no_heavy_library(cli: CommandLine):
    program = (
        "import sys; from harness.cli.main import run; code = run(['--help']);"
        f"print(code, sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=dict(cli.environment),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == "0 []\n"
    assert "Why is it 401?" in done.stdout


def test_help_lists_every_verb(cli: CommandLine):
    done = cli("--help")
    assert done.code == 0
    assert all(f"\n  {verb} " in done.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_says_what_it_does(cli: CommandLine, verb: str):
    done = cli(verb, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: flip401 {verb} ")
    assert done.err == ""


def test_the_version_is_that_of_the_package(cli: CommandLine):
    assert cli("--version").out == f"flip401 {harness.__version__}\n"


def test_no_verb_at_all_shows_the_help_and_is_wrong_use(cli: CommandLine):
    done = cli()
    assert done.code == 2
    assert "Verbs:" in done.err


@pytest.mark.parametrize(
    ("arguments", "words", "help_of"),
    [
        (["rum"], "no such command 'rum'", "flip401"),
        (["run"], "missing argument 'SCENARIO...'", "flip401 run"),
        (
            ["run", "x.yaml", "--bugdet", "3"],
            "no such option '--bugdet'. Did you mean '--budget'?",
            "flip401 run",
        ),
        (["run", "x.yaml", "--budget", "0"], "invalid value for '--budget'", "flip401 run"),
        (["isolate", "x.yaml", "--strategy", "all"], "no such option '--strategy'", "flip401 isol"),
        (["plan"], "missing argument 'SCENARIO'", "flip401 plan"),
        (["check"], "missing argument 'SCENARIO...'", "flip401 check"),
        (["replay"], "missing argument 'CASSETTE...'", "flip401 replay"),
        (["serve"], "missing argument 'CASSETTE'", "flip401 serve"),
        (["serve", "x.yaml", "--port", "70000"], "invalid value for '--port'", "flip401 serve"),
        (["schema", "more"], "got unexpected extra argument (more)", "flip401 schema"),
        (["lab", "--provider", "none"], "invalid value for '--provider'", "flip401 lab"),
    ],
)
def test_wrong_use_is_one_line_and_where_help_is(cli: CommandLine, arguments, words, help_of):
    done = cli(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(f"error: {words}")
    assert f"\n    see `{help_of}" in done.err


def test_a_process_leaves_with_the_code(cli: CommandLine):
    assert cli.process("--version").code == 0
    assert cli.process("rum").code == 2


def test_an_unforeseen_error_tells_its_place_and_not_its_text(
    cli: CommandLine, capsys: pytest.CaptureFixture[str]
):
    key = cli.key()
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(f"the key is {key}")
    assert _explain(caught.value) == 70
    told = capsys.readouterr().err
    assert told.startswith("internal error: RuntimeError at ")
    assert "test_main.py:" in told
    assert key not in told


def test_an_error_without_a_place_is_told_all_the_same(capsys: pytest.CaptureFixture[str]):
    assert _explain(MemoryError()) == 70
    assert capsys.readouterr().err.startswith("internal error: MemoryError at an unknown place\n")


def test_a_leak_is_code_4_and_names_places(capsys: pytest.CaptureFixture[str]):
    assert _explain(LeakError(["x.yaml line 3 (base64)"])) == 4
    told = capsys.readouterr().err
    assert told == (
        "leak: a secret would have been written at x.yaml line 3 (base64); nothing was published\n"
    )


def test_ctrl_c_outside_a_run_is_code_130(capsys: pytest.CaptureFixture[str]):
    assert _explain(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_reader_that_went_away_is_no_internal_error(cli: CommandLine):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        cli.argv("schema"),
        cwd=cli.directory,
        env=dict(cli.environment),
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    os.close(write)
    assert done.returncode == 130
    assert done.stderr == ""


def test_a_name_that_the_terminal_cannot_show_is_shown_in_part(cli: CommandLine):
    name = os.fsdecode(b"caf\xe9.yaml")
    cli.write(name, "version: 1\nname: a\nrequest: {url: 'http://127.0.0.1:1/'}\n")
    done = cli.process("check", name)
    assert done.code == 0
    assert done.out == "caf\\udce9.yaml: ok, 0 axes, 1 cell\n"


def test_there_are_modules_to_import():
    assert len(MODULES) > 150
    assert "harness.cli.main" in MODULES


def test_every_module_can_be_imported_alone():
    """No module waits for another that waits for it, so each one loads whichever comes first."""
    needs = {name: _imports(name) for name in MODULES}
    deepest_last = list(TopologicalSorter(needs).static_order())
    program = f"import importlib\nfor name in {deepest_last[::-1]!r}: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["harness.errors", "harness.model.scenario", "harness.cli.main"])
def test_a_module_needs_no_other_to_be_loaded_first(name: str):
    done = subprocess.run(
        [sys.executable, "-c", f"import {name}"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def _imports(name: str) -> set[str]:
    """The modules of the package that a module imports as it loads."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    found = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    return {str(module) for module in found if module in MODULES}
