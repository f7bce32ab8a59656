"""One `.env` line, three readings: python-dotenv's, a shell's (held to real shells), docker's."""

import contextlib
import random
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.docker_env_file import docker_entries
from harness.keys.dotenv_file import find_entry
from harness.keys.notes import notes_of
from harness.keys.shell_dotenv import shell_entries
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import DotenvDialect, DotenvSource

KEY = made_key("dialects")
ENVIRON = {"HOME": "/home/me", "OTHER": "other", "BLANKS": "a b", "PATH": "/usr/bin:/bin"}
SHELLS = [name for name in ("sh", "dash", "bash") if shutil.which(name)]
UNSET = "<unset>"

LINES = [
    "K=v",
    "export K=v",
    "K='v'",
    'K="v"',
    "K=v # prod",
    "K=v#prod",
    "#K=v",
    "K=v\r",
    "\r\nK=v",
    "K = v",
    "K= v",
    "K =v",
    "K: v",
    "K=",
    "K=''",
    'K=""x',
    "K=a'b'\"c\"d",
    r"K=a\ b",
    r"K=a\$b",
    r'K="a\$b\"c\\d\`e\f"',
    r"K='a\$b'",
    "K='a\nb'",
    'K="a\nb"',
    'K="a\\\nb"',
    "K=a\\\nb",
    "K=sk-a$OTHER",
    "K=sk-a${OTHER}b",
    'K="sk-a$OTHER"',
    "K=$UNKNOWN.x",
    "K='$OTHER'",
    "K=a$1b",
    "K=a$ b",
    "K=a$",
    "K=a$.b",
    'K="a$"',
    "K=$BLANKS",
    'export K="$BLANKS"',
    "A=1\nK=$A$A",
    "K=1\nK=2",
    "K=1 A=2",
    "A=1 K=$A",
    "K=1; A=2",
    "A=2;K=1",
    "export A=1 K=2",
    "export K",
    "K=v\nexport K",
    "K=v echo hidden",
    "echo K=v",
    "\ufeffK=v",
    "1K=v",
    "K-X=v\nK=w",
    "K=~",
    "K=~/x",
    "K=a~b",
    "K=a:~/b",
    "K=a:~",
    "K=~:b",
    "K=~:~/b:~",
    "K=a:b~/c",
    "K='a:'~/b",
    "K=a:'~/b'",
    'K="a:~/b"',
    r"K=a\:~/b",
    "C=a:\nK=$C~/b",
    "K=$OTHER:~/b",
    "K=a::~/b",
    "K=https://~/b",
    "export A=1 K=a:~/b",
    "K='~'",
    "K=a=b=c",
    "K=*",
    "K=a[b]{c}?!%^+,@:-_/.",
    "K=\xe9\u200b\xa0",
    "K=v\t# x",
    "  K=v",
    "\tK=v",
    "K=a\\",
    "K=a\\\\",
    "",
]


def ours(text: str) -> str:
    entries = [value for name, value, _ in shell_entries(text, ENVIRON, ".env") if name == "K"]
    return entries[-1] if entries else UNSET


