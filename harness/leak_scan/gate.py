"""The gate of what this project writes itself: the bytes in memory, and all that is known.

Shares no code with the redactor, so that one mistake cannot blind both. Where the redactor
lists spellings of a secret, the gate decodes the text and looks for the secret in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from harness.leak_scan.blocks import find_in_stream
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.searcher import Hit, Searcher
from harness.model.secret import Secret


def find_leaks(data: bytes, secrets: KnownSecrets | Iterable[Secret]) -> tuple[str, ...]:
    """Return the places at which `data` holds a secret: line and form, never a value.

    What could not be looked into is in the list as well: nobody knows that it is clean.
    """
    known = secrets if isinstance(secrets, KnownSecrets) else KnownSecrets.of(secrets)
    found = find_in_stream(io.BytesIO(data), Searcher(known))
    leaks = [f"{place}: {hit_words(hit)}" for place, hit in found.hits]
    return (*leaks, *(f"not looked into: {reason}" for reason in found.not_scanned))


def hit_words(hit: Hit) -> str:
    """Return which secret it is and in which form, never a character of it."""
    what = f"secret {hit.owner.number} ({hit.what})" if hit.owner else hit.what
    return f"{what}, {hit.form}"
