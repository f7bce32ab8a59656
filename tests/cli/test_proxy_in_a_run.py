"""A proxy that fails is blamed, and neither the API nor its key, whatever the client."""

from __future__ import annotations

import pytest
from support.command_line import CommandLine
from support.local_server import Reply, Seen, local_server

SCENARIO = """\
version: 1
name: asked
request:
  url: http://api.test/v1
  key: {{env: MADE_KEY}}
  headers: {{Authorization: "Bearer ${{key}}"}}
  client: {client}
  resolve: {{"api.test:80": "{direct}"}}
axes:
  proxy: {{none: none, x: {proxy}}}
"""
CLIENTS = pytest.mark.parametrize("client", ["aiohttp", "raw"])


def ran(cli: CommandLine, client: str, proxy: str, proxied: str = ""):
    """Run it; `{proxied}` is where a proxy of this test listens."""
    cli.env["MADE_KEY"] = cli.key("api")
    with local_server(lambda _seen: Reply(200)) as direct:
        place = direct.url.removeprefix("http://")
        text = SCENARIO.format(client=client, direct=place, proxy=proxy.format(proxied=proxied))
        cli.write("asked.yaml", text)
        return cli("run", "asked.yaml", "--trust", "--format", "json").run


@CLIENTS
def test_a_password_beyond_latin_1_is_sent(cli: CommandLine, client: str):
    password = cli.env["PP"] = "\u5bc6\u7801x-made-up"
    cli.keys.append(password)
    seen: list[Seen] = []

    def proxy(one: Seen) -> Reply:
        seen.append(one)
        return Reply(200)

    with local_server(proxy) as server:
        level = "{{url: '{proxied}', username: us, password: {{env: PP}}}}"
        run = ran(cli, client, level, server.url)
    assert [one["outcome"] for one in run["variants"]] == ["pass", "pass"]
    assert "proxy-authorization" in seen[0].headers


@CLIENTS
def test_a_login_that_socks_cannot_carry_is_not_the_key_s_fault(cli: CommandLine, client: str):
    cli.env["PP"] = cli.key("proxy") * 20
    with local_server(lambda _seen: Reply(200)) as server:
        place = server.url.replace("http", "socks5")
        level = "{{url: '{proxied}', username: us, password: {{env: PP}}}}"
        run = ran(cli, client, level, place)
    (finding,) = run["findings"]
    assert (finding["code"], finding["to"]) == ("L02", "not-sent")
    assert finding["fix"] == "use a shorter one, or a proxy that speaks http"


@CLIENTS
def test_a_proxy_without_a_name_that_resolves_is_the_one_cause(cli: CommandLine, client: str):
    run = ran(cli, client, '"http://no-such-proxy.invalid:3128"')
    (finding,) = run["findings"]
    assert finding["code"] == "N02"
    assert run["observations"] == []
    (bad,) = [one for one in run["variants"] if one["outcome"] == "unreachable"]
    assert bad["reason"] == "the name of the proxy cannot be resolved"