def theirs(shell: str, texts: list[str], folder) -> list[str]:
    """Let a real shell source each file; one process for all of them."""
    for number, text in enumerate(texts):
        (folder / f"{number}.env").write_bytes(text.encode("utf-8", "surrogateescape"))
    script = (
        'n=0; while [ "$n" -lt "$1" ]; do '
        f'(set -a; . "./$n.env" >/dev/null 2>&1; printf "%s" "${{K-{UNSET}}}" >"./$n.out"); '
        "n=$((n+1)); done"
    )
    argv = [shutil.which(shell), "-c", script, "x"]
    subprocess.run(
        [*argv, str(len(texts))],
        cwd=folder,
        env=ENVIRON,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return [answer(folder / f"{number}.out") for number in range(len(texts))]


def answer(path) -> str:
    """A shell that gives the file up in the middle leaves no answer."""
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else "<gave up>"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_dialect_is_what_a_real_shell_makes_of_the_line(shell, tmp_path):
    lines = [line for line in LINES if "$1" not in line]
    assert [ours(line) for line in lines] == theirs(shell, lines, tmp_path)


def made_lines(count: int, seed: int) -> list[str]:
    pieces = [
        *("K=", "export K=", "A=1", " ", "\t", "\n", "#", "'", '"', "\\", "$OTHER", "${OTHER}"),
        *("$", "v", "sk-", "a b", "=", ";", "~", ":", "+", "/", "\r", "\\n", "K"),
    ]
    maker = random.Random(seed)
    return ["".join(maker.choices(pieces, k=maker.randint(1, 9))) for _ in range(count)]


@pytest.mark.parametrize("shell", SHELLS)
def test_made_up_lines_are_read_as_a_real_shell_does_or_refused(shell, tmp_path):
    lines = [f"K=0\n{line}\n" for line in made_lines(400, 7)]
    if shell == "bash":  # it leaves the subshell, and with it the test, when `a;b` has no b
        lines = [line for line in lines if ";" not in line]
    answers = theirs(shell, lines, tmp_path)
    read = 0
    for line, answer in zip(lines, answers, strict=True):
        try:
            mine = ours(line)
        except SourceError:
            continue
        read += 1
        assert (line, mine) == (line, answer)
    assert read > 120


@pytest.mark.parametrize(
    "line",
    [
        "K=$(pass show x)",
        "K=`pass show x`",
        'K="`pass`"',
        'K="$(pass)"',
        "K=${OTHER:-x}",
        "K=$$",
        "K=$'a'",
        'K=$"a"',
        "K=a&b",
        "K=a|b",
        "K=<x",
        "K='open",
        'K="open',
        'K="open\\',
        "K=~root",
        "K=a:~root",
        "K=a:~'/b'",
        "K=a:~$OTHER",
        "K+=b",
        "B=1 K+=b",
        "K[0]=b",
        "let K=5",
        "printf -v K b",
        "read K",
        "getopts a K",
        "time K=b",
        "unset K",
        ". ./other.env",
        "if true; then K=v; fi",
        "export K=$BLANKS",
        "export -p",
        "K=v export A=1",
    ],
)
def test_what_only_a_shell_can_tell_is_refused(line):
    with pytest.raises(SourceError) as caught:
        shell_entries(f"A=1\n{line}\n", ENVIRON, ".env")
    assert caught.value.message.startswith(".env:")
    assert caught.value.message.endswith("only a shell can tell what comes of it")


def test_a_home_that_is_not_known_is_refused():
    with pytest.raises(SourceError):
        shell_entries("K=~/x", {}, ".env")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("K=v", "v"),
        ("  K=v", "v"),
        ("\ufeffK=v", "v"),
        ("K='v'", "'v'"),
        ('K="v"', '"v"'),
        ("K=v # prod", "v # prod"),
        ("K=v ", "v "),
        ("K=$OTHER", "$OTHER"),
        ("K=v\r\nA=1", "v"),
        ("# K=v\n  # x\n\nK=w", "w"),
        ("K=1\nK=2", "2"),
        ("K=a=b", "a=b"),
        ("K=", ""),
        ("OTHER", None),
        ("GONE", None),
    ],
)
def test_docker_takes_the_value_as_it_stands(text, value):
    found = {name: value for name, value, _ in docker_entries(text, ENVIRON, ".env")}
    assert found.get("K") == value
    assert found.get("OTHER", "other") == "other"
    assert "GONE" not in found


@pytest.mark.parametrize("line", ["K = v", "export K=v", "=v"])
def test_docker_refuses_the_whole_file(line):
    with pytest.raises(SourceError) as caught:
        docker_entries(f"A=1\n{line}\n", {}, ".env")
    assert caught.value.message.startswith("docker refuses .env: ")
    assert caught.value.message.endswith("name in line 2")


