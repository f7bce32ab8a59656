"""Units, from recorded output of `systemctl show` (systemd 252) and from real files."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.notes import notes_of
from harness.keys.system_reader import SystemKeyReader
from harness.keys.systemd_text import UnitShown, parse_environment_file, parse_show
from harness.keys.systemd_unit import find_in_unit, systemctl_show
from harness.model.key_source import UnitSource

KEY = made_key("unit")
UNIT = "my-app.service"

RUNNING = r"""MainPID=1234
Environment=PYTHONUNBUFFERED=1 "GREETING=hello \"you\"" API_KEY=@KEY@ "TABBED=a\tb" "CODE=\x41\101"
EnvironmentFiles=@FILE@ (ignore_errors=no)
EnvironmentFiles=/nonexistent/local.env (ignore_errors=yes)
LoadState=loaded
NeedDaemonReload=yes
ActiveEnterTimestamp=Sun 2026-11-22 08:00:00 UTC
"""
STOPPED = """MainPID=0
Environment=API_KEY=@KEY@
LoadState=loaded
NeedDaemonReload=no
ActiveEnterTimestamp=
"""
UNKNOWN = """MainPID=0
Environment=
LoadState=not-found
NeedDaemonReload=no
ActiveEnterTimestamp=
"""


def show(recorded: str, file: str = ""):
    return lambda _unit: recorded.replace("@KEY@", KEY).replace("@FILE@", file)


def failure(source: UnitSource, recorded: str, file: str = "") -> SourceError:
    with pytest.raises(SourceError) as caught:
        find_in_unit(source, show(recorded, file))
    return caught.value


def test_the_recorded_output_is_read():
    shown = parse_show(show(RUNNING, "/etc/my-app.env")(UNIT))
    assert shown == UnitShown(
        load_state="loaded",
        environment=(
            ("PYTHONUNBUFFERED", "1"),
            ("GREETING", 'hello "you"'),
            ("API_KEY", KEY),
            ("TABBED", "a\tb"),
            ("CODE", "AA"),
        ),
        files=(("/etc/my-app.env", False), ("/nonexistent/local.env", True)),
        main_pid=1234,
        active_since="Sun 2026-11-22 08:00:00 UTC",
        needs_reload=True,
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Environment=  A=1  ", "1"),
        ("Environment=A=", ""),
        (r"Environment=$'A=it\'s'", "it's"),
        (r'Environment="A=\$x \`y\\"', "$x `y\\"),
        ('Environment="A=never closed', "never closed"),
    ],
)
def test_the_words_of_an_environment_line(line, value):
    assert parse_show(line).environment == (("A", value),)


def test_output_that_is_not_as_recorded_is_no_crash():
    assert parse_show("nonsense\nMainPID=x\nEnvironmentFiles=odd\n") == UnitShown()


def test_a_unit_gives_the_value_of_its_own_line(tmp_path):
    reader = SystemKeyReader({}, tmp_path, show=show(STOPPED))
    secret = reader.read(UnitSource(UNIT, "API_KEY"))
    assert secret.reveal() == KEY
    assert str(secret.provenance) == f"unit {UNIT} Environment=API_KEY"


def test_an_environment_file_wins_over_the_units_own_line(tmp_path):
    file = tmp_path / "my-app.env"
    file.write_text(f"# rotated\nAPI_KEY={KEY}-new\n")
    found = find_in_unit(UnitSource(UNIT, "API_KEY"), show(RUNNING, str(file)))
    assert found.secret.reveal() == f"{KEY}-new"
    assert found.secret.provenance.place == f"{file} API_KEY, for {UNIT}"


def with_files(*lines: str) -> str:
    return "LoadState=loaded\nEnvironment=API_KEY=own\n" + "".join(f"{line}\n" for line in lines)


def test_a_pattern_names_every_file_that_fits_the_last_of_them_wins(tmp_path):
    """systemd.exec(5) allows wildcards; they are read in the order of their names."""
    for name, value in (("20-b.env", KEY), ("10-a.env", "early"), ("30-c.txt", "no")):
        (tmp_path / name).write_text(f"API_KEY={value}\n")
    recorded = with_files(f"EnvironmentFiles={tmp_path}/*.env (ignore_errors=no)")
    found = find_in_unit(UnitSource(UNIT, "API_KEY"), show(recorded))
    assert found.secret.reveal() == KEY
    assert found.secret.provenance.place == f"{tmp_path}/20-b.env API_KEY, for {UNIT}"


def test_a_pattern_that_fits_nothing_is_as_a_file_that_is_not_there(tmp_path):
    source = UnitSource(UNIT, "API_KEY")
    line = f"EnvironmentFiles={tmp_path}/[ab]?.env (ignore_errors="
    assert find_in_unit(source, show(with_files(f"{line}yes)"))).secret.reveal() == "own"
    message = failure(source, with_files(f"{line}no)")).message
    assert message == f"no environment file fits {tmp_path}/[ab]?.env, so the unit cannot start"


@pytest.mark.parametrize("unset", ["API_KEY", "OTHER API_KEY", '"API_KEY=own"'])
def test_a_variable_that_the_unit_takes_away_again_is_not_there(unset):
    """UnsetEnvironment= is the last step, and an assignment in it takes that value alone."""
    message = failure(UnitSource(UNIT, "API_KEY"), with_files(f"UnsetEnvironment={unset}")).message
    assert message == f"unit {UNIT} takes API_KEY away again (UnsetEnvironment=)"


@pytest.mark.parametrize("unset", ["", "OTHER", "API_KEY=another", "API"])
def test_another_variable_or_value_may_be_taken_away(unset):
    found = find_in_unit(UnitSource(UNIT, "API_KEY"), show(with_files(f"UnsetEnvironment={unset}")))
    assert found.secret.reveal() == "own"


def test_a_variable_that_systemd_passes_on_has_a_value_that_no_unit_shows():
    recorded = "LoadState=loaded\nEnvironment=A=1\nPassEnvironment=LANG API_KEY\n"
    error = failure(UnitSource(UNIT, "API_KEY"), recorded)
    assert error.message == (
        f"unit {UNIT} takes API_KEY from systemd's own environment (PassEnvironment=)"
    )
    assert error.hint == "read it from the service as it runs, by its `pid` or its program's `name`"
    own = f"{recorded}Environment=API_KEY=own\n"
    assert find_in_unit(UnitSource(UNIT, "API_KEY"), show(own)).secret.reveal() == "own"


def test_the_facts_say_that_a_unit_is_not_the_running_service(tmp_path):
    file = tmp_path / "my-app.env"
    file.write_text("")
    source = UnitSource(UNIT, "API_KEY")
    ask = show(RUNNING, str(file))
    notes = notes_of(source, find_in_unit(source, ask).secret, {}, tmp_path, ask)
    told, running, reload = notes
    assert told.endswith("cron, shells and other units do not inherit it")
    assert running.startswith("the service runs as process 1234 (since Sun 2026-11-22 08:00:00 ")
    assert running.endswith("after a rotation it is stale until its restart")
    assert reload == "the unit file has changed: `systemctl daemon-reload` is due"
    stopped = show(STOPPED)
    assert len(notes_of(source, find_in_unit(source, stopped).secret, {}, tmp_path, stopped)) == 1


def test_what_is_wrong_is_named(tmp_path):
    assert failure(UnitSource(UNIT, "K"), UNKNOWN).message == (
        f"systemd has no unit {UNIT} (not-found)"
    )
    error = failure(UnitSource(UNIT, "API_KEYS"), STOPPED)
    assert error.message == f"unit {UNIT} does not set API_KEYS"
    assert error.hint == "did you mean API_KEY?"
    assert failure(UnitSource(UNIT, "Z"), STOPPED).hint == (
        "add Environment=Z=… or an EnvironmentFile= to it"
    )
    gone = str(tmp_path / "gone.env")
    assert failure(UnitSource(UNIT, "K"), RUNNING, gone).message == (
        f"the environment file {gone} does not exist, so the unit cannot start"
    )
    assert failure(UnitSource(UNIT, "K"), RUNNING, str(tmp_path)).message == (
        f"cannot read the environment file {tmp_path}: Is a directory"
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 1", "systemctl failed with exit code 1"),
        ("", None),
    ],
)
def test_systemctl_is_asked_for_the_properties(tmp_path, monkeypatch, script, message):
    program = tmp_path / "systemctl"
    program.write_text(f'#!/bin/sh\n{script}\necho "Environment=ARGS=$#"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if message is None:
        assert parse_show(systemctl_show(UNIT)).environment == (("ARGS", "5"),)
        return
    with pytest.raises(SourceError) as caught:
        systemctl_show(UNIT)
    assert caught.value.message == message


def test_a_machine_without_systemd_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="there is no systemctl here"):
        systemctl_show(UNIT)


def test_a_silent_systemctl_is_not_waited_for_forever(monkeypatch):
    def too_long(argv, **_how):
        raise subprocess.TimeoutExpired(argv, 20)

    monkeypatch.setattr(subprocess, "run", too_long)
    with pytest.raises(SourceError, match="gave no answer within 20 s"):
        systemctl_show(UNIT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("K=v", "v"),
        ("K = v ", "v"),
        ("  K=v\r\nL=w", "v"),
        ("K=v # prod", "v # prod"),
        ("K='v'", "v"),
        ('K="v" \n', "v"),
        ("K='a\nb'", "a\nb"),
        ('K="a\\\nb"', "ab"),
        ("K=a\\\nb", "ab"),
        ('K="a\\$b\\n"', "a$b\\n"),
        (r"K='a\$b'", r"a\$b"),
        (r"K=a\ b", "a b"),
        ("K=\"a\" 'b'", "ab"),
        ('K=a"b"', 'a"b"'),
        ("K=$HOME", "$HOME"),
        ("K=1\nK=2", "2"),
        ("K=", ""),
        ("K=\\", "\\"),
        ("K='open", "open"),
        ("# a \\\nK=hidden\nK=v", "v"),
        ("; note\n\nK=v", "v"),
        ("nonsense\nK=v", "v"),
        ("export K=v", None),
    ],
)
def test_environment_files_are_read_by_systemds_rules(text, value):
    assert parse_environment_file(text).get("K") == value


ODD = st.text(alphabet="AK= \t\r\n'\"\\$#;x04", max_size=40)


@settings(max_examples=300, deadline=None)
@given(ODD)
def test_any_text_is_read_without_a_fault(text):
    assert all(name for name in parse_environment_file(text))
    assert isinstance(parse_show(f"Environment={text}"), UnitShown)
