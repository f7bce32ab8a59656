from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import jwt
import pytest
from dotenv import dotenv_values
from lab.wire import ask, get, run

from harness.errors import UsageError
from harness.lab.serve import serve
from harness.model.scenario import LabKey, LabKeyKind, LabProvider, LabProxy, LabSettings

Use = Callable[["Served"], Awaitable[None]]


class Served:
    """A lab as a person sees it: the lines, and the files in the directory."""

    def __init__(self, lines: list[str], directory: Path) -> None:
        self.lines = lines
        self.directory = directory
        self.keys = dotenv_values(directory / ".env", interpolate=False)
        self.origin = self.address("origin  http://", "")

    def address(self, start: str, end: str) -> tuple[str, int]:
        for line in self.lines:
            if line.startswith(start) and line.endswith(end):
                matched = re.search(r"127\.0\.0\.1:(\d+)", line)
                assert matched
                return "127.0.0.1", int(matched[1])
        raise AssertionError(self.lines)

    def trust(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=self.directory / "ca.pem")
        return context


def while_serving(settings: LabSettings, directory: Path, use: Use) -> None:
    async def steps() -> None:
        lines: list[str] = []
        ready = asyncio.Event()

        def announce(line: str) -> None:
            lines.append(line)
            if "https://api.deepseek.com" in line:
                ready.set()

        task = asyncio.create_task(serve(settings, directory, announce))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            if not task.done():
                await use(Served(lines, directory))
        finally:
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    run(steps())


def test_the_keys_in_the_file_do_what_their_names_say(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        statuses = {}
        body = '{"model":"deepseek-chat","messages":[]}'
        for name, key in served.keys.items():
            raw = (
                "POST /chat/completions HTTP/1.1\r\nHost: a\r\n"
                f"Authorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            )
            statuses[name] = (await ask(served.origin, raw)).status
        assert statuses == {
            "DEEPSEEK_API_KEY": 200,
            "DEEPSEEK_API_KEY_UNKNOWN": 401,
            "DEEPSEEK_API_KEY_REVOKED": 401,
            "DEEPSEEK_API_KEY_NO_BALANCE": 402,
            "DEEPSEEK_API_KEY_RATE_LIMITED": 429,
            "DEEPSEEK_API_KEY_QUOTED": 401,
        }
        assert str(served.keys["DEEPSEEK_API_KEY_QUOTED"]).endswith('"')

    while_serving(LabSettings(), tmp_path / "lab", use)


def test_what_is_announced_names_places_and_never_a_key(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        text = "\n".join(served.lines)
        assert not [key for key in served.keys.values() if key and key in text]
        assert re.sub(r"127\.0\.0\.1:\d+", "LAB", text).replace(str(tmp_path), "DIR") == (
            "origin  http://LAB deepseek, for every host name\n"
            "        https://LAB the same, trust DIR/lab/ca.pem\n"
            "proxy   http://LAB honest\n"
            "proxy   http://LAB strip-authorization\n"
            "proxy   http://LAB replace-authorization\n"
            "proxy   http://LAB strip-http-only\n"
            "proxy   http://LAB demand-credentials\n"
            "proxy   http://LAB dead\n"
            "keys    DIR/lab/.env: DEEPSEEK_API_KEY, DEEPSEEK_API_KEY_UNKNOWN, "
            "DEEPSEEK_API_KEY_REVOKED, DEEPSEEK_API_KEY_NO_BALANCE, "
            "DEEPSEEK_API_KEY_RATE_LIMITED, DEEPSEEK_API_KEY_QUOTED\n"
            "try     set -a; . DIR/lab/.env; set +a\n"
            '        curl -i -H "Authorization: Bearer $DEEPSEEK_API_KEY" http://LAB/models\n'
            '        curl -i -H "Authorization: Bearer $DEEPSEEK_API_KEY" '
            "--cacert DIR/lab/ca.pem --connect-to ::LAB https://api.deepseek.com/models"
        )

    while_serving(LabSettings(), tmp_path / "lab", use)


def test_the_certificate_opens_https_by_name_and_by_address(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        for name in ("127.0.0.1", "localhost", "api.deepseek.com"):
            reply = await ask(served.origin, get("/", name), tls=served.trust(), name=name)
            assert reply.status == 401

    while_serving(LabSettings(), tmp_path / "lab", use)


def test_an_honest_and_a_stripping_proxy_are_there(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        line = f"Authorization: Bearer {served.keys['DEEPSEEK_API_KEY']}"
        url = f"http://127.0.0.1:{served.origin[1]}/models"
        for kind, status in (("honest", 200), ("strip-authorization", 401)):
            address = served.address("proxy", f" {kind}")
            assert (await ask(address, get(url, "127.0.0.1", line))).status == status

    while_serving(LabSettings(), tmp_path / "lab", use)


def test_keys_and_proxies_of_the_settings_are_there_too(tmp_path: Path) -> None:
    settings = LabSettings(
        keys={
            "my.vault": LabKey(LabKeyKind.REVOKED),
            "gone": LabKey(LabKeyKind.MISSING),
            "crlf": LabKey(suffix="\n"),
        },
        proxies={"corp": LabProxy.DEMAND_CREDENTIALS},
    )

    async def use(served: Served) -> None:
        assert "DEEPSEEK_API_KEY_MY_VAULT" in served.keys
        assert "DEEPSEEK_API_KEY_GONE" not in served.keys
        assert str(served.keys["DEEPSEEK_API_KEY_CRLF"]).endswith("\n")
        address = served.address("proxy", " corp (demand-credentials)")
        assert (await ask(address, get("http://a.example/"))).status == 407

    while_serving(settings, tmp_path / "lab", use)


def test_a_jwt_secret_signs_what_the_verifier_takes(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        token = jwt.encode({}, str(served.keys["LAB_JWT_SECRET"]), algorithm="HS256")
        line = f"Authorization: Bearer {token}"
        assert (await ask(served.origin, get("/", "a.example", line))).status == 200
        assert any("TOKEN=…" in line for line in served.lines)

    while_serving(LabSettings(provider=LabProvider.JWT), tmp_path / "lab", use)


def test_the_example_for_basic_is_one_for_basic(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        assert any('curl -i -u "me:$LAB_API_KEY" ' in line for line in served.lines)

    while_serving(LabSettings(provider=LabProvider.HTTP_BASIC), tmp_path / "lab", use)


def test_nothing_is_left_afterwards(tmp_path: Path) -> None:
    async def use(served: Served) -> None:
        assert served.directory.exists()

    while_serving(LabSettings(), tmp_path / "lab", use)
    assert list(tmp_path.iterdir()) == []


def test_two_keys_with_one_variable_name_are_refused(tmp_path: Path) -> None:
    settings = LabSettings(keys={"a.b": LabKey(), "a-b": LabKey()})

    async def use(_: Served) -> None:
        raise AssertionError

    with pytest.raises(UsageError, match="a-b would be DEEPSEEK_API_KEY_A_B"):
        while_serving(settings, tmp_path / "lab", use)


def test_a_file_of_ones_own_is_never_overwritten(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / ".env").write_text("precious")

    async def use(_: Served) -> None:
        raise AssertionError

    with pytest.raises(UsageError, match="is there already"):
        while_serving(LabSettings(), tmp_path, use)
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert (tmp_path / ".env").read_text() == "precious"
