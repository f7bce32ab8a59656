"""proxy.py, a forward proxy in Python, with or without a login."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from real.components.process import free_port, own_folder, running
from real.places import MissingPartError


@contextmanager
def proxy_py(*, login: tuple[str, str] | None = None) -> Iterator[str]:
    """Run proxy.py and give its URL; `login` is the user and the password that it wants."""
    if importlib.util.find_spec("proxy") is None:
        raise MissingPartError("proxy.py (pip install -e '.[real]')")
    with own_folder("proxy-py") as folder:
        port = free_port()
        wanted = ("--basic-auth", ":".join(login)) if login else ()
        command = (
            *(sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", str(port)),
            *("--num-workers", "1", "--num-acceptors", "1", "--log-level", "w"),
            *("--data-dir", folder / "data", *wanted),
        )
        with running(command, port, folder):
            yield f"http://127.0.0.1:{port}"
