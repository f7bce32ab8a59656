"""nginx as the API: bearer, basic, a subrequest that decides, a location that drops the header."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

import trustme

from real.components.process import free_port, own_folder, running
from real.places import program


@dataclass(frozen=True)
class Nginx:
    """Where it listens. `authority` is the file that a client of `https` must trust."""

    http: str
    https: str
    authority: Path


@contextmanager
def nginx(key: str) -> Iterator[Nginx]:
    """Serve on http and https; `key` is the one good bearer key, `user`/`pass` the login."""
    with own_folder("nginx") as folder:
        port, tls_port = free_port(), free_port()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        shown = authority.issue_cert("127.0.0.1", "localhost")
        shown.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        login = b64encode(sha1(b"pass").digest()).decode()
        (folder / "logins").write_text(f"user:{{SHA}}{login}\n")
        config = folder / "nginx.conf"
        config.write_text(_config(folder, port, tls_port, key))
        command = (program("nginx"), "-p", folder, "-e", "stderr", "-c", config)
        with running(command, port, folder):
            yield Nginx(
                f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}", folder / "ca.pem"
            )


def _config(folder: Path, port: int, tls_port: int, key: str) -> str:
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    plain = """add_header WWW-Authenticate 'Bearer realm="api"' always;"""
    telling = """add_header WWW-Authenticate $why always;"""
    return f"""
daemon off;
pid {folder}/pid;
error_log stderr;
events {{ }}
http {{
  access_log off;
{temporary}
  map $http_authorization $verdict {{
    default denied;
    "Bearer {key}" granted;
  }}
  # RFC 6750: a request without a credential gets a challenge without an error.
  map $http_authorization $why {{
    default 'Bearer realm="api", error="invalid_token"';
    "" 'Bearer realm="api"';
  }}
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem;
    default_type application/json;
    location = /bearer {{
      {plain}
      if ($verdict = denied) {{ return 401 '{{"error":"unauthorized"}}'; }}
      return 200 '{{"ok":true}}';
    }}
    location = /telling {{
      {telling}
      if ($verdict = denied) {{ return 401 '{{"error":"unauthorized"}}'; }}
      return 200 '{{"ok":true}}';
    }}
    location = /dropped {{
      proxy_set_header Authorization "";
      proxy_pass http://127.0.0.1:{port}/telling;
    }}
    location = /passed {{ proxy_pass http://127.0.0.1:{port}/telling; }}
    location = /verdict {{
      internal;
      proxy_pass http://127.0.0.1:{port}/telling;
    }}
    location = /asked {{
      auth_request /verdict;
      try_files /none @granted;
    }}
    location = /basic {{
      auth_basic "api";
      auth_basic_user_file {folder}/logins;
      try_files /none @granted;
    }}
    location = /moved-host {{ return 302 http://localhost:{port}/bearer; }}
    location = /moved-path {{ return 302 http://127.0.0.1:{port}/bearer; }}
    location @granted {{ return 200 '{{"ok":true}}'; }}
  }}
}}
"""
