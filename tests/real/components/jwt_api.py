"""An issuer of tokens and APIs that verify them, each with a clock of its own."""

from __future__ import annotations

import json
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.components.process import free_port, own_folder, running
from real.places import faketime_library, npm_folder, program

TOKEN_LIFE_SECONDS = 120
_HERE = Path(__file__).parent


@contextmanager
def issuer() -> Iterator[str]:
    """Run oidc-provider and give its URL."""
    with own_folder("issuer") as folder:
        port = free_port()
        environ = {"NPM_FOLDER": str(npm_folder())}
        with running((program("node"), _HERE / "issuer.mjs", str(port)), port, folder, environ):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def jwt_api(issuer_url: str, *, clock: str = "") -> Iterator[str]:
    """Run the API and give its URL; `clock` moves its clock, in libfaketime's words (`-5m`)."""
    with own_folder("jwt-api") as folder:
        port = free_port()
        environ = {"NPM_FOLDER": str(npm_folder())}
        if clock:
            # The library, not the wrapper `faketime`, which would leave the server behind.
            environ |= {"LD_PRELOAD": str(faketime_library()), "FAKETIME": clock}
        command = (program("node"), _HERE / "resource.mjs", str(port), issuer_url)
        with running(command, port, folder, environ):
            yield f"http://127.0.0.1:{port}"


def fresh_token(issuer_url: str) -> str:
    """Fetch a token by client credentials."""
    login = b64encode(b"app:app-secret").decode()
    request = urllib.request.Request(
        f"{issuer_url}/token",
        b"grant_type=client_credentials&scope=read",
        {"Authorization": f"Basic {login}"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as answer:
        return str(json.load(answer)["access_token"])
