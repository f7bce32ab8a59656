"""Runs against httpbin: a server written by others, outside the lab."""

from __future__ import annotations

import jsonschema
import pytest
from support.command_line import CommandLine, Finished

from harness.reports.json_schema import result_schema

BEARER = """\
version: 1
name: bearer
request:
  url: {url}/bearer
  key: {{env: MADE_KEY}}
  headers: {{Authorization: "Bearer ${{key}}"}}
axes:
  scheme:
    bearer: {{}}
    absent: {{headers: {{Authorization: null}}}}
    token: {{headers: {{Authorization: "Token ${{key}}"}}}}
{rest}
"""
BASIC = """\
version: 1
name: basic
request:
  url: {url}/basic-auth/user/{password}
  key: {{env: MADE_KEY}}
  sign: {{basic: {{username: user}}}}
axes:
  key:
    shell: {{env: MADE_KEY}}
    file: {{file: other.key}}
"""


def findings(done: Finished) -> dict[str, tuple[str, str, str]]:
    jsonschema.validate(done.json, result_schema())
    return {
        ",".join(f"{axis}:{old}>{new}" for axis, (old, new) in found["flip"].items()): (
            found["to"],
            found["code"],
            found["confidence"],
        )
        for found in done.run["findings"]
    }


def test_bearer_without_a_header_or_with_another_scheme_is_denied(cli: CommandLine, httpbin: str):
    cli.env["MADE_KEY"] = cli.key()
    cli.write("bearer.yaml", BEARER.format(url=httpbin, rest=""))
    done = cli("run", "bearer.yaml", "--trust", "--format", "json")
    assert done.code == 1
    assert findings(done) == {
        "scheme:bearer>absent": ("denied", "H01", "proved"),
        "scheme:bearer>token": ("denied", "H04", "proved"),
    }
    assert done.run["evidence"] == "certified"
    assert not done.run["lab"]


def test_bearer_as_expected_is_code_0(cli: CommandLine, httpbin: str):
    cli.env["MADE_KEY"] = cli.key()
    rest = """expect:
  - {when: {scheme: absent}, outcome: denied, code: H01}
  - {when: {scheme: token}, outcome: denied, code: H04}"""
    cli.write("bearer.yaml", BEARER.format(url=httpbin, rest=rest))
    done = cli("run", "bearer.yaml", "--trust", "--format", "json")
    assert (done.code, done.run["unmet"]) == (0, [])


def test_another_cause_than_expected_is_code_1(cli: CommandLine, httpbin: str):
    cli.env["MADE_KEY"] = cli.key()
    rest = """expect:
  - {when: {scheme: [absent, token]}, outcome: denied, code: H04}"""
    cli.write("bearer.yaml", BEARER.format(url=httpbin, rest=rest))
    done = cli("run", "bearer.yaml", "--trust", "--format", "json")
    assert (done.code, done.run["unmet"]) == (
        1,
        ["scheme=absent: expected cause H04, found H01"],
    )


@pytest.mark.parametrize(("ending", "code"), [("", "K21"), ("\n", "H12")])
def test_basic_with_the_wrong_password_is_a_matter_of_its_source(
    cli: CommandLine, httpbin: str, ending: str, code: str
):
    password = cli.key(prefix="")
    cli.env["MADE_KEY"] = password
    # The password stands in the URL as httpbin wants it: the file is an input, the rest is not.
    wrong = cli.key("other", prefix="") if not ending else password + ending
    cli.write("other.key", wrong)
    cli.write("basic.yaml", BASIC.format(url=httpbin, password=password))
    done = cli("run", "basic.yaml", "--trust", "--format", "json")
    assert done.code == 1
    assert list(findings(done)) == ["key:shell>file"]
    ((to, found, confidence),) = findings(done).values()
    assert (to, confidence) == ("denied", "proved")
    also = done.run["findings"][0]["also"]
    assert code in (found, *also)


def test_basic_with_both_sources_right_shares_the_exchange(cli: CommandLine, httpbin: str):
    password = cli.key(prefix="")
    cli.env["MADE_KEY"] = password
    cli.write("other.key", password)
    cli.write("basic.yaml", BASIC.format(url=httpbin, password=password))
    done = cli("run", "basic.yaml", "--trust")
    assert done.code == 0
    assert "nothing flips" in done.out
    assert "same value as shell" in done.out


def test_a_real_run_replays_the_same(cli: CommandLine, httpbin: str):
    cli.env["MADE_KEY"] = cli.key()
    cli.write("bearer.yaml", BEARER.format(url=httpbin, rest=""))
    live = cli("run", "bearer.yaml", "--trust", "--format", "json")
    del cli.env["MADE_KEY"]
    again = cli("replay", live.run["cassette"], "--format", "json")
    assert again.code == live.code
    assert again.run == live.run | {"replayed": True}
