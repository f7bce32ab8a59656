"""A serializer for `vcr.VCR`: what it writes is redacted, and what it reads is not trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.cassette_format.vcrpy_tree import VcrpyTree, python_of, read_vcrpy_tree
from harness.strict_yaml.node import MappingNode
from harness.vcr_plugin.known_secrets import KnownSecrets
from harness.vcr_plugin.recorded_cassette import Interaction, cassette_text

_FIELDS = ("method", "uri", "body", "headers")


class RedactingSerializer:
    """Writes cassettes as flip401 does, and reads any that vcrpy wrote.

    Used without the persister, vcrpy's own writes the file; a leak ends it before that.
    """

    def __init__(self, known: KnownSecrets) -> None:
        """Redact what `known` names, and what gives itself away."""
        self._known = known

    def serialize(self, cassette_dict: dict[str, Any]) -> str:
        """Return the text of a cassette.

        Raises:
            LeakError: a secret would be in it.
        """
        items = cassette_dict["interactions"]
        interactions = (Interaction(item["request"], item["response"]) for item in items)
        return cassette_text(interactions, self._known, "the cassette")

    def deserialize(self, cassette_string: str) -> dict[str, Any]:
        """Return what a cassette holds, as vcrpy takes it; nothing in it is executed.

        Raises:
            CassetteError: it is no cassette, or one that is not safe to load.
        """
        tree = read_vcrpy_tree(cassette_string.encode(), "the cassette")
        items = [
            {"request": request, "response": response} for request, response, _ in loaded(tree)
        ]
        return {"version": 1, "interactions": items}


def loaded(tree: VcrpyTree) -> Iterator[tuple[dict[str, Any], Any, MappingNode]]:
    """Yield request and response of each item as Python values, and the item.

    Of a request the fields are kept that vcrpy knows: any other makes it fail.

    Raises:
        CassetteError: a part is missing.
    """
    for item in tree.items:
        request, response = item.get("request"), item.get("response")
        if not isinstance(request, MappingNode) or response is None:
            missing = "response" if response is None else "request"
            raise tree.fault(item, f"`{missing}` is missing")
        values = {name: python_of(value) for name in _FIELDS if (value := request.get(name))}
        for name in ("method", "uri"):
            if not isinstance(values.get(name), str):
                raise tree.fault(request, f"`{name}` is not text")
        headers = values.get("headers") or {}
        if not isinstance(headers, dict):
            raise tree.fault(request, "`headers` is not a mapping")
        filled = {name: value for name, value in headers.items() if value not in ([], None)}
        yield {"body": None, **values, "headers": filled}, python_of(response), item
