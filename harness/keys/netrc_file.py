"""A key that is the password of a host in the netrc file."""

from __future__ import annotations

import netrc
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError
from harness.model.key_source import NetrcSource
from harness.model.secret import Provenance, Secret

_USUAL_NAMES = (".netrc", "_netrc")


@dataclass(frozen=True, slots=True)
class NetrcEntry:
    """What the file says of a host; `is_default` when only the entry for all hosts fits.

    `loose_mode` is the file's mode where others than its owner may read it, else "".
    """

    secret: Secret
    login: str
    is_default: bool
    loose_mode: str


def find_netrc_entry(source: NetrcSource, environ: Mapping[str, str]) -> NetrcEntry:
    """Return the entry of the host: its own, or the one called `default`.

    `NETRC` names another file, as it does for requests, curl and aiohttp. The mode is no reason
    to refuse here, because none of these three refuses for it.

    Raises:
        SourceError: no file, a file that cannot be parsed, no entry, or one of another login.
    """
    path, shown = _locate(environ)
    try:
        found = netrc.netrc(str(path))
        mode = path.stat().st_mode
    except netrc.NetrcParseError as error:
        raise SourceError(
            f"{shown}:{error.lineno} cannot be parsed, so clients ignore the whole file",
            hint="write `machine HOST login USER password KEY`",
        ) from None
    except UnicodeDecodeError:
        raise SourceError(f"{shown} is not text", hint="save it as UTF-8") from None
    except OSError as error:
        raise SourceError(f"cannot read {shown}: {error.strerror}") from None
    is_default = source.host not in found.hosts
    entry = found.authenticators(source.host)
    if entry is None:
        raise SourceError(
            f"{shown} has no entry for {source.host}",
            hint=f"add a line: machine {source.host} login USER password KEY",
        )
    login, _, password = entry
    if source.login is not None and login != source.login:
        raise SourceError(
            f"the entry of {shown} for {source.host} has another login than {source.login}",
            hint="clients take the last entry of a host, whosever it is",
        )
    where = "default" if is_default else f"machine {source.host}"
    secret = Secret(password, Provenance("netrc", f"{shown} {where}"))
    others = mode & (stat.S_IRWXG | stat.S_IRWXO)
    loose = f"{stat.S_IMODE(mode):04o}" if others else ""
    return NetrcEntry(secret, login, is_default, loose)


def _locate(environ: Mapping[str, str]) -> tuple[Path, str]:
    """Return the file and how to call it: under the home folder with a `~`."""
    named = environ.get("NETRC", "")
    if named:
        return Path(named), named
    home = environ.get("HOME", "")
    if not home:
        raise SourceError("there is no HOME to find a netrc file in", hint="set NETRC to its path")
    for name in _USUAL_NAMES:
        if (Path(home) / name).exists():
            return Path(home) / name, f"~/{name}"
    raise SourceError("there is no ~/.netrc", hint="make one, or set NETRC to its path")
