"""squid as the forward proxy: plain, without Authorization, with another, or with a login."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from real.components.process import free_port, own_folder, running
from real.places import program


class Squid(StrEnum):
    """What it does with a request. It reads what is sent through http only, never a tunnel."""

    PLAIN = ""
    STRIP = "request_header_access Authorization deny all\n"
    REPLACE = f"{STRIP}request_header_replace Authorization Bearer another-key\n"
    LOGIN = "login"


@contextmanager
def squid(behaviour: Squid) -> Iterator[str]:
    """Run squid and give its URL; for LOGIN the login is `user`/`pass`."""
    with own_folder("squid") as folder:
        port = free_port()
        config = folder / "squid.conf"
        config.write_text(_config(folder, port, behaviour))
        if os.geteuid() == 0:
            shutil.chown(folder, "proxy", "proxy")
        # A name of its own keeps squids apart in shared memory.
        command = (program("squid"), "-N", "-n", f"flip{port}", "-f", config)
        with running(command, port, folder) as process:
            yield f"http://127.0.0.1:{port}"
            # It has nothing to keep, and takes two seconds to end when asked.
            process.kill()


def _config(folder: Path, port: int, behaviour: Squid) -> str:
    rules = _login(folder) if behaviour is Squid.LOGIN else behaviour.value
    return f"""
http_port 127.0.0.1:{port}
pid_filename {folder}/pid
cache_log {folder}/cache.log
coredump_dir {folder}
access_log none
cache deny all
visible_hostname office-proxy
pinger_enable off
max_filedescriptors 1024
shutdown_lifetime 1 seconds
acl from_here src 127.0.0.1
acl to_here dst 127.0.0.1
{rules}
http_access allow from_here to_here
http_access deny all
"""


def _login(folder: Path) -> str:
    # The helper of Debian and of Fedora stands in different folders.
    helpers = [Path(f"/usr/{lib}/squid/basic_ncsa_auth") for lib in ("lib", "lib64", "libexec")]
    helper = next((path for path in helpers if path.exists()), helpers[0])
    logins = folder / "logins"
    digest = subprocess.run(
        [program("openssl"), "passwd", "-apr1", "pass"], check=True, capture_output=True, text=True
    ).stdout.strip()
    logins.write_text(f"user:{digest}\n")
    logins.chmod(0o644)
    return (
        f"auth_param basic program {helper} {logins}\n"
        "auth_param basic realm office\n"
        "acl logged_in proxy_auth REQUIRED\n"
        "http_access deny !logged_in\n"
    )
