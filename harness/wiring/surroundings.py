"""Everything that a verb takes from outside, in one value: no hidden environment or clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError
from harness.keys.system_reader import Ask
from harness.matrix.system_proxy import Habits, ProxyChoice, choose_proxy
from harness.model.request import EnvUrl
from harness.ports import Listener
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.wiring.trust import Confirm


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The environment, the working directory, the person at the terminal, the clock.

    `ask` and `confirm` are None off a terminal. `clock` gives seconds since the epoch.
    `new_redactor` makes the redactor of a run, so that the narration can share it.
    """

    environ: Mapping[str, str]
    directory: Path
    listener: Listener
    ask: Ask | None = None
    confirm: Confirm | None = None
    clock: Callable[[], float] = time.time
    new_redactor: Callable[[], Redactor] = lambda: Redactor(SecretRegistry())

    def resolve_url(self, url: EnvUrl) -> str:
        """Return the URL that an environment variable holds, the path appended as it is.

        Raises:
            SourceError: the variable is not set and there is no default.
        """
        base = self.environ.get(url.name) or url.default
        if base is None:
            raise SourceError(
                f"environment variable {url.name} is not set and has no default",
                hint=f"export {url.name}=https://…, or give `default:`",
            )
        return f"{base}{url.path}"

    def describe_url(self, url: EnvUrl) -> str:
        """Return the URL as `resolve_url` would now, or "" where it has none."""
        base = self.environ.get(url.name) or url.default
        return "" if base is None else f"{base}{url.path}"

    def choose_proxy(self, habits: Habits, url: str) -> ProxyChoice:
        """Return the proxy that the environment names for a URL, as a client reads it."""
        return choose_proxy(self.environ, habits, url)


def lab_url(url: EnvUrl) -> str:
    """Return the default: the lab touches no environment."""
    return f"{url.default or 'https://api.example.com'}{url.path}"
