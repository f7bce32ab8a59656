"""A lab for a person's own client: `flip401 lab` keeps it up until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from harness.errors import SourceError, UsageError
from harness.lab.dotenv_file import dotenv_text
from harness.lab.private_files import private_files
from harness.lab.world import LabWorld
from harness.model.key_source import DotenvSource
from harness.model.scenario import LabKey, LabKeyKind, LabProvider, LabProxy, LabSettings
from harness.model.secret import Secret

CA_FILE = "ca.pem"
DOTENV_FILE = ".env"

_KEY_NAMES = {LabProvider.DEEPSEEK: "DEEPSEEK_API_KEY", LabProvider.JWT: "LAB_JWT_SECRET"}
_KEYS = {
    "": LabKey(),
    "unknown": LabKey(LabKeyKind.UNKNOWN),
    "revoked": LabKey(LabKeyKind.REVOKED),
    "no-balance": LabKey(LabKeyKind.NO_BALANCE),
    "rate-limited": LabKey(LabKeyKind.RATE_LIMITED),
    "quoted": LabKey(suffix='"'),
}
_PROXIES = {kind.value: kind for kind in LabProxy}
_PROXY_PORT = 3128


async def serve(settings: LabSettings, directory: Path, announce: Callable[[str], None]) -> None:
    """Run a lab until cancelled; write `ca.pem` and `.env` into `directory`, say where all is.

    The keys and proxies of `settings` are there beside the lab's usual ones. `announce` takes
    lines of text; none holds a key. The files go when the lab goes: its keys are worth nothing
    then.

    Raises:
        UsageError: `directory` is open to others or holds such files, or settings are wrong.
    """
    settings = dataclasses.replace(
        settings, keys=_KEYS | dict(settings.keys), proxies=_PROXIES | dict(settings.proxies)
    )
    names = _variable_names(settings)
    dotenv = directory / DOTENV_FILE
    sources = {level: DotenvSource(str(dotenv), name) for level, name in names.items()}
    hosts = {level: f"proxy-{number}.lab" for number, level in enumerate(settings.proxies)}
    world = LabWorld(
        settings,
        sources=sources,
        proxies={level: f"http://{host}:{_PROXY_PORT}" for level, host in hosts.items()},
    )
    values = dict(_values(world, sources.values()))
    text = dotenv_text(values).encode("utf-8", "surrogateescape")
    with private_files(directory, {CA_FILE: world.ca_pem, DOTENV_FILE: text}):
        async with world:
            for line in _origin_lines(world, settings.provider, directory):
                announce(line)
            for level, host in hosts.items():
                announce(_proxy_line(world.route(host, _PROXY_PORT), level, settings))
            announce(f"keys    {dotenv}: {', '.join(values)}")
            announce(f"try     set -a; . {dotenv}; set +a")
            for line in _examples(world, settings.provider, directory):
                announce(f"        {line}")
            await asyncio.Event().wait()


def _variable_names(settings: LabSettings) -> dict[str, str]:
    """Return an environment variable name for every key, by level."""
    base = _key_name(settings.provider)
    names: dict[str, str] = {}
    for level in settings.keys:
        name = re.sub(r"[^A-Z0-9]+", "_", f"{base}_{level}".upper()).strip("_")
        if name in names.values():
            raise UsageError(
                f"lab.keys: {level} would be {name} in {DOTENV_FILE}, as another key is",
                hint="give it a name that differs in more than punctuation",
            )
        names[level] = name
    return names


def _key_name(provider: LabProvider) -> str:
    return _KEY_NAMES.get(provider, "LAB_API_KEY")


def _values(world: LabWorld, sources: Iterable[DotenvSource]) -> Iterator[tuple[str, Secret]]:
    for source in sources:
        with contextlib.suppress(SourceError):  # it is to be missing: so it is
            yield source.name, world.key_reader.read(source)


def _origin_lines(world: LabWorld, provider: LabProvider, directory: Path) -> Iterator[str]:
    host, port = world.origin
    yield f"origin  http://{host}:{port} {provider}, for every host name"
    yield f"        https://{host}:{port} the same, trust {directory / CA_FILE}"


def _proxy_line(address: tuple[str, int], level: str, settings: LabSettings) -> str:
    kind = settings.proxies[level]
    note = "" if kind.value == level else f" ({kind})"
    return f"proxy   http://{address[0]}:{address[1]} {level}{note}"


def _examples(world: LabWorld, provider: LabProvider, directory: Path) -> Iterator[str]:
    host, port = world.origin
    key = f"${_key_name(provider)}"
    credential = {
        LabProvider.HTTP_BASIC: f'-u "me:{key}"',
        LabProvider.JWT: '-H "Authorization: Bearer $TOKEN"',
    }.get(provider, f'-H "Authorization: Bearer {key}"')
    if provider is LabProvider.JWT:
        yield f"TOKEN=…  # a JSON Web Token, HS256, signed with {key}"
    yield f"curl -i {credential} http://{host}:{port}/models"
    connect = f"--cacert {directory / CA_FILE} --connect-to ::{host}:{port}"
    yield f"curl -i {credential} {connect} https://api.deepseek.com/models"
