"""`flip401 run`: results, reports, and every way in which a run cannot be."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys

import jsonschema
import pytest
from support.command_line import CommandLine
from support.local_server import Reply, bearer, local_server
from support.scenario_texts import bearer_text

from harness.reports.json_schema import result_schema

SAME = """
  key:
    shell: {env: MADE_KEY}
    dotenv: {dotenv: .env, name: MADE_KEY}
  accept:
    any: {}
    json: {headers: {Accept: application/json}}
"""


@pytest.fixture
def two_keys(cli: CommandLine) -> CommandLine:
    """A good key in the environment, another one in `.env`."""
    cli.env["MADE_KEY"] = cli.key("good")
    cli.write(".env", f"MADE_KEY={cli.key('bad')}\n")
    return cli


def test_a_run_names_the_cause_and_leaves_a_cassette(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=SAME))
        done = two_keys("run", "asked.yaml", "--trust", "--format", "json")
    assert done.code == 1
    jsonschema.validate(done.json, result_schema())
    (found,) = done.run["findings"]
    assert found["flip"] == {"key": ["shell", "dotenv"]}
    assert done.run["irrelevant"] == ["accept"]
    assert done.run["requests_sent"] == len(server.seen)
    assert (two_keys.directory / done.run["cassette"]).is_file()


def test_the_text_is_the_same_each_time_off_a_terminal(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=SAME))
        once = two_keys("run", "asked.yaml", "--trust")
        again = two_keys("run", "asked.yaml", "--trust")
        two_keys.env |= {"COLUMNS": "200", "FORCE_COLOR": "1", "NO_COLOR": ""}
        elsewhere = two_keys("run", "asked.yaml", "--trust")
    assert once.out == again.out == elsewhere.out
    assert "\x1b" not in once.out
    assert once.err == ""


def test_a_terminal_without_the_signs_gets_others(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        two_keys.env |= {"PYTHONIOENCODING": "ascii"}
        done = two_keys.process("run", "asked.yaml", "--trust")
    assert done.out.isascii()


def test_reports_hold_what_is_printed(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        arguments = ["--trust", "--report", "json=told.json", "--report", "text=told.txt"]
        done = two_keys("run", "asked.yaml", *arguments)
    told = json.loads((two_keys.directory / "told.json").read_text())
    jsonschema.validate(told, result_schema())
    assert told["exit"] == done.code == 1
    assert (two_keys.directory / "told.txt").read_text() == done.out


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("html=x.html", "expected KIND=PATH\n    kinds: text, json"),
        ("json", "expected KIND=PATH"),
        ("json=", "expected KIND=PATH"),
        ("json=none/x.json", "there is no folder none"),
        ("json=home", "home is a folder"),
    ],
)
def test_a_report_that_cannot_be_is_found_before_the_first_request(
    two_keys: CommandLine, report: str, words: str
):
    with local_server(bearer()) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        done = two_keys("run", "asked.yaml", "--trust", "--report", report)
    assert done.code == 2
    assert done.err.startswith(f"error: --report {report}: ")
    assert words in done.err
    assert server.seen == []


def test_a_report_that_fails_at_the_end_comes_after_the_result(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        done = two_keys("run", "asked.yaml", "--trust", "--report", "text=/dev/full")
    assert done.code == 2
    assert done.err == "error: cannot write the report /dev/full: no space left on device\n"
    assert "key decides it" in done.out


def test_what_is_narrated_goes_to_stderr_and_into_a_private_file(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        arguments = ["-v", "--log-file", "run.log", "--log-format", "json"]
        done = two_keys("run", "asked.yaml", "--trust", *arguments)
    log = two_keys.directory / "run.log"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    finished = [line for line in lines if line["event"] == "variant finished"]
    assert {line["requests_sent"] for line in finished} == {1}
    assert sum(line["event"] == "exchange recorded" for line in lines) == len(server.seen)
    assert json.loads(done.err.splitlines()[0])["event"] == "run started"


def test_a_log_file_that_cannot_be_is_found_before_the_first_request(two_keys: CommandLine):
    with local_server(bearer()) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        done = two_keys("run", "asked.yaml", "--trust", "--log-file", "none/run.log")
    assert done.code == 2
    assert done.err.startswith("error: cannot write the log file none/run.log: ")
    assert server.seen == []


@pytest.mark.parametrize("place", ["asked.yaml/x.yaml", "home", "/proc/none/x.yaml"])
def test_a_cassette_that_cannot_be_written_is_found_before_the_first_request(
    two_keys: CommandLine, place: str
):
    with local_server(bearer()) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        done = two_keys("run", "asked.yaml", "--trust", "--cassette", place)
    assert done.code == 2
    assert done.err.startswith("error: cannot write the cassette ")
    assert "--cassette" in done.err
    assert server.seen == []


def test_keys_are_not_read_before_the_place_is_sure(cli: CommandLine):
    axes = "\n  key: {told: {command: [touch, was-run]}}"
    cli.write("asked.yaml", bearer_text("http://127.0.0.1:1/", axes=axes))
    assert cli("run", "asked.yaml", "--trust", "--cassette", "home").code == 2
    assert not (cli.directory / "was-run").exists()


def test_a_missing_key_is_not_sent_and_the_rest_goes_on(two_keys: CommandLine):
    axes = SAME.replace("{dotenv: .env, name: MADE_KEY}", "{dotenv: .env, name: NO_SUCH_KEY}")
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=axes))
        done = two_keys("run", "asked.yaml", "--trust", "--format", "json")
    assert done.code == 1
    (found,) = done.run["findings"]
    assert (found["flip"], found["to"]) == ({"key": ["shell", "dotenv"]}, "not-sent")
    (unsent,) = [one for one in done.run["variants"] if one["outcome"] == "not-sent"]
    assert unsent["id"] == "key=dotenv"
    assert unsent["reason"].startswith("no key: ")
    assert "NO_SUCH_KEY" in unsent["reason"]


def test_without_any_key_nothing_is_sent_and_each_is_named(cli: CommandLine):
    with local_server(bearer()) as server:
        cli.write("asked.yaml", bearer_text(server.url))
        done = cli("run", "asked.yaml", "--trust")
    assert done.code == 3
    assert server.seen == []
    assert "no verdict" in done.out
    words = " ".join(done.out.split())
    assert "environment variable MADE_KEY is not set" in words
    assert "cannot read .env: there is no such file" in words or ".env" in words


def test_a_host_that_is_not_there_is_code_3_and_said_in_one_line(two_keys: CommandLine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        two_keys.write("asked.yaml", bearer_text(f"http://127.0.0.1:{port}/"))
        done = two_keys("run", "asked.yaml", "--trust")
    assert done.code == 3
    words = " ".join(done.out.split())
    assert f"cannot connect to 127.0.0.1:{port}: connection refused" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "asked.yaml"),
        ("{", "asked.yaml:"),
        (
            "version: 1\nname: a\nrequest: {url: 'http://a.example/'}\naxis: {}\n",
            "asked.yaml:4:1: ",
        ),
        ("version: 1\nname: a\nrequest: {url: 'http://a.example/', headrs: {}}\n", "asked.yaml:3:"),
        (bearer_text("http://a.example/", axes="\n  key: {}"), "asked.yaml:"),
        (
            bearer_text("http://a.example/", rest="exclude: [{key: wallet}]"),
            "asked.yaml:11:17: ",
        ),
    ],
    ids=["empty", "unreadable", "unknown field", "unknown request field", "no level", "level"],
)
def test_a_fault_in_the_file_is_said_with_its_place(cli: CommandLine, text: str, words: str):
    cli.write("asked.yaml", text)
    done = cli("run", "asked.yaml", "--trust")
    assert done.code == 2
    assert done.err.startswith(f"error: {words}")
    assert done.out == ""


def test_a_secret_where_a_source_belongs_is_refused_and_not_shown(cli: CommandLine):
    text = bearer_text("http://a.example/", axes=f"\n  key: {{one: {cli.key()}}}")
    cli.write("asked.yaml", text)
    done = cli("run", "asked.yaml", "--trust")
    assert done.code == 2
    assert done.err.startswith("error: asked.yaml:7:14: ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.yaml", "no scenario file none.yaml\n    give a path, or a shipped scenario: "),
        ("deepseek-410", "no scenario file deepseek-410\n    did you mean deepseek-401?"),
        ("home", "cannot read home: is a directory\n"),
        ("a" * 300, f"cannot read {'a' * 300}: file name too long\n"),
    ],
)
def test_a_scenario_that_is_not_there_is_code_2(cli: CommandLine, name: str, words: str):
    done = cli("run", name)
    assert done.code == 2
    assert done.err.startswith(f"error: {words}")


@pytest.mark.parametrize("strategy", ["all", "one-at-a-time", "pairwise"])
def test_a_fixed_strategy_over_the_budget_is_refused(two_keys: CommandLine, strategy: str):
    with local_server(bearer()) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=SAME))
        arguments = ["--strategy", strategy, "--budget", "2"]
        done = two_keys("run", "asked.yaml", "--trust", *arguments)
    assert done.code == 2
    assert done.err.startswith(f"error: strategy {strategy} needs more than 2 variants")
    assert "isolate" in done.err
    assert server.seen == []


@pytest.mark.parametrize(
    ("sign", "needed"),
    [
        ("{digest: {username: me}}", 8),
        ("{oauth2: {token_url: 'http://a.example/t', client_id: me}}", 8),
        ("{oauth2: {token_url: 'http://a.example/t', client_id: me, share: true}}", 5),
    ],
)
def test_the_first_requests_of_a_signature_count_too(cli: CommandLine, sign: str, needed: int):
    text = f"""\
