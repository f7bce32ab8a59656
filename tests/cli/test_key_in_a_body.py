"""A key in a body stays on its origin, in a run over sockets and in its replay."""

from __future__ import annotations

import pytest
from support.command_line import CommandLine
from support.local_server import Reply, local_server

BODIES = {
    "form": 'form: {token: "${key}"}',
    "json": 'json: {auth: {token: "${key}"}}',
    "text": 'body: "token ${key}"',
    "file": "body_file: body.bin",
}


def scenario(url: str, body: str, client: str, redirects: str = "{follow: 5}") -> str:
    return f"""\
version: 1
name: asked
request:
  method: POST
  url: {url}/v1
  key: {{env: MADE_KEY}}
  headers: {{Authorization: "Bearer ${{key}}"}}
  {body}
  client: {client}
  redirects: {redirects}
"""


@pytest.mark.parametrize("client", ["aiohttp", "raw"])
@pytest.mark.parametrize("body", BODIES)
def test_a_redirect_elsewhere_gets_nothing_and_the_result_says_so(
    cli: CommandLine, body: str, client: str
):
    cli.write("body.bin", "what nobody looked into")
    cli.env["MADE_KEY"] = cli.key("in a body")
    with local_server(lambda _seen: Reply(200)) as other:
        moved = Reply(307, b"", (("Location", f"{other.url}/elsewhere"),))
        with local_server(lambda _seen: moved) as server:
            cli.write("asked.yaml", scenario(server.url, BODIES[body], client))
            live = cli("run", "asked.yaml", "--trust", "--format", "json")
    assert len(server.seen) == 1
    assert other.seen == []
    (variant,) = live.run["variants"]
    assert (variant["outcome"], variant["http_status"]) == ("other", 307)
    (observed,) = [one for one in live.run["observations"] if one["code"] == "R06"]
    assert f"{other.url}/elsewhere" in observed["fix"]
    again = cli("replay", live.run["cassette"], "--format", "json").run
    for name in ("variants", "observations", "exit_code"):
        assert again.get(name) == live.run.get(name)


def test_it_goes_along_where_the_scenario_says_so(cli: CommandLine):
    key = cli.env["MADE_KEY"] = cli.key("in a body")
    with local_server(lambda _seen: Reply(200)) as other:
        moved = Reply(307, b"", (("Location", f"{other.url}/elsewhere"),))
        with local_server(lambda _seen: moved) as server:
            redirects = "{follow: 5, credentials: always}"
            cli.write("asked.yaml", scenario(server.url, BODIES["form"], "aiohttp", redirects))
            cli("run", "asked.yaml", "--trust")
    assert key.encode() in other.seen[0].body
