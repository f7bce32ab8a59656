"""Key sources, named keys, canaries and the system's proxy, from the file to the result."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.made_keys import made_key

from harness.cli.main import run as flip401

KEY, OTHER = made_key("in a run"), made_key("another in a run")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(text: str, *options: str) -> dict[str, Any]:
    """Run a scenario and return its result; no key may be in what was printed or recorded."""
    Path("scenario.yaml").write_text(text, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        flip401(["run", "scenario.yaml", "--format", "json", "--trust", *options])
    shown = out.getvalue() + "".join(path.read_text() for path in Path("cassettes").glob("*"))
    assert KEY not in shown
    assert OTHER not in shown
    return dict(json.loads(out.getvalue())["runs"][0])


def printed(*arguments: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        flip401(list(arguments))
    return out.getvalue()


class _Answers(BaseHTTPRequestHandler):
    """Takes KEY for good, echoes a bad one's end, and tells which server was asked."""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        server.asked.append((self.path, dict(self.headers.items())))
        if "/to/" in self.path:
            self.send_response(307)
            self.send_header("Location", self.path.partition("/to/")[2])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        good = token == KEY
        body = b"{}" if good else f"Your api key: ****{token[-4:]} is invalid".encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as one:
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
        yield one
        one.shutdown()


@pytest.fixture
def proxy() -> Iterator[_Server]:
    with _Server() as one:
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
        yield one
        one.shutdown()


TWO_KEYS = """\
version: 1
name: two-keys
request:
  url: https://api.example.com/v1/me
  key: {env: API_KEY}
  headers: {Authorization: "Bearer ${key}", X-Gateway-Key: "${keys.gateway}"}
axes:
  keys.gateway: {own: {env: GATEWAY_KEY}, old: {env: OLD_GATEWAY_KEY}, gone: {env: NO_KEY}}
  carrier:
    header: {}
    query: {query: {gateway: "${keys.gateway}"}}
lab:
  provider: http-bearer
  keys: {key: {value: good}, gateway.old: {value: revoked}, gateway.gone: {value: missing}}
"""


def test_two_keys_travel_in_one_request_and_vary_on_their_own() -> None:
    result = ran(TWO_KEYS, "--lab", "--strategy", "all")
    outcomes = {item["id"]: item["outcome"] for item in result["variants"]}
    assert outcomes["baseline"] == outcomes["keys.gateway=old"] == "pass"
    assert outcomes["keys.gateway=gone"] == "not-sent"
    assert outcomes["keys.gateway=old,carrier=query"] == "pass"
    ids = {name: facts["secret_id"] for name, facts in result["keys"].items()}
    assert len({ids["key"], ids["keys.gateway=own"], ids["keys.gateway=old"]}) == 3
    line = next(
        line
        for line in Path("cassettes/two-keys.lab.yaml").read_text().splitlines()
        if "keys.gateway=old/1" in line
    )
    assert f"RDX~{ids['keys.gateway=old']}." in line
    assert f"RDX~{ids['key']}." in line