version: 1
name: asked
request:
  url: http://a.example/
  key: {{env: MADE_KEY}}
  sign: {sign}
axes:
  one: {{a: {{}}, b: {{headers: {{X-A: "1"}}}}}}
  two: {{a: {{}}, b: {{headers: {{X-B: "1"}}}}}}
search: {{strategy: all, budget: {needed - 1}}}
"""
    cli.write("asked.yaml", text)
    done = cli("check", "asked.yaml")
    assert done.code in {1, 2}
    words = f"strategy all needs {needed} requests, some variants more than one"
    assert words in done.out + done.err
    cli.write("asked.yaml", text.replace(f"budget: {needed - 1}", f"budget: {needed}"))
    assert cli("check", "asked.yaml").code == 0


def test_a_matrix_of_any_size_is_refused_at_once(cli: CommandLine):
    axes = "".join(
        f"\n  a{n}: {{one: {{}}, two: {{query: {{q{n}: '2'}}}}, three: {{query: {{q{n}: '3'}}}}}}"
        for n in range(30)
    )
    cli.write(
        "asked.yaml", bearer_text("http://a.example/", axes=f"\n  key: {{e: {{env: E}}}}{axes}")
    )
    done = cli("run", "asked.yaml", "--trust", "--strategy", "all", "--repeat", "3")
    assert done.code == 2
    assert "66 variants, 3 times each" in done.err


def test_options_lie_over_the_scenario(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=SAME))
        arguments = ["--strategy", "all", "--repeat", "2", "--concurrency", "1", "--budget", "8"]
        done = two_keys("run", "asked.yaml", "--trust", "--format", "json", *arguments)
    assert done.run["strategy"] == "all"
    assert len(server.seen) == 8
    assert done.run["requests_sent"] == 8


def test_isolate_is_run_with_its_strategy(two_keys: CommandLine):
    with local_server(bearer(*two_keys.keys)) as server:
        text = bearer_text(server.url, axes=SAME, rest="search: {strategy: all}")
        two_keys.write("asked.yaml", text)
        done = two_keys("isolate", "asked.yaml", "--trust", "--format", "json")
    assert (done.code, done.run["strategy"]) == (0, "isolate")


def test_several_scenarios_have_one_result_and_the_worst_code(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("one.yaml", bearer_text(server.url, name="one"))
        two_keys.write("two.yaml", bearer_text("http://127.0.0.1:1/", name="two"))
        done = two_keys("run", "one.yaml", "two.yaml", "--trust", "--format", "json")
    assert [(run["scenario"], run["exit"]) for run in done.json["runs"]] == [("one", 1), ("two", 3)]
    assert done.json["exit"] == done.code == 3


def test_two_scenarios_may_not_record_to_one_file(two_keys: CommandLine):
    with local_server(bearer()) as server:
        two_keys.write("one.yaml", bearer_text(server.url, name="one"))
        two_keys.write("two.yaml", bearer_text(server.url, name="two"))
        done = two_keys("run", "one.yaml", "two.yaml", "--trust", "--cassette", "x.yaml")
    assert done.code == 2
    assert done.err.startswith("error: two scenarios would record to x.yaml")
    assert server.seen == []


def test_a_fault_in_the_second_scenario_stops_the_first(two_keys: CommandLine):
    with local_server(bearer()) as server:
        two_keys.write("one.yaml", bearer_text(server.url, name="one"))
        two_keys.write("two.yaml", bearer_text(server.url, name="Two!"))
        assert two_keys("run", "one.yaml", "two.yaml", "--trust").code == 2
    assert server.seen == []


def test_a_base_url_from_the_environment_is_used(two_keys: CommandLine):
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.env["BASE"] = server.url
        two_keys.write("asked.yaml", bearer_text("{env: BASE, path: /v1/models}"))
        assert two_keys("run", "asked.yaml", "--trust").code == 1
    assert {seen.path for seen in server.seen} == {"/v1/models"}


def test_a_base_url_that_is_not_set_is_not_sent(two_keys: CommandLine):
    two_keys.write("asked.yaml", bearer_text("{env: BASE, path: /v1/models}"))
    done = two_keys("run", "asked.yaml", "--trust", "--format", "json")
    assert done.code == 3
    assert done.run["requests_sent"] == 0
    reasons = {one["reason"] for one in done.run["variants"]}
    assert reasons == {"environment variable BASE is not set and has no default"}
    assert two_keys("replay", done.run["cassette"], "--format", "json").run == done.run | {
        "replayed": True
    }


@pytest.mark.parametrize("base", ["no-scheme.example", "http://host:abc", "http://[::1", "ftp://a"])
@pytest.mark.parametrize("verb", ["run", "plan"])
def test_a_base_url_that_is_none_is_one_line(two_keys: CommandLine, base: str, verb: str):
    two_keys.env["BASE"] = base
    two_keys.write("asked.yaml", bearer_text("{env: BASE, path: /v1}"))
    done = two_keys(verb, "asked.yaml")
    assert done.code == 2
    assert done.err.startswith("error: the environment variable BASE holds no http or https URL\n")
    assert base not in done.err


def test_a_base_url_with_a_password_is_refused_and_not_shown(two_keys: CommandLine):
    two_keys.env["BASE"] = f"http://user:{two_keys.key('in the URL')}@127.0.0.1:1"
    two_keys.write("asked.yaml", bearer_text("{env: BASE, path: /v1}"))
    done = two_keys("run", "asked.yaml", "--trust")
    assert done.code == 2
    assert done.err.startswith("error: the environment variable BASE holds a URL with a user name")


def test_a_body_file_that_is_not_there_is_found_before_the_first_request(two_keys: CommandLine):
    with local_server(bearer()) as server:
        axes = f"{SAME}\n  size:\n    none: {{}}\n    some: {{body_file: body.json}}\n"
        two_keys.write("asked.yaml", bearer_text(server.url, axes=axes))
        for verb in (["run", "--trust"], ["check"]):
            done = two_keys(*verb, "asked.yaml")
            assert done.code == 2
            assert "cannot read body_file body.json: no such file or directory\n" in done.err
        assert server.seen == []
        two_keys.write("body.json", "{}")
        assert two_keys("run", "asked.yaml", "--trust").code == 1
    assert b"{}" in {seen.body for seen in server.seen}


def test_a_disk_that_is_full_is_one_line_and_the_part_stays(two_keys: CommandLine):
    """A limit on the size of files stands for the full disk."""
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url, axes=SAME))
        program = (
            "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000));"
            "sys.dont_write_bytecode = True;"
            "from harness.cli.main import run; sys.exit(run(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, "run", "asked.yaml", "--trust"],
            cwd=two_keys.directory,
            env={k: v for k, v in two_keys.environment.items() if not k.startswith("COVERAGE")},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    told = two_keys.checked(done.returncode, done.stdout, done.stderr)
    assert told.code == 2
    assert told.err.startswith("error: cannot write the cassette ")
    assert "file too large" in told.err
    (part,) = (two_keys.directory / "cassettes").glob("*.part")
    assert two_keys("replay", os.path.relpath(part, two_keys.directory)).code in (0, 1)


def test_an_answer_that_echoes_the_key_is_recorded_without_it(two_keys: CommandLine):
    def echo(seen):
        key = seen.headers["authorization"].split()[-1]
        body = json.dumps({"error": f"Your api key: {key} (****{key[-4:]}) is invalid"})
        return Reply(401, body.encode(), (("X-Key", key.encode().hex()),))

    with local_server(echo) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        arguments = ["--trust", "-vv", "--log-file", "x.log"]
        done = two_keys("run", "asked.yaml", *arguments)
    assert done.code == 1
    assert "everything that was sent is denied" in done.out


LEAKING = """\
version: 1
name: leaking
request:
  url: {url}
  headers: {{Authorization: "Bearer ${{key}}"}}
  json: {{seed: 8412967305}}
