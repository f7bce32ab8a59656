"""The fields of the connection, from a scenario file through the lab into a cassette."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import trustme

from harness.cli.main import run as flip401

SCENARIO = r"""
version: 1
name: wire
request:
  url: https://api.example.com/models
  headers:
    - [Authorization, "Bearer ${key}"]
  key: {env: API_KEY}
axes:
  client: [aiohttp, raw]
  http: ["1.1", "1.0"]
  auto_headers: [client, none]
  tls: {own: {}, old: {max: "1.2"}, name: {sni: other.test}, open: {verify: false}}
  resolve: {dns: {}, fixed: {"api.example.com:443": "203.0.113.7:443"}}
  proxy: {direct: none, corp: "http://proxy.corp:3128"}
  end:
    clean: {}
    broken: {client: raw, headers: [[Authorization, "Bearer ${key}\r"], [A, "\n"]]}
lab: {provider: http-bearer}
search: {strategy: one-at-a-time}
"""


def exchanges(path: Path) -> dict[str, dict]:
    lines = [line for line in path.read_text().splitlines() if line.startswith("- ")]
    items = [json.loads(line[2:]) for line in lines]
    return {item["harness"]["id"].partition("/")[0]: item for item in items}


def test_every_field_reaches_the_wire_and_is_recorded(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = SCENARIO.replace("  client: [aiohttp, raw]\n", "")
    Path("wire.yaml").write_text(text)
    assert flip401(["run", "wire.yaml", "--lab"]) in {0, 1}
    found = exchanges(tmp_path / "cassettes" / "wire.lab.yaml")
    wires = {name: item["harness"]["wire"] for name, item in found.items()}
    assert wires["baseline"]["sent"]["start"] == "GET /models HTTP/1.1"
    assert wires["baseline"]["tls"]["sni"] == "api.example.com"
    assert wires["http=1.0"]["sent"]["start"] == "GET /models HTTP/1.0"
    assert [name for name, _ in found["auto_headers=none"]["harness"]["headers_sent"]] == [
        "Host",
        "Authorization",
    ]
    assert wires["tls=old"]["tls"]["version"] == "TLSv1.2"
    assert wires["tls=name"]["tls"]["sni"] == "other.test"
    assert wires["tls=open"]["tls"]["issuer"]
    assert found["resolve=fixed"]["harness"]["outcome"] == "pass"
    tunnel = wires["proxy=corp"]["tunnel"]
    assert tunnel["sent"]["start"] == "CONNECT api.example.com:443 HTTP/1.1"
    assert not any("Authorization" in line for line in tunnel["sent"]["lines"])
    broken = found["end=broken"]["harness"]
    assert broken["wire"]["sent"]["start"] == "GET /models HTTP/1.1"
    assert broken["wire"]["tries"] == 1
    capsys.readouterr()
    assert flip401(["replay", "cassettes/wire.lab.yaml"]) in {0, 1}
    assert "end" in capsys.readouterr().out


def test_the_client_varies_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("wire.yaml").write_text(SCENARIO.replace("client: raw, ", ""))
    flip401(["run", "wire.yaml", "--lab"])
    found = exchanges(tmp_path / "cassettes" / "wire.lab.yaml")
    assert found["end=broken"]["harness"]["outcome"] == "not-sent"
    sent = [name for name, _ in found["client=raw"]["harness"]["headers_sent"]]
    assert sent == ["Host", "Authorization"]


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        ("{ca: absent.pem}", "tls.ca absent.pem cannot be read: no such file or directory"),
        ("{cert: ca.pem}", "tls.cert ca.pem cannot be used"),
    ],
)
def test_a_file_of_tls_that_cannot_be_used_ends_it_before_the_first_request(
    tmp_path, monkeypatch, capsys, tls, message
):
    monkeypatch.chdir(tmp_path)
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    text = SCENARIO.replace("own: {}", f"own: {{}}, bad: {tls}")
    Path("wire.yaml").write_text(text.replace("client: raw, ", ""))
    for command in (["check", "wire.yaml"], ["run", "wire.yaml", "--lab"]):
        assert flip401(command) == 2
        shown = capsys.readouterr()
        assert message in shown.out + shown.err
    assert not (tmp_path / "cassettes").exists()


def test_a_good_file_of_tls_is_taken_from_beside_the_scenario(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "there"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    trustme.CA().cert_pem.write_to_path(str(folder / "ca.pem"))
    (folder / "wire.yaml").write_text(
        SCENARIO.replace("own: {}", "own: {}, ca: {ca: ca.pem}").replace("client: raw, ", "")
    )
    flip401(["run", "there/wire.yaml", "--lab"])
    found = exchanges(tmp_path / "cassettes" / "wire.lab.yaml")
    assert found["tls=ca"]["harness"]["outcome"] == "pass"
