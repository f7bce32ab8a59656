"""A vcrpy of somebody's own with the plug-in, and a server on 127.0.0.1 that checks keys."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import vcr
from support.made_keys import made_key

import harness

GOOD = made_key("plugin good")
BAD = made_key("plugin bad")


class Api(BaseHTTPRequestHandler):
    """Answers 200 to `GOOD` and 401 to others, and echoes what it got."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        given = self.headers.get("Authorization", "")
        good = given.removeprefix("Bearer ") == GOOD
        answer = json.dumps({"ok": good, "echo": given, "body": body, "n": type(self).asked})
        data = answer.encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Echo", given)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815 - the name that the standard library asks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def environ() -> dict[str, str]:
    return {"GOOD_KEY": GOOD}


@pytest.fixture
def plugin(environ: dict[str, str]) -> harness.CassettePlugin:
    return harness.CassettePlugin(["GOOD_KEY"], environ=environ)


@pytest.fixture
def their_vcr(tmp_path: Path, plugin: harness.CassettePlugin) -> Any:
    made = vcr.VCR(cassette_library_dir=str(tmp_path / "theirs"))
    plugin.register(made)
    return made
