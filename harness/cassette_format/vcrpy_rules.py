"""What in a cassette would not replay, or not everywhere: rules over its tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from harness.cassette_format.vcrpy_body import is_compressed
from harness.cassette_format.vcrpy_tree import VcrpyTree
from harness.errors import Place
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    entries_of,
    text_of,
)

_REQUEST_FIELDS = ("body", "headers", "method", "uri")
_PORTS = {"http": 80, "https": 443}
_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know: where, what, and how to mend it. It is `fatal` where a replay fails."""

    place: Place
    message: str
    hint: str
    fatal: bool = True


def remarks_on(tree: VcrpyTree) -> tuple[Remark, ...]:
    """Return every remark in file order."""
    found = [*_file_remarks(tree), *_look_alikes(tree)]
    for item in tree.items:
        found += _request_remarks(tree, item)
        found += _response_remarks(tree, item)
    return tuple(sorted(found, key=lambda remark: remark.place))


def _file_remarks(tree: VcrpyTree) -> Iterator[Remark]:
    if metadata := tree.root.entry("metadata"):
        yield Remark(
            tree.place(metadata.key),
            "pytest-recording 0.14.1 cannot load a file with `metadata`",
            "remove it, or give it another name",
            fatal=False,
        )


def _request_remarks(tree: VcrpyTree, item: MappingNode) -> Iterator[Remark]:
    request = item.get("request")
    if not isinstance(request, MappingNode):
        yield _unloadable(tree, item, "`request` is missing or no mapping")
        return
    for name in _REQUEST_FIELDS:
        if request.get(name) is None:
            yield _unloadable(tree, request, f"`request.{name}` is missing")
    for entry in request.entries:
        if entry.name not in _REQUEST_FIELDS:
            hint = "remove it, or move it beside `request`, where vcrpy passes it over"
            message = "vcrpy cannot load the file: a request knows no such field"
            yield Remark(tree.place(entry.key), message, hint)
    for entry in entries_of(request.get("headers")):
        if isinstance(entry.value, SequenceNode) and len(entry.value.items) > 1:
            yield Remark(
                tree.place(entry.key),
                "vcrpy keeps the first value of this request header only",
                "do not match on headers",
                fatal=False,
            )


def _response_remarks(tree: VcrpyTree, item: MappingNode) -> Iterator[Remark]:
    response = item.entry("response")
    if response is None:
        yield _unloadable(tree, item, "`response` is missing")
    elif isinstance(response.value, MappingNode):
        if response.value.get("status_code") is None:
            yield from _answer_remarks(tree, response, response.value)
    elif isinstance(response.value, ScalarNode) and response.value.value is None:
        yield Remark(
            tree.place(response.key),
            "vcrpy skips this item: there is no answer in it",
            "vcrpy has no form for a failure; keep such a request out of what is replayed",
        )
    else:
        yield _unloadable(tree, item, "`response` is no mapping")


def _answer_remarks(tree: VcrpyTree, response: Entry, answer: MappingNode) -> Iterator[Remark]:
    status = answer.get("status")
    for name in ("code", "message"):
        if not isinstance(status, MappingNode) or status.get(name) is None:
            message = f"no client can replay this answer: `status.{name}` is missing"
            yield Remark(tree.place(response.key), message, "write it, or record again")
    body = answer.entry("body")
    content = body.value.get("string") if body and isinstance(body.value, MappingNode) else None
    if not isinstance(content, ScalarNode) or (content.value is None and content.octets is None):
        yield Remark(
            tree.place(body.key if body else response.key),
            "requests and httpx cannot replay this answer: its body has no `string`",
            'write `body: {string: ""}`',
        )
        return
    headers = tuple(_header_pairs(answer.get("headers")))
    coding = next((text for name, text in headers if name == "content-encoding"), "")
    if coding.strip().lower() not in _CODINGS:
        return
    octets = content.octets if content.octets is not None else content.text.encode()
    if is_compressed(octets, (("content-encoding", coding),)):
        yield Remark(
            tree.place(content),
            "requests and aiohttp get this body as it is, compressed",
            "record with `decode_compressed_response=True`",
        )
    elif octets:
        yield Remark(
            tree.place(content),
            "httpx cannot read this body: `Content-Encoding` says that it is compressed",
            "record with `decode_compressed_response=True`, or remove the header",
        )


def _look_alikes(tree: VcrpyTree) -> Iterator[Remark]:
    alike: dict[object, list[MappingNode]] = defaultdict(list)
    for item in tree.items:
        if isinstance(request := item.get("request"), MappingNode):
            alike[_default_key(request)].append(item)
    for first, *others in alike.values():
        if others:
            lines = ", ".join(str(item.span.line) for item in others[:3])
            more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004 - as above
            yield Remark(
                tree.place(first),
                "by default vcrpy cannot tell this request from"
                f" {'that' if len(others) == 1 else 'those'} in line {lines}{more}",
                "they replay in the order of the file; match by harness.CassettePlugin",
                fatal=False,
            )


def _default_key(request: MappingNode) -> object:
    """Return what vcrpy matches on by default."""
    method, uri = text_of(request.get("method")), text_of(request.get("uri")) or ""
    try:
        parts = urlsplit(uri)
        port = parts.port or _PORTS.get(parts.scheme)
        place = (parts.scheme, parts.hostname, port, parts.path or "/")
        return (method, *place, *sorted(parse_qsl(parts.query)))
    except ValueError:
        return method, uri


def _header_pairs(headers: Node | None) -> Iterator[tuple[str, str]]:
    for entry in entries_of(headers):
        values = entry.value.items if isinstance(entry.value, SequenceNode) else (entry.value,)
        for value in values:
            if isinstance(value, ScalarNode):
                yield entry.name.lower(), value.text


def _unloadable(tree: VcrpyTree, node: Node, message: str) -> Remark:
    return Remark(
        tree.place(node), f"vcrpy cannot load the file: {message}", "write it, or record again"
    )
