"""The lab's keys: made at run time, handed to the client's side, recognised by the servers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from itertools import count

from harness.errors import SourceError, UsageError
from harness.keys.canary import make_canary
from harness.model.key_source import CanarySource, KeySource, LiteralSource
from harness.model.scenario import LabKey, LabKeyKind, LabProvider, LabSettings
from harness.model.secret import Provenance, Secret

_REGISTERED = frozenset(LabKeyKind) - {
    LabKeyKind.UNKNOWN,
    LabKeyKind.EMPTY,
    LabKeyKind.MISSING,
}


class LabKeys:
    """A `KeyReader` that never touches a real source, and the register behind the servers.

    A source without an entry gives a valid key of its own. A `literal` without an entry gives
    its own text, which no lab server knows: it is wrong on purpose. So is a `canary`, made up here
    too.
    """

    def __init__(
        self,
        settings: LabSettings,
        sources: Mapping[str, KeySource],
        seed: int | None = None,
        pairs: Mapping[KeySource, str] | None = None,
    ) -> None:
        """Make the keys of the entries; with a `seed` the same keys each time, but for `pairs`.

        `pairs` are the sources that give a private key in PEM, with the algorithm that signs.

        Raises:
            UsageError: an entry names no source, two entries disagree about one source, or
                `same_as` leads nowhere or in a circle.
        """
        self._settings = settings
        self._sources = sources
        self._pairs = pairs or {}
        self._master = (
            secrets.token_bytes(32) if seed is None else hashlib.sha256(b"%d" % seed).digest()
        )
        self._register: dict[str, LabKeyKind] = {}
        self._values: dict[KeySource, str | None] = {}
        self._names = self._entries_by_source()
        for source, name in self._names.items():
            self._values[source] = self._entry_value(name, ())

    def read(self, source: KeySource) -> Secret:
        """Return the lab's key of `source`, with the provenance that the real one would have.

        Raises:
            SourceError: the scenario's `lab.keys` calls it missing.
        """
        if isinstance(source, LiteralSource) and source not in self._values:
            return source.value
        if source not in self._values:
            self._values[source] = self._unlisted(source)
        value = self._values[source]
        if value is None:
            raise SourceError(
                f"{source}: no value in the lab",
                hint="lab.keys in the scenario says that it is missing",
            )
        kind, _, place = str(source).partition(" ")
        return Secret(value, Provenance(kind, place))

    def _unlisted(self, source: KeySource) -> str:
        """Return the key of a source without an entry: a good one, but for a canary."""
        if isinstance(source, CanarySource):
            return self._canary(source)
        return self._made_for(source, LabKeyKind.GOOD)

    def standing(self, key: str) -> LabKeyKind:
        """Return what the lab's servers think of `key`; one never given out is UNKNOWN."""
        return self._register.get(key, LabKeyKind.UNKNOWN)

    def registered(self) -> tuple[tuple[str, LabKeyKind], ...]:
        """Return every key that the servers know, for verifiers that must try each."""
        return tuple(self._register.items())

    def stranger(self) -> str:
        """Return a well-formed key that no server knows, always the same."""
        return self._make("a stranger", LabKeyKind.UNKNOWN)

    def _entries_by_source(self) -> dict[KeySource, str]:
        entries = self._settings.keys
        targets = {entry.same_as for entry in entries.values()}
        for name in entries:
            if name not in self._sources and name not in targets:
                known = ", ".join(self._sources) or "none"
                raise UsageError(
                    f"lab.keys: no key source is called {name}", hint=f"known: {known}"
                )
        chosen: dict[KeySource, str] = {}
        for name, source in self._sources.items():
            if name not in entries:
                continue
            other = chosen.setdefault(source, name)
            if entries[other] != entries[name]:
                raise UsageError(
                    f"lab.keys: {other} and {name} disagree, and both are {source}",
                    hint="one source has one value: give both the same entry, or only one of them",
                )
        return chosen

    def _entry_value(self, name: str, asked: tuple[str, ...]) -> str | None:
        if name in asked:
            raise UsageError(f"lab.keys: same_as goes in a circle: {' > '.join((*asked, name))}")
        entry = self._settings.keys.get(name)
        if entry is None:
            return self._plain_value(name, asked)
        core = self._core(name, entry, asked)
        return None if core is None else f"{entry.prefix}{core}{entry.suffix}"

    def _plain_value(self, name: str, asked: tuple[str, ...]) -> str | None:
        source = self._sources.get(name)
        if source is None:
            raise UsageError(
                f"lab.keys: {asked[-1]} is to be the same as {name}, which does not exist"
            )
        if source in self._names:  # the entry stands under another name of the same source
            return self._entry_value(self._names[source], (*asked, name))
        return self.read(source).reveal()

    def _core(self, name: str, entry: LabKey, asked: tuple[str, ...]) -> str | None:
        if entry.same_as is not None:
            return self._entry_value(entry.same_as, (*asked, name))
        if entry.text is not None:
            return entry.text
        if entry.kind is LabKeyKind.MISSING:
            return None
        if entry.kind is LabKeyKind.EMPTY:
            return ""
        source = self._sources.get(name)
        if source is None:
            return self._make(f"entry {name}", entry.kind)
        return self._made_for(source, entry.kind)

    def _made_for(self, source: KeySource, kind: LabKeyKind) -> str:
        if source not in self._pairs:
            return self._make(repr(source), kind)
        # Lazy: cryptography takes its time to load, and few scenarios sign with such keys.
        from harness.lab.key_pairs import make_private_key  # noqa: PLC0415

        return self._registered(make_private_key(self._pairs[source]), kind)

    def _canary(self, source: CanarySource) -> str:
        """Return a key that no server knows, in the style that the source asks for."""
        rounds = count()

        def random_hex(size: int) -> str:
            label = f"{source!r} {next(rounds)}".encode()
            return hmac.new(self._master, label, hashlib.sha512).hexdigest() * (size // 64 + 1)

        return make_canary(source, random_hex).reveal()

    def _make(self, label: str, kind: LabKeyKind) -> str:
        digest = hmac.new(self._master, f"{kind} {label}".encode(), hashlib.sha256).hexdigest()
        # An HMAC secret for HS256 needs 32 bytes (RFC 7518 section 3.2); the other kind looks
        # like DeepSeek's.
        jwt = self._settings.provider is LabProvider.JWT
        return self._registered(digest if jwt else "-".join(("sk", digest[:32])), kind)

    def _registered(self, key: str, kind: LabKeyKind) -> str:
        if kind in _REGISTERED:
            self._register[key] = kind
        return key
