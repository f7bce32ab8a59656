"""httpbin under gunicorn."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from real.components.process import free_port, own_folder, running
from real.places import MissingPartError


@contextmanager
def httpbin() -> Iterator[str]:
    """Serve httpbin and give its URL."""
    for name in ("httpbin", "gunicorn"):
        if importlib.util.find_spec(name) is None:
            raise MissingPartError(f"{name} (pip install -e '.[test,real]')")
    with own_folder("httpbin") as folder:
        port = free_port()
        command = (
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "1", "--threads", "8", "--worker-tmp-dir", folder, "httpbin:app"),
        )
        with running(command, port, folder):
            yield f"http://127.0.0.1:{port}"
