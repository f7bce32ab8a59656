"""The secrets that a test suite says it uses: names of variables, or values in a `Secret`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from harness.model.secret import Provenance, Secret
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class KnownSecrets:
    """Named secrets. Variables are read anew each time, and every value seen is remembered."""

    def __init__(self, known: Iterable[str | Secret], environ: Mapping[str, str]) -> None:
        """Take names of variables of `environ`, and secrets, which are named by their place.

        Raises:
            TypeError: something is neither; a bare key is no name.
        """
        self._environ = environ
        self._names: list[str] = []
        self._seen: dict[tuple[str, str], Secret] = {}
        for one in known:
            if isinstance(one, Secret):
                self._see(one.provenance.place or one.provenance.kind, one)
            elif _NAME.fullmatch(one):
                self._names.append(one)
            else:
                raise TypeError("give names of environment variables, or values in a Secret")

    def __repr__(self) -> str:
        """Count only."""
        return f"<KnownSecrets of {len(self._seen)}>"

    def __iter__(self) -> Iterator[tuple[str, Secret]]:
        """Yield every value seen so far with its name; empty variables are none."""
        for name in self._names:
            if value := self._environ.get(name):
                self._see(name, Secret(value, Provenance("env", name)))
        return iter([(name, secret) for (name, _), secret in self._seen.items()])

    def add_to(self, registry: SecretRegistry) -> Mapping[str, frozenset[str]]:
        """Have the registry look for every secret; return the names by id."""
        names: dict[str, frozenset[str]] = {}
        for name, secret in self:
            secret_id = registry.add(secret)
            names[secret_id] = names.get(secret_id, frozenset()) | {name}
        return names

    def _see(self, name: str, secret: Secret) -> None:
        self._seen.setdefault((name, secret.reveal()), secret)


def redactor_for(
    known: KnownSecrets, letter: str, *, after: int
) -> tuple[Redactor, Callable[[], Mapping[str, frozenset[str]]]]:
    """Return a redactor whose ids start behind `after`, and what tells it the secrets of now."""
    redactor = Redactor(SecretRegistry(letter, after=after))
    return redactor, lambda: known.add_to(redactor.registry)
