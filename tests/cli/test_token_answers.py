"""What a token endpoint answers is in no file and on no screen, in whatever form it comes."""

from __future__ import annotations

import json

import pytest
from support.command_line import CommandLine
from support.local_server import Reply, Seen, local_server

SCENARIO = """\
version: 1
name: asked
request:
  url: {url}/api
  sign: {{oauth2: {{token_url: "{url}/token", client_id: me, client_secret: {{env: MADE_KEY}}}}}}
axes:
  accept: {{any: {{}}, json: {{headers: {{Accept: application/json}}}}}}
"""
FORM = "application/x-www-form-urlencoded"
TOKENS = {
    "uuid": "7f3c2a10-GHJK-MNPQ-91b2",
    "short": "GHJKLMnpqr",
    "hex": "a3f5" * 9 + "c0de",
}


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(
    ("kind", "body", "outcome"),
    [
        (FORM, "access_token={}&token_type=bearer", "pass"),
        ("text/plain", "access_token={}&token_type=bearer", "pass"),
        ("application/json", '{{"access_token":"{}"}}', "pass"),
        ("application/json", '{{"token":"{}"}}', "not-sent"),
        ("application/json", '{{"access_token":{{"value":"{}"}}}}', "not-sent"),
        ("application/json", '"{}"', "not-sent"),
        ("application/xml", "<access_token>{}</access_token>", "not-sent"),
        ("text/plain", "{}", "not-sent"),
    ],
)
def test_no_token_is_recorded(cli: CommandLine, kind: str, body: str, outcome: str, token: str):
    value = TOKENS[token]
    cli.env["MADE_KEY"] = cli.key("client")
    cli.keys.append(value)

    def reply(seen: Seen) -> Reply:
        if seen.path == "/token":
            return Reply(200, body.format(value).encode(), (("Content-Type", kind),))
        return Reply(200 if seen.headers.get("authorization") == f"Bearer {value}" else 401)

    with local_server(reply) as server:
        cli.write("asked.yaml", SCENARIO.format(url=server.url))
        live = cli("run", "asked.yaml", "--trust", "--format", "json").run
    assert {one["outcome"] for one in live["variants"]} == {outcome}
    again = cli("replay", live["cassette"], "--format", "json").run
    assert again["variants"] == live["variants"]


def test_what_an_endpoint_says_of_an_error_stays(cli: CommandLine):
    cli.env["MADE_KEY"] = cli.key("client")
    refusal = {"error": "invalid_client", "error_description": "no such client here"}

    with local_server(lambda _seen: Reply(200, json.dumps(refusal).encode())) as server:
        cli.write("asked.yaml", SCENARIO.format(url=server.url))
        live = cli("run", "asked.yaml", "--trust", "--format", "json").run
    assert "no such client here" in (cli.directory / live["cassette"]).read_text()
