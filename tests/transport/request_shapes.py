"""A generated table of requests, each odd in one way, as seen in the field."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.request import HeaderPairs


@dataclass(frozen=True)
class Shape:
    """`refused`: aiohttp will not send it, so that the raw client alone is asked."""

    name: str
    method: str = "GET"
    target: str = "/v1/models"
    headers: HeaderPairs = (("Authorization", "Bearer k-1"),)
    body: bytes | None = None
    refused: bool = False
    http: str = "1.1"


KEY = "k-0123456789"
_SUFFIXES = {
    "space": " ",
    "tab": "\t",
    "no-break space": "\u00a0",
    "zero-width space": "\u200b",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "accent": "\u00e9",
    "smart quote": "\u201d",
    "Cyrillic": "\u0430",
    "CJK": "\u5bc6",
    "right to left": "\u200f",
    "emoji": "\U0001f511",
    "quote": '"',
    "backslash n": "\\n",
    "raw byte": "\udcff",
    "raw bytes inside": "\udc80b",
    "percent": "%0A",
    "variable": "${KEY}",
}
_REFUSED = {
    "carriage return": "\r",
    "line feed": "\n",
    "CRLF": "\r\n",
    "inner LF": "\nX-Injected: 1",
    "inner CRLF": "\r\nX-Injected: 1",
    "NUL": "\x00",
    "SOH": "\x01",
    "vertical tab": "\x0b",
    "DEL": "\x7f",
    "escape": "\x1b[0m",
    "folded": "\r\n more",
}
_SCHEMES = [
    "Bearer",
    "bearer",
    "BEARER",
    "Bearer ",
    "Token",
    "Basic",
    "",
    " ",
    "  Bearer",
    "Bearer:",
]
_HEADERS: dict[str, HeaderPairs] = {
    "none": (),
    "two alike": (("Authorization", "A"), ("Authorization", "B")),
    "two cases": (("Authorization", "A"), ("authorization", "B")),
    "three cases": (("Authorization", "A"), ("AUTHORIZATION", "B"), ("authorization", "C")),
    "two cases apart": (("X-Api-Key", "A"), ("B", "1"), ("x-api-key", "C")),
    "empty value": (("Authorization", ""),),
    "underscore": (("X_Api_Key", "1"),),
    "space in the name": (("X A", "1"),),
    "space before the colon": (("Authorization ", "A"),),
    "colon in the name": (("X:A", "1"),),
    "empty name": (("", "1"),),
    "name beyond ASCII": (("X-\u00e9", "1"),),
    "zero-width name": (("Author\u200bization", "1"),),
    "host first": (("Host", "other.test"), ("A", "1")),
    "host last": (("A", "1"), ("Host", "other.test")),
    "host twice": (("Host", "a.test"), ("Host", "b.test")),
    "host two cases": (("host", "a.test"), ("HOST", "b.test")),
    "empty host": (("Host", ""),),
    "host with a port": (("Host", "a.test:1"),),
    "own automatic ones": (("user-agent", "x"), ("ACCEPT", "y"), ("accept-encoding", "identity")),
    "empty automatic ones": (("User-Agent", ""), ("Accept", ""), ("Accept-Encoding", "")),
    "long": (("X-Long", "x" * 9000),),
    "many": tuple((f"X-{number}", str(number)) for number in range(150)),
    "connection": (("Connection", "keep-alive"), ("TE", "trailers")),
    "expect": (("Expect", "100-continue"),),
    "cookies": (("Cookie", "a=1"), ("Cookie", "b=2")),
    "proxy credentials": (("Proxy-Authorization", "Basic eDp5"),),
    "content type": (("Content-Type", "text/plain; charset=utf-8"),),
    "upgrade": (("Connection", "upgrade"), ("Upgrade", "websocket")),
    "leading space": (("Authorization", "  Bearer a"),),
    "sixteen bits": (("X-A", "\uffff"),),
}
_TARGETS = [
    "",
    "?",
    "?x=%2F",
    "/%7E",
    "/a/../b/./c",
    "//double",
    "/a%zz",
    "/?x=a+b%20c",
    "/?k=x y",
    "/\u00e9\u5bc6",
    "/?q=\u00e9&r=%C3%A9",
    "/;p=1?&&=&a",
    "/a?b#fragment",
    "/?url=https://x.test/?y=z",
    "/[brackets]{braces}|^`",
    "/" + "x" * 4000,
    "/%00%0d%0a",
    "/.",
    "/?%",
    "/'\"<>\\",
]
_BODIES: dict[str, tuple[HeaderPairs, bytes | None]] = {
    "none": ((), None),
    "empty": ((), b""),
    "JSON": ((("Content-Type", "application/json"),), b'{"a":1}'),
    "JSON with spaces": ((("Content-Type", "application/json"),), b'{"a": 1}\n'),
    "binary": ((), bytes(range(256))),
    "CRLF": ((), b"a\r\n\r\nb"),
    "own length": ((("Content-Length", "3"),), b"abc"),
    "length too short": ((("content-length", "1"),), b"abc"),
    "length too long": ((("Content-Length", "9"),), b"abc"),
    "two lengths": ((("Content-Length", "3"), ("Content-Length", "4")), b"abc"),
    "chunked by hand": ((("Transfer-Encoding", "chunked"),), b"3\r\nabc\r\n0\r\n\r\n"),
    "chunked and length": (
        (("Transfer-Encoding", "chunked"), ("Content-Length", "3")),
        b"3\r\nabc\r\n0\r\n\r\n",
    ),
    "said to be gzip": ((("Content-Encoding", "gzip"),), b"abc"),
    "large": ((), b"x" * 300_000),
}
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "X-Y"]


def shapes() -> list[Shape]:
    made = [
        Shape(f"key ends in {name}", headers=(("Authorization", f"Bearer {KEY}{text}"),))
        for name, text in _SUFFIXES.items()
    ]
    made += [
        Shape(f"key begins with {name}", headers=(("X-Api-Key", f"{text}{KEY}"),))
        for name, text in _SUFFIXES.items()
    ]
    made += [
        Shape(f"key with {name}", headers=(("Authorization", f"Bearer {KEY}{text}"),), refused=True)
        for name, text in _REFUSED.items()
    ]
    made += [
        Shape(f"name with {name}", headers=((f"X-{text}A", "1"), ("B", "2")), refused=True)
        for name, text in _REFUSED.items()
    ]
    made += [
        Shape(f"scheme {scheme!r}", headers=(("Authorization", f"{scheme} {KEY}"),))
        for scheme in _SCHEMES
    ]
    made += [Shape(f"headers: {name}", headers=pairs) for name, pairs in _HEADERS.items()]
    made += [
        Shape(f"headers in a POST: {name}", "POST", headers=pairs, body=b"{}")
        for name, pairs in _HEADERS.items()
    ]
    made += [Shape(f"target {target[:30]!r}", target=target) for target in _TARGETS]
    made += [
        Shape(f"body: {name}", "POST", headers=pairs, body=body)
        for name, (pairs, body) in _BODIES.items()
    ]
    made += [Shape(f"method {method}", method, body=None) for method in _METHODS]
    made += [Shape(f"HTTP/1.0 {method}", method, body=b"x", http="1.0") for method in _METHODS[2:5]]
    return made
