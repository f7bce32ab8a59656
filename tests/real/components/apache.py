"""Apache as the API: basic, digest with short-lived nonces, CGI with and without the header."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5, sha1
from pathlib import Path

from real.components.process import free_port, own_folder, running
from real.places import program

NONCE_LIFETIME_SECONDS = 1
_MODULES = (
    *("mpm_prefork", "authn_core", "authn_file", "authz_core", "authz_user"),
    *("auth_basic", "auth_digest", "cgi", "alias", "dir"),
)

# The challenge of RFC 6750: without an error where no credential came.
_SCRIPT = """#!/bin/sh
if [ "$HTTP_AUTHORIZATION" = "Bearer @KEY@" ]; then
  printf 'Status: 200 OK\\r\\nContent-Type: application/json\\r\\n\\r\\n{"ok":true}'
  exit
fi
[ -n "${HTTP_AUTHORIZATION+set}" ] && error=', error="invalid_token"'
printf 'Status: 401 Unauthorized\\r\\nWWW-Authenticate: Bearer realm="cgi"%s\\r\\n' "$error"
printf 'Content-Type: application/json\\r\\n\\r\\n{"ok":false}'
"""

# A lifetime below 0 is no limit.
_DIGEST = """
<Location /{name}/>
  AuthType Digest
  AuthName api
  AuthDigestProvider file
  AuthUserFile {folder}/digest.logins
  AuthDigestNonceLifetime {seconds}
  Require valid-user
</Location>
"""


@contextmanager
def apache(key: str) -> Iterator[str]:
    """Serve on http; `key` is the good bearer key of the CGI, `user`/`pass` the login."""
    with own_folder("apache") as folder:
        port = free_port()
        _write_pages(folder, key)
        config = folder / "apache.conf"
        config.write_text(_config(folder, port))
        command = (program("apache2"), "-f", config, "-DFOREGROUND")
        with running(command, port, folder):
            yield f"http://127.0.0.1:{port}"


def _write_pages(folder: Path, key: str) -> None:
    for name in ("cgi", "run"):
        (folder / name).mkdir()
    for name in ("basic", "digest", "digest-short"):
        (folder / "pages" / name).mkdir(parents=True)
        (folder / "pages" / name / "index.html").write_text('{"ok":true}')
    hidden = b64encode(sha1(b"pass").digest()).decode()
    (folder / "basic.logins").write_text(f"user:{{SHA}}{hidden}\n")
    digest = md5(b"user:api:pass").hexdigest()
    (folder / "digest.logins").write_text(f"user:api:{digest}\n")
    script = folder / "cgi" / "answer"
    script.write_text(_SCRIPT.replace("@KEY@", key))
    script.chmod(0o755)


def _config(folder: Path, port: int) -> str:
    modules = "".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in _MODULES
    )
    digests = "".join(
        _DIGEST.format(name=name, folder=folder, seconds=seconds)
        for name, seconds in (("digest", -1), ("digest-short", NONCE_LIFETIME_SECONDS))
    )
    return f"""
{modules}
ServerRoot {folder}
PidFile {folder}/run/pid
DefaultRuntimeDir {folder}/run
ServerName localhost
Listen 127.0.0.1:{port}
ErrorLog /dev/stderr
User www-data
Group www-data
StartServers 2
MaxRequestWorkers 8
DocumentRoot {folder}/pages
ScriptAlias /cgi-drops {folder}/cgi/answer
ScriptAlias /cgi-passes {folder}/cgi/answer
<Directory {folder}/pages>
  Require all granted
</Directory>
<Directory {folder}/cgi>
  Options +ExecCGI
  Require all granted
</Directory>
<Location /cgi-passes>
  CGIPassAuth On
</Location>
<Location /basic/>
  AuthType Basic
  AuthName api
  AuthUserFile {folder}/basic.logins
  Require valid-user
</Location>
{digests}
"""
