"""An interaction that vcrpy recorded, as an exchange of a run that nobody planned."""

from __future__ import annotations

from collections.abc import Iterator

from harness.cassette_format.vcrpy_body import body_text
from harness.cassette_format.vcrpy_tree import VcrpyTree
from harness.model.exchange import (
    ExchangeKey,
    Failure,
    Phase,
    RecordedExchange,
    RedactedResponse,
    Timing,
)
from harness.model.request import HeaderPairs
from harness.strict_yaml.node import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    kind_of,
)

UNKNOWN_TIME = Timing(0.0, 0.0)
"""vcrpy keeps no times."""

NO_ANSWER = Failure(Phase.HEADERS, "not-recorded", "the cassette holds no answer")
_LONGEST_STATUS = 3


def recorded_exchanges(tree: VcrpyTree) -> Iterator[RecordedExchange]:
    """Yield the interactions in file order, as variants `recorded-1`, `recorded-2`, and so on.

    Raises:
        CassetteError: one is not of vcrpy's form; the message names its place.
    """
    for number, item in enumerate(tree.items, 1):
        yield _exchange(tree, item, number)


def header_pairs(tree: VcrpyTree, node: Node | None) -> HeaderPairs:
    """Return headers as pairs, whichever way vcrpy wrote them.

    Raises:
        CassetteError: they are none.
    """
    if isinstance(node, MappingNode):
        return tuple(
            (entry.name, value)
            for entry in node.entries
            for value in _header_values(tree, entry.value)
        )
    if isinstance(node, SequenceNode):
        return tuple(_pair(tree, item) for item in node.items)
    if node is None or _is_null(node):
        return ()
    raise tree.fault(node, f"`headers` is a mapping of names to lists, not {kind_of(node)}")


def _exchange(tree: VcrpyTree, item: MappingNode, number: int) -> RecordedExchange:
    request = _mapping(tree, item, "request")
    headers = header_pairs(tree, request.get("headers"))
    answer = item.get("response")
    if answer is None:
        raise tree.fault(item, "`response` is missing")
    response = None if _is_null(answer) else _response(tree, answer)
    return RecordedExchange(
        key=ExchangeKey(f"recorded-{number}"),
        sequence=number,
        method=_text(tree, request, "method"),
        url=_text(tree, request, "uri"),
        headers=headers,
        headers_sent=(),
        body=body_text(request.get("body"), headers),
        proxy=None,
        timing=UNKNOWN_TIME,
        response=response,
        failure=NO_ANSWER if response is None else None,
    )


def _response(tree: VcrpyTree, node: Node) -> RedactedResponse:
    if not isinstance(node, MappingNode):
        raise tree.fault(node, f"`response` is a mapping, not {kind_of(node)}")
    headers = header_pairs(tree, node.get("headers"))
    if old := node.get("status_code"):  # vcrpy before 6 recorded httpx so
        return RedactedResponse(
            _status(tree, old), "", headers, body_text(node.get("content"), headers)
        )
    status = _mapping(tree, node, "status")
    code, reason = status.get("code"), status.get("message")
    if code is None:
        raise tree.fault(status, "`status.code` is missing")
    return RedactedResponse(
        status=_status(tree, code),
        reason="" if reason is None or _is_null(reason) else _text(tree, status, "message"),
        headers=headers,
        body=_answer_body(node.get("body"), headers),
    )


def _answer_body(body: Node | None, headers: HeaderPairs) -> str:
    """Return the text of `{string: …}`; aiohttp leaves `{}` of a redirect without a body."""
    return body_text(body.get("string") if isinstance(body, MappingNode) else body, headers)


def _status(tree: VcrpyTree, node: Node) -> int:
    value = node.value if isinstance(node, ScalarNode) else None
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not 0 <= value < 10**_LONGEST_STATUS
    ):
        raise tree.fault(node, "the status is not a number of three digits")
    return value


def _mapping(tree: VcrpyTree, parent: MappingNode, name: str) -> MappingNode:
    node = parent.get(name)
    if node is None:
        raise tree.fault(parent, f"`{name}` is missing")
    if not isinstance(node, MappingNode):
        raise tree.fault(node, f"`{name}` is a mapping, not {kind_of(node)}")
    return node


def _text(tree: VcrpyTree, parent: MappingNode, name: str) -> str:
    node = parent.get(name)
    if node is None:
        raise tree.fault(parent, f"`{name}` is missing")
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise tree.fault(node, f"`{name}` is text, not {kind_of(node)}")
    return node.value


def _header_values(tree: VcrpyTree, node: Node) -> Iterator[str]:
    for value in node.items if isinstance(node, SequenceNode) else (node,):
        yield _header_value(tree, value)


def _header_value(tree: VcrpyTree, node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise tree.fault(node, f"the value of a header is text, not {kind_of(node)}")
    if node.octets is not None:
        return node.octets.decode("utf-8", "surrogateescape")
    return node.text


def _pair(tree: VcrpyTree, node: Node) -> tuple[str, str]:
    if not isinstance(node, SequenceNode) or len(node.items) != len(("name", "value")):
        raise tree.fault(node, "a header is a name and a value")
    name, value = (_header_value(tree, item) for item in node.items)
    return name, value


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None and node.octets is None
