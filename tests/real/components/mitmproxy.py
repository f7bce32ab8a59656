"""mitmproxy as the inspecting proxy of an office: it opens TLS, with an authority of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from real.components.process import free_port, own_folder, running
from real.places import ROOT, MissingPartError

MITMDUMP = ROOT / ".venv-mitm" / "bin" / "mitmdump"
"""Its own environment: what it pins conflicts with what the tests need."""


class Mitm(StrEnum):
    """What it does with Authorization, in its own words for `modify_headers`."""

    PLAIN = ""
    STRIP = "/~q/Authorization/"
    REPLACE = "/~q/Authorization/Bearer another-key"


@dataclass(frozen=True)
class Intercepting:
    """Where it listens, and the file of the authority that its certificates come from."""

    url: str
    authority: Path


@contextmanager
def mitmproxy(
    behaviour: Mitm, *, origin_authority: Path, script: str = ""
) -> Iterator[Intercepting]:
    """Run mitmproxy; it trusts `origin_authority`, and runs `script` where one is given."""
    if not MITMDUMP.exists():
        raise MissingPartError("mitmproxy (make test-mitm installs it into .venv-mitm)")
    with own_folder("mitmproxy") as folder:
        port = free_port()
        (folder / "script.py").write_text(script)
        command = [
            *(MITMDUMP, "--listen-host", "127.0.0.1", "--listen-port", str(port), "--quiet"),
            *("--set", f"confdir={folder}", "--set", "connection_strategy=lazy"),
            *("--set", f"ssl_verify_upstream_trusted_ca={origin_authority}"),
        ]
        if behaviour:
            command += ["--modify-headers", behaviour.value]
        if script:
            command += ["--scripts", folder / "script.py"]
        with running(command, port, folder):
            authority = folder / "mitmproxy-ca-cert.pem"
            _wait_for(authority)
            yield Intercepting(f"http://127.0.0.1:{port}", authority)


def _wait_for(path: Path) -> None:
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.05)
    raise RuntimeError("mitmproxy wrote no certificate of its authority")
