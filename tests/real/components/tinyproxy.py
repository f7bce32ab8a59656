"""tinyproxy as the forward proxy, with or without a login."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from real.components.process import free_port, own_folder, running
from real.places import program


@contextmanager
def tinyproxy(*, login: tuple[str, str] | None = None) -> Iterator[str]:
    """Run tinyproxy and give its URL; `login` is the user and the password that it wants."""
    with own_folder("tinyproxy") as folder:
        port = free_port()
        wanted = f"BasicAuth {login[0]} {login[1]}\n" if login else ""
        config = folder / "tinyproxy.conf"
        config.write_text(
            f"Port {port}\nListen 127.0.0.1\nTimeout 30\nAllow 127.0.0.1\nMaxClients 20\n{wanted}"
        )
        with running((program("tinyproxy"), "-d", "-c", config), port, folder):
            yield f"http://127.0.0.1:{port}"
