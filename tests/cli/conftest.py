"""A command line to use in tests, and a web server that somebody else wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import CommandLine

_SERVE_HTTPBIN = """
from httpbin import app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, app, threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture(scope="session")
def httpbin() -> Iterator[str]:
    """The URL of httpbin, a test server from PyPI, on 127.0.0.1 until the tests end."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE_HTTPBIN],
        env={name: value for name, value in os.environ.items() if name == "PATH"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.communicate(timeout=10)
