"""A key in an environment variable of this process."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from harness.errors import SourceError
from harness.model.key_source import EnvSource
from harness.model.secret import Provenance, Secret


def read_environment(source: EnvSource, environ: Mapping[str, str]) -> Secret:
    """Return the variable's value; an empty value is a value.

    Raises:
        SourceError: the variable is not set.
    """
    if source.name in environ:
        return Secret(environ[source.name], Provenance("env", source.name))
    near = get_close_matches(source.name, environ, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"set it first: export {source.name}=…"
    raise SourceError(f"environment variable {source.name} is not set", hint=hint)