def read(tmp_path, text: str, dialect: DotenvDialect, name: str = "K"):
    (tmp_path / ".env").write_text(text)
    source = DotenvSource(".env", name, dialect=dialect)
    return SystemKeyReader(ENVIRON, tmp_path).read(source)


def test_each_dialect_reads_the_same_line_in_its_own_way(tmp_path):
    text = f'K="{KEY}"\n'
    assert read(tmp_path, text, DotenvDialect.PYTHON_DOTENV).reveal() == KEY
    assert read(tmp_path, text, DotenvDialect.SHELL).reveal() == KEY
    secret = read(tmp_path, text, DotenvDialect.DOCKER)
    assert secret.reveal() == f'"{KEY}"'
    assert str(secret.provenance) == "dotenv .env:1 K, as docker --env-file reads it"


def test_a_carriage_return_stays_for_a_shell_alone(tmp_path):
    (tmp_path / ".env").write_bytes(f"K={KEY}\r\n".encode())
    values = {
        dialect: find_entry(DotenvSource(".env", "K", dialect=dialect), tmp_path).secret.reveal()
        for dialect in DotenvDialect
    }
    assert values == {
        DotenvDialect.PYTHON_DOTENV: KEY,
        DotenvDialect.DOCKER: KEY,
        DotenvDialect.SHELL: f"{KEY}\r",
    }


def test_a_name_that_a_dialect_does_not_see_is_missing_for_it(tmp_path):
    assert read(tmp_path, f"K = {KEY}\n", DotenvDialect.PYTHON_DOTENV).reveal() == KEY
    with pytest.raises(SourceError) as caught:
        read(tmp_path, f"K = {KEY}\n", DotenvDialect.SHELL)
    assert caught.value.message == ".env has no K for a shell"
    with pytest.raises(SourceError) as caught:
        read(tmp_path, f"K={KEY}\n", DotenvDialect.DOCKER, "KK")
    assert caught.value.message == ".env has no KK for docker --env-file"


def notes(tmp_path, text: str, dialect=DotenvDialect.PYTHON_DOTENV) -> tuple[str, ...]:
    (tmp_path / ".env").write_bytes(text.encode())
    source = DotenvSource(".env", "K", dialect=dialect)
    secret = find_entry(source, tmp_path, ENVIRON).secret
    return notes_of(source, secret, ENVIRON, tmp_path)


def test_a_line_that_all_read_alike_has_no_note(tmp_path):
    assert notes(tmp_path, f"K={KEY}\n") == ()


def test_a_line_that_they_read_differently_is_told_by_shape(tmp_path):
    (note,) = notes(tmp_path, f'K="{KEY}"\n')
    size = len(KEY)
    assert note == (
        f"python-dotenv reads {size} characters, prefix sk-; docker --env-file reads {size + 2} "
        "characters, prefix sk-, leading double quote, trailing double quote"
    )
    (note,) = notes(tmp_path, f"K={KEY}\r\n")
    assert "a shell reads" in note
    assert "trailing CR" in note
    (note,) = notes(tmp_path, f"export K={KEY}\n", DotenvDialect.SHELL)
    assert (
        "docker --env-file reads nothing (docker refuses .env: a blank in name in line 1)" in note
    )
    (note,) = notes(tmp_path, f"K={KEY}$OTHER\n")
    assert KEY not in note


TEXTS = st.text(alphabet="K=v'\"\\$`{}()#;&~ \t\r\n\ufeff\u00e9", max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read_or_refused_in_words(text):
    for read_entries in (shell_entries, docker_entries):
        with contextlib.suppress(SourceError):
            entries = read_entries(text, ENVIRON, ".env")
            assert all(1 <= line <= text.count("\n") + 1 for _, _, line in entries)
