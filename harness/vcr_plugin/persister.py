"""A persister for `vcr.VCR`: a file is replaced whole or not at all, and never holds a secret."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from harness.cassette_format.vcrpy_tree import MAX_BYTES, python_of, read_vcrpy_tree
from harness.cassette_store.place import target_of
from harness.cassette_store.whole_file import write_whole
from harness.errors import CassetteError
from harness.strict_yaml.node import MappingNode
from harness.vcr_plugin.identity import Mark, Session
from harness.vcr_plugin.known_secrets import KnownSecrets
from harness.vcr_plugin.recorded_cassette import Interaction, cassette_text
from harness.vcr_plugin.serializer import loaded


class RedactingPersister:
    """Saves redacted cassettes, and loads any that vcrpy wrote. The serializer does not matter.

    What it loads it marks, so that the matcher knows which placeholder stands for which key.
    """

    def __init__(self, known: KnownSecrets) -> None:
        """Redact what `known` names, and what gives itself away."""
        self._known = known

    def load_cassette(
        self, cassette_path: str | Path, serializer: object
    ) -> tuple[list[Any], list[Any]]:
        """Return requests and responses, as vcrpy takes them.

        Raises:
            CassetteError: it cannot be read, is no cassette, or is not safe to load.
            vcr.persisters.filesystem.CassetteNotFoundError: there is none, which is no error
                to vcrpy.
        """
        del serializer
        absent = importlib.import_module("vcr.persisters.filesystem").CassetteNotFoundError
        make_request = importlib.import_module("vcr.request").Request
        path = Path(cassette_path)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError as error:
            raise absent from error
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise CassetteError(f"cannot read the cassette {path}: {reason}") from error
        if not data.strip():
            raise absent
        session = Session()
        requests, responses = [], []
        for document, response, item in loaded(read_vcrpy_tree(data, str(path))):
            request = make_request(**document)
            Mark(session, _secret_ids(item)).put_on(request)
            requests.append(request)
            responses.append(_with_bytes(response))
        return requests, responses

    def save_cassette(
        self, cassette_path: str | Path, cassette_dict: dict[str, Any], serializer: object
    ) -> None:
        """Redact, search what comes of it, and replace the file.

        Raises:
            LeakError: a secret would be in it; no file is written, an older one stays.
            CassetteError: the place cannot be written.
        """
        del serializer
        pairs = zip(cassette_dict["requests"], cassette_dict["responses"], strict=True)
        interactions = (
            Interaction(request._to_dict(), response, Mark.ids_of(request))  # noqa: SLF001 - vcrpy's own way
            for request, response in pairs
        )
        path = Path(cassette_path)
        text = cassette_text(interactions, self._known, path.name)
        write_whole(text.encode("ascii"), target_of(path))


def _secret_ids(item: MappingNode) -> dict[str, str]:
    """Return which secret is which, where a file of ours says it."""
    extra = item.get("harness")
    ids = python_of(extra).get("secret_ids") if isinstance(extra, MappingNode) else None
    if not isinstance(ids, dict):
        return {}
    return {name: value for name, value in ids.items() if isinstance(value, str)}


def _with_bytes(response: Any) -> Any:
    body = response.get("body") if isinstance(response, dict) else None
    if isinstance(body, dict) and isinstance(body.get("string"), str):
        body["string"] = body["string"].encode()
    return response
