"""proxy.py, a forward proxy in Python, with or without a login, in clear or behind TLS."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from real.components.process import free_port, own_folder, running
from real.places import MissingPartError


@contextmanager
def proxy_py(
    *, login: tuple[str, str] | None = None, authority: trustme.CA | None = None
) -> Iterator[str]:
    """Run proxy.py and give its URL; `login` is the user and the password that it wants.

    With an `authority` it speaks TLS, and shows a certificate of that.
    """
    if importlib.util.find_spec("proxy") is None:
        raise MissingPartError("proxy.py (pip install -e '.[real]')")
    with own_folder("proxy-py") as folder:
        port = free_port()
        wanted: tuple[str | Path, ...] = ("--basic-auth", ":".join(login)) if login else ()
        if authority is not None:
            shown = authority.issue_cert("127.0.0.1")
            shown.private_key_pem.write_to_path(str(folder / "key.pem"))
            for pem in shown.cert_chain_pems:
                pem.write_to_path(str(folder / "cert.pem"), append=True)
            wanted += ("--cert-file", folder / "cert.pem", "--key-file", folder / "key.pem")
        command = (
            *(sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", str(port)),
            *("--num-workers", "1", "--num-acceptors", "1", "--log-level", "w"),
            *("--data-dir", folder / "data", *wanted),
        )
        with running(command, port, folder):
            yield f"{'https' if authority else 'http'}://127.0.0.1:{port}"