axes: {{key: {{shell: {{env: SEED}}}}}}
"""


def test_a_leak_is_code_4_and_publishes_nothing(cli: CommandLine):
    """A number that is the key as well cannot be replaced in the record: it is no text."""
    cli.env["SEED"] = "8412967305"
    cli.keys.append("8412967305")
    with local_server(bearer()) as server:
        cli.write("leaking.yaml", LEAKING.format(url=server.url))
        done = cli("run", "leaking.yaml", "--trust", "--format", "json")
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines()[-1].startswith("leak: a secret would have been written at ")
    assert done.err.endswith("; nothing was published\n")
    assert list((cli.directory / "cassettes").iterdir()) == []


def test_results_before_a_leak_are_shown(two_keys: CommandLine):
    two_keys.env["SEED"] = "8412967305"
    two_keys.keys.append("8412967305")
    with local_server(bearer(two_keys.keys[0])) as server:
        two_keys.write("asked.yaml", bearer_text(server.url))
        two_keys.write("leaking.yaml", LEAKING.format(url=server.url))
        names = ["asked.yaml", "leaking.yaml", "behind.yaml"]
        two_keys.write("behind.yaml", bearer_text(server.url, name="behind"))
        done = two_keys("run", *names, "--trust", "--format", "json")
    assert done.code == 4
    assert (done.json["exit"], [run["scenario"] for run in done.json["runs"]]) == (4, ["asked"])