def test_two_keys_are_sent_where_they_belong(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("GATEWAY_KEY", OTHER)
    monkeypatch.setenv("OLD_GATEWAY_KEY", OTHER[:-1])
    text = TWO_KEYS.replace("https://api.example.com", server.url).partition("lab:")[0]
    result = ran(text)
    sent = {(headers["Authorization"], headers["X-Gateway-Key"]) for _, headers in server.asked}
    assert sent == {(f"Bearer {KEY}", OTHER), (f"Bearer {KEY}", OTHER[:-1])}
    assert result["verdict"] == "flip"  # the missing key alone: everything that was sent passes
    assert [item["to"] for item in result["findings"]] == ["not-sent"]


CLIENT_PAIR = """\
version: 1
name: client-pair
request:
  url: https://api.example.com/token
  form: {grant_type: client_credentials, client_id: "${keys.id}", client_secret: "${keys.secret}"}
  keys.id: {env: CLIENT_ID}
  headers: {Authorization: "Bearer ${keys.secret}"}
axes:
  keys.secret: {current: {env: CLIENT_SECRET}, old: {dotenv: .env, name: CLIENT_SECRET}}
lab: {provider: http-bearer, keys: {secret.old: {value: revoked}}}
"""


def test_a_client_pair_varies_its_secret() -> None:
    result = ran(CLIENT_PAIR, "--lab")
    assert [item["flip"] for item in result["findings"]] == [{"keys.secret": ["current", "old"]}]


def test_the_dialects_of_one_line_flip_and_the_report_says_why(server: _Server, desk: Path) -> None:
    (desk / ".env").write_text(f'API_KEY="{KEY}"\n')
    text = f"""\
version: 1
name: dialects
request:
  url: {server.url}/v1/me
  headers: {{Authorization: "Bearer ${{key}}"}}
axes:
  key:
    python: {{dotenv: .env, name: API_KEY}}
    docker: {{dotenv: .env, name: API_KEY, dialect: docker}}
    shell: {{dotenv: .env, name: API_KEY, dialect: shell}}
"""
    result = ran(text)
    assert [item["code"] for item in result["findings"]] == ["K08"]
    assert result["keys"]["key=shell"]["same_as"] == "dotenv .env API_KEY"
    (note,) = result["keys"]["key=python"]["notes"]
    assert note.startswith(f"python-dotenv reads {len(KEY)} characters")
    assert f"docker --env-file reads {len(KEY) + 2} characters" in note
    assert note in " ".join(printed("replay", "cassettes/dialects.yaml").split())


CANARY = """\
version: 1
name: canary
request:
  url: URL/v1/me
  key: {canary: true}
  headers: {Authorization: "Bearer ${key}"}
axes:
  path: {plain: {}, other: {url: "URL/other"}}
"""


def test_a_canary_that_arrives_everywhere_is_no_fault(server: _Server) -> None:
    result = ran(CANARY.replace("URL", server.url))
    assert (result["signal"], result["verdict"], result["exit"]) == ("arrival", "none", 0)
    assert {item["arrival"] for item in result["variants"]} == {"intact"}
    sent = {headers["Authorization"] for _, headers in server.asked}
    assert len(sent) == 1  # one made-up key a run
    ran(CANARY.replace("URL", server.url))
    assert len({headers["Authorization"] for _, headers in server.asked}) == 2
    text = printed("replay", "cassettes/canary.yaml")
    assert "the made-up key arrives the same everywhere (intact 2)" in text
    assert sent.pop().removeprefix("Bearer ") not in Path("cassettes/canary.yaml").read_text()


def in_the_lab(kind: str, provider: str = "deepseek") -> tuple[dict[str, Any], str]:
    text = CANARY.replace("URL", "https://api.deepseek.com") + (
        f"lab:\n  provider: {provider}\n  proxies: {{proxy: {kind}}}\n"
    )
    text = text.replace("axes:", '  proxy: "http://127.0.0.1:3128"\naxes:')
    result = ran(text, "--lab")
    return result, " ".join(printed("replay", "cassettes/canary.lab.yaml").split())


def test_a_canary_that_arrives_nowhere_names_no_axis() -> None:
    result, text = in_the_lab("strip-authorization")
    assert (result["verdict"], result["exit"]) == ("all-denied", 1)
    assert [item["code"] for item in result["observations"]] == ["X05"]
    assert "the made-up key arrives intact nowhere (absent 2)" in text
    assert "not what the scenario expects (intact)" in text


def test_answers_that_do_not_tell_are_no_verdict() -> None:
    result, text = in_the_lab("honest", "http-bearer")
    assert result["verdict"] == "no-verdict"
    assert {item["arrival"] for item in result["variants"]} == {"unknown"}
    assert [item["code"] for item in result["observations"]] == ["X06"]
    assert "no verdict: no answer tells how the made-up key arrived (unknown 2)" in text


def test_a_proxy_that_refuses_is_told_from_one_that_strips() -> None:
    result, _ = in_the_lab("demand-credentials")
    assert {item["outcome"] for item in result["variants"]} == {"proxy-denied"}
    assert {item["arrival"] for item in result["variants"]} == {"unknown"}


def test_beside_a_real_key_a_canary_only_tells_how_it_arrived(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    text = (
        CANARY.replace("URL", server.url)
        .partition("axes:")[0]
        .replace("  key: {canary: true}\n", "")
    )
    result = ran(text + "axes:\n  key: {real: {env: API_KEY}, made-up: {canary: true}}\n")
    assert "signal" not in result
    found = {item["id"]: (item["outcome"], item.get("arrival")) for item in result["variants"]}
    assert found == {"baseline": ("pass", None), "key=made-up": ("denied", "intact")}


def system(url: str, levels: str) -> str:
    return f"""\
version: 1
name: system
request:
  url: {url}/v1/me
  key: {{env: API_KEY}}
  headers: {{Authorization: "Bearer ${{key}}"}}
axes:
  proxy: {levels}
"""


def test_the_systems_proxy_is_taken_by_the_rules_of_each_client(
    server: _Server, proxy: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    host = proxy.url.removeprefix("http://")
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{OTHER}@{host}")
    levels = "{direct: none, system: system, curl: {system: curl}, requests: {system: requests}}"
    result = ran(system(server.url, levels), "--strategy", "one-at-a-time")
    assert len(server.asked) == 2  # direct, and curl, which ignores the variable in capitals
    assert [path for path, _ in proxy.asked] == [f"{server.url}/v1/me"] * 2
    assert all("Proxy-Authorization" in headers for _, headers in proxy.asked)
    assert {item["outcome"] for item in result["variants"]} == {"pass"}
    text = " ".join(printed("replay", "cassettes/system.yaml").split())
    assert "system proxy: HTTP_PROXY, read as requests does" in text
    assert "direct: no proxy variable for curl; curl ignores HTTP_PROXY in capitals" in text


def test_each_hop_of_a_redirect_asks_the_environment_anew(
    server: _Server, proxy: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("https_proxy", "127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    there = f"http://localhost:{server.server_port}/v1/me"
    text = system(f"{server.url}/to/{there}?", "{system: system}").replace("?/v1/me", "")
    result = ran(text)
    assert [path for path, _ in proxy.asked] == [there]
    assert len(server.asked) == 1
    assert [item["hop"] for item in result["variants"][0]["attempts"]] == [0, 1]

    refused = ran(text.replace(there, "https://localhost/x"))["variants"][0]
    assert refused["outcome"] == "not-sent"
    assert refused["reason"] == "aiohttp refuses https_proxy, which has no http://"


def test_what_a_client_refuses_is_not_sent(
    server: _Server, proxy: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
    result = ran(system(server.url, "{direct: none, system: system}"))
    reasons = {item["id"]: item.get("reason") for item in result["variants"]}
    assert reasons["proxy=system"] == "aiohttp refuses http_proxy, which has no http://"
    assert proxy.asked == []


def test_a_kind_of_proxy_that_is_not_spoken_is_said(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("http_proxy", "socks4://127.0.0.1:1080")
    result = ran(system(server.url, "{direct: none, socks: {system: requests}}"))
    reasons = {item["id"]: item.get("reason", "") for item in result["variants"]}
    assert "socks4:// proxy" in reasons["proxy=socks"]


def test_the_lab_reads_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    text = system("https://api.deepseek.com", "{direct: none, system: system}")
    text = text.replace("/v1/me", "/models")
    result = ran(text, "--lab")
    assert {item["outcome"] for item in result["variants"]} == {"pass"}
