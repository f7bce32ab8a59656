"""Every signature against a server that verifies it: live, in the cassette, and replayed."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
import yaml
from runner.verifying_server import verifying_server
from support.made_keys import made_key

from harness.cli.main import run as flip401

SECRET = made_key("on the wire", prefix="")
WRONG = made_key("not on the wire", prefix="")
TOKEN = made_key("a token", prefix="tok-")


@pytest.fixture
def server():
    with verifying_server(SECRET, TOKEN) as one:
        yield one


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server):
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "GOOD": SECRET,
        "WRONG": WRONG,
        "GLM": f"the-id.{SECRET}",
        "GLM_WRONG": f"the-id.{WRONG}",
        "CLIENT": "me & you",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)

    def run(request: str, axes: str, search: str = "{}") -> dict:
        text = f"version: 1\nname: t\nrequest:\n{request}\naxes:\n{axes}\nsearch: {search}\n"
        text = text.replace("@", server.base)
        Path("t.yaml").write_text(text, encoding="utf-8")
        live = command("run", "t.yaml", "--trust", "--format", "json")
        cassette = Path("cassettes/t.yaml").read_text(encoding="utf-8")
        for secret in (SECRET, WRONG, TOKEN):
            assert secret not in live + cassette
            assert secret[-8:] not in live + cassette
        replayed = command("replay", "cassettes/t.yaml", "--format", "json")
        (one,), (two,) = json.loads(live)["runs"], json.loads(replayed)["runs"]
        assert two.pop("replayed")
        one.pop("replayed", None)
        assert one == two
        return one

    return run


def command(*argv: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        flip401(list(argv))
    assert err.getvalue() == "" or argv[0] == "run", err.getvalue()
    return out.getvalue()


def outcomes(result: dict) -> dict[str, str]:
    return {item["id"]: item["outcome"] for item in result["variants"]}


def steps(result: dict, variant: str) -> list[tuple[str, int | None]]:
    (found,) = (item for item in result["variants"] if item["id"] == variant)
    return [
        (attempt["exchange"].partition("/")[2], attempt["http_status"])
        for attempt in found["attempts"]
    ]


KEY_AXIS = "  key: {good: {env: GOOD}, wrong: {env: WRONG}}"
CLOCK = "  clock: [0s, +10m, -10m]"
SIGNS = {
    "hmac": "{hmac: {}}",
    "tc3": "{tc3: {secret_id: the-id, service: cvm, region: r, action: Do, version: v1}}",
    "http-signature": "{http-signature: {key_id: k, expires: 5m}}",
}


@pytest.mark.parametrize("kind", SIGNS)
def test_a_signature_verifies_and_the_clock_flips_it(kind, ran):
    request = f"  url: '@/{kind}'\n  json: {{a: ü}}\n  sign: {SIGNS[kind]}"
    result = ran(request, f"{KEY_AXIS}\n{CLOCK}")
    assert outcomes(result)["baseline"] == "pass"
    codes = {json.dumps(item["flip"]): item["code"] for item in result["findings"]}
    assert codes['{"clock": ["0s", "+10m"]}'] == "C01"
    assert codes['{"clock": ["0s", "-10m"]}'] == "C01"
    assert '{"key": ["good", "wrong"]}' in codes


def test_aws_takes_the_signature_and_its_scope_counts(ran):
    sign = "{{sigv4: {{access_key: the-id, region: {}, service: s}}}}"
    request = "  url: '@/sigv4/a?b=1&a=2'\n  key: {env: GOOD}"
    axes = f"  sign: {{right: {sign.format('eu-1')}, elsewhere: {sign.format('us-1')}}}"
    result = ran(request, axes)
    assert outcomes(result) == {"baseline": "pass", "sign=elsewhere": "denied"}
    assert [item["code"] for item in result["findings"]] == ["S04"]


def test_a_glm_token_verifies_in_milliseconds_only(ran):
    request = "  url: '@/glm'\n  key: {env: GLM}"
    axes = "  sign: {right: {jwt: {preset: glm}}, seconds: {jwt: {preset: glm, unit: s}}}"
    result = ran(request, axes)
    assert outcomes(result) == {"baseline": "pass", "sign=seconds": "denied"}
    assert [item["code"] for item in result["findings"]] == ["C05"]


def test_a_secret_that_does_not_fit_is_not_sent(ran, server):
    request = "  url: '@/hmac'\n  sign: {hmac: {secret_encoding: hex}}"
    assert set(outcomes(ran(request, KEY_AXIS)).values()) == {"not-sent"}
    assert not server.seen


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_digest_answers_a_challenge_with_a_second_request(algorithm, ran, server):
    request = f"  url: '@/digest/{algorithm}?a=1'\n  sign: {{digest: {{username: me}}}}"
    result = ran(request, KEY_AXIS)
    assert outcomes(result) == {"baseline": "pass", "key=wrong": "denied"}
    assert steps(result, "baseline")[:2] == [("1/preflight/0/1", 401), ("1/main/0/1", 200)]
    assert result["requests_sent"] == sum(server.seen.values())


def test_a_stale_nonce_is_answered_once_more(ran):
    request = "  url: '@/digest/MD5/stale'\n  sign: {digest: {username: me}}\n  key: {env: GOOD}"
    result = ran(request, "  client: [aiohttp]")
    assert steps(result, "baseline") == [
        ("1/preflight/0/1", 401),
        ("1/main/0/1", 401),
        ("1/main/0/2", 200),
    ]
    assert outcomes(result) == {"baseline": "pass"}


def test_without_a_challenge_the_first_request_decides(ran):
    request = "  url: '@/digest/MD5/open'\n  sign: {digest: {username: me}}\n  key: {env: GOOD}"
    result = ran(request, "  client: [aiohttp]")
    assert steps(result, "baseline") == [("1/preflight/0/1", 200)]
    assert outcomes(result) == {"baseline": "pass"}


def test_a_challenge_that_cannot_be_answered_is_said_so(ran):
    request = "  url: '@/digest/MD5/odd'\n  sign: {digest: {username: me}}\n  key: {env: GOOD}"
    result = ran(request, "  client: [aiohttp]")
    assert outcomes(result) == {"baseline": "not-sent"}
    assert "the server offers X only" in json.dumps(result)


def oauth2(manner: str = "basic", more: str = "") -> str:
    path = f"token_url: '@/token/{manner}', client_id: {{env: CLIENT}}{more}"
    return f"  url: '@/api'\n  sign: {{oauth2: {{{path}}}}}"


@pytest.mark.parametrize(
    ("manner", "more", "status"), [("basic", "", 401), ("form", ", auth: body, scope: a b", 400)]
)
def test_oauth2_fetches_a_token_that_nobody_sees(manner, more, status, ran, server):
    result = ran(oauth2(manner, more), KEY_AXIS)
    assert outcomes(result) == {"baseline": "pass", "key=wrong": "denied"}
    assert steps(result, "baseline")[:2] == [("1/auth/0/1", 200), ("1/main/0/1", 200)]
    assert steps(result, "key=wrong")[:1] == [("1/auth/0/1", status)]
    assert result["requests_sent"] == sum(server.seen.values())
    assert [item["code"] for item in result["findings"]] == ["T03"]


@pytest.mark.parametrize(("manner", "outcome"), [("empty", "not-sent"), ("moved", "other")])
def test_an_answer_without_a_token_decides_the_outcome(manner, outcome, ran, server):
    result = ran(oauth2(manner) + "\n  key: {env: GOOD}", "  client: [aiohttp]")
    assert outcomes(result) == {"baseline": outcome}
    assert server.seen == {f"/token/{manner}": 1}


@pytest.mark.parametrize(("share", "fetched"), [("true", 1), ("false", 4)])
def test_a_shared_token_is_fetched_once_per_run(share, fetched, ran, server):
    axes = "  timeout: [5s, 6s, 7s, 8s]"
    request = oauth2("basic", f", share: {share}") + "\n  key: {env: GOOD}"
    result = ran(request, axes, "{strategy: all}")
    assert set(outcomes(result).values()) == {"pass"}
    assert server.seen == {"/token/basic": fetched, "/api": 4}


def test_a_refusal_is_not_shared(ran, server):
    request = oauth2("basic", ", share: true") + "\n  key: {env: WRONG}"
    result = ran(request, "  timeout: [5s, 6s]", "{strategy: all}")
    assert set(outcomes(result).values()) == {"denied"}
    assert server.seen == {"/token/basic": result["requests_sent"]}
    assert result["requests_sent"] >= 2


def test_a_budget_counts_the_token_and_a_run_cut_off_has_no_outcome(ran, server):
    request = oauth2() + "\n  key: {env: GOOD}"
    result = ran(request, "  timeout: [5s, 6s]", "{budget: 3, concurrency: 1}")
    assert outcomes(result) == {"baseline": "pass"}
    assert server.seen == {"/token/basic": 2, "/api": 1}
    assert result["evidence"] != "certified"


def test_a_missing_client_secret_is_not_sent(ran, server):
    request = oauth2("basic", ", client_secret: {env: NOT_THERE}")
    assert outcomes(ran(request, "  client: [aiohttp]")) == {"baseline": "not-sent"}
    assert not server.seen


AWS = """\
version: 1
name: t
request:
  url: https://api.eu-1.amazonaws.com/models?a=1
  sign: {sigv4: {access_key: {env: ID}, secret_key: {env: S}, region: eu-1, service: api}}
