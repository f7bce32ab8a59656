"""SOCKS servers, spoken to as such, or as HTTP proxies that they are not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from real.components.process import free_port, own_folder, running
from real.places import program


@contextmanager
def microsocks(*, login: tuple[str, str] | None = None) -> Iterator[int]:
    """Run microsocks and give its port; `login` is the user and the password that it wants."""
    with own_folder("microsocks") as folder:
        port = free_port()
        wanted = ("-u", login[0], "-P", login[1]) if login else ()
        command = (program("microsocks"), "-i", "127.0.0.1", "-p", str(port), *wanted)
        with running(command, port, folder):
            yield port


@contextmanager
def dante() -> Iterator[int]:
    """Run dante's server and give its port."""
    with own_folder("dante") as folder:
        port = free_port()
        config = folder / "danted.conf"
        config.write_text(
            f"logoutput: stderr\ninternal: 127.0.0.1 port = {port}\nexternal: 127.0.0.1\n"
            "socksmethod: none\nclientmethod: none\n"
            "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }\n"
            "socks pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }\n"
        )
        command = (program("danted"), "-f", config, "-p", folder / "pid")
        with running(command, port, folder):
            yield port