axes:
  clock: [0s, -10m]
  scope:
    right: {}
    elsewhere: {headers: {X-Amz-Extra: "1"}}
lab: {provider: aws, leeway: 5m}
"""
TENCENT = """\
version: 1
name: t
request:
  url: https://cvm.tencentcloudapi.com/
  json: {Limit: 1}
  sign: {tc3: {secret_id: {env: ID}, secret_key: {env: S}, service: cvm, action: A, version: v}}
axes:
  clock: [0s, +10m]
lab: {provider: tencent, leeway: 5m}
"""


@pytest.mark.parametrize(("text", "status"), [(AWS, 403), (TENCENT, 200)])
def test_the_lab_shows_how_providers_refuse_a_clock(text, status, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(text, encoding="utf-8")
    (result,) = json.loads(command("run", "t.yaml", "--lab", "--format", "json"))["runs"]
    assert [item["code"] for item in result["findings"]] == ["C01"]
    denied = [item for item in result["variants"] if item["outcome"] == "denied"]
    assert {item["http_status"] for item in denied} == {status}


@pytest.mark.parametrize(
    ("request_text", "first"),
    [
        (oauth2("form", ", auth: body"), "auth"),
        ("  url: '@/digest/MD5?a=1'\n  sign: {digest: {username: me}}", "preflight"),
    ],
)
def test_either_client_takes_both_steps_and_records_their_bytes(request_text, first, ran, tmp_path):
    axes = "  client: [aiohttp, raw]\n  auto_headers: [client, none]"
    result = ran(request_text + "\n  key: {env: GOOD}", axes, "{strategy: all}")
    assert set(outcomes(result).values()) == {"pass"}
    recorded = yaml.safe_load((tmp_path / "cassettes/t.yaml").read_text(encoding="utf-8"))
    extras = [item["harness"] for item in recorded["interactions"]]
    assert {extra["id"].split("/")[-3] for extra in extras} == {first, "main"}
    assert all(extra["wire"]["sent"] for extra in extras)
    automatic = ["user-agent" in str(extra["headers_sent"]).lower() for extra in extras]
    assert automatic.count(False) == 3 * len(extras) // 4
