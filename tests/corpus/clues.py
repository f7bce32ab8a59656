"""What must survive redaction: the clues by which the cause of a 401 is found.

A clue is a place of a recorded exchange and a pattern that must be found there. `<KEY>` in an
answer stands for the key of the case, `<TAIL>` for its last four characters.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .case import Case, Pairs, answer
from .kinds import made

Clue = tuple[str, str]
"""(place, pattern)."""


@dataclass(frozen=True)
class Kept:
    """A case, and the clues that its record must show."""

    case: Case
    clues: tuple[Clue, ...]


def clue_cases() -> tuple[Kept, ...]:
    """Return the cases, each with a key of its own."""
    return tuple(_KEPT)


def at(item: Any, place: str) -> str:
    """Return the text at a place of a recorded exchange, all values of a header in lines."""
    side, _, rest = place.partition(" ")
    part = item[side]
    match rest.split(" ", 1):
        case ["body"]:
            return str(part["body"]["string"] if side == "response" else part["body"])
        case ["status"]:
            return f"{part['status']['code']} {part['status']['message']}"
        case ["names"]:
            return "\n".join(part["headers"])
        case ["header", name]:
            return "\n".join(part["headers"].get(name, ()))
        case [name]:
            found = part[name]
            return found if isinstance(found, str) else json.dumps(found)
        case _:
            raise ValueError(place)


_EXPIRED = "The token expired at 2026-11-22T10:00:00Z"
_ID = r"RDX~s\d+"
_KEPT: list[Kept] = []


def _add(
    name: str,
    *clues: Clue,
    key: Callable[[str], str] = lambda key: key,
    headers: Pairs = (("Authorization", "Bearer @KEY@"),),
    reply: bytes = answer(),
    body: bytes | None = None,
    url: str = "",
) -> None:
    secret = made("sk", f"clue {name}")
    sent = key(secret)
    patch: dict[str, Any] = {"headers": [list(pair) for pair in headers], "client": "raw"}
    if url:
        patch["url"] = url
    shown = reply.replace(b"<TAIL>", sent.strip()[-4:].encode()).replace(b"<KEY>", sent.encode())
    length = len(shown) - len(reply)
    if length:
        head, _, content = shown.partition(b"\r\n\r\n")
        old = b"Content-Length: %d" % (len(content) - length)
        shown = head.replace(old, b"Content-Length: %d" % len(content)) + b"\r\n\r\n" + content
    _KEPT.append(
        Kept(
            Case(name, "sk", "raw", (secret,), patch, body, key=sent, answer=shown),
            tuple(clues),
        )
    )


def _error(
    message: str, kind: str = "authentication_error", code: str = "invalid_api_key"
) -> bytes:
    return answer(json.dumps({"error": {"message": message, "type": kind, "code": code}}))


def _body(text: str) -> Clue:
    return "response body", text


def _sent(pattern: str, name: str = "Authorization") -> Clue:
    return f"request header {name}", pattern


def _answered(name: str, pattern: str) -> Clue:
    return f"response header {name}", pattern


_add(
    "DeepSeek's answer",
    _body(r'"message": "Authentication Fails, Your api key: \*{4}RDX~s\d+\.t4~ is invalid"'),
    _body('"type": "authentication_error"'),
    _body('"code": "invalid_request_error"'),
    ("response status", "401 Unauthorized"),
    _sent(rf"Bearer {_ID}\.sk\.L35\.Chex~"),
    reply=_error(
        "Authentication Fails, Your api key: ****<TAIL> is invalid", code="invalid_request_error"
    ),
)
_add("a tail of another key", _body(r"\*{4}RDX~none\.t4\.Chex~"), reply=_error("api key: ****9b86"))
_add(
    "the literal name was sent",
    _body(r"api key: \*{4}_KEY is"),
    reply=_error("api key: ****_KEY is bad"),
)
_add("null was sent", _body(r"api key: \*{4}null is"), reply=_error("api key: ****null is bad"))
_add(
    "a brace was sent",
    _body(r"\*{4}RDX~none\.t4.*\.mbrace~"),
    reply=_error("api key: ****eek} is bad"),
)
_add(
    "what the form should be",
    _body(r"\(auth header format should be Bearer sk-\.\.\.\)"),
    reply=_error("Authentication Fails (auth header format should be Bearer sk-...)"),
)
_add(
    "words on the key",
    _body("expected 51 characters, got 35"),
    _body('"code": "bad_length"'),
    reply=_error("expected 51 characters, got 35", code="bad_length"),
)
_add(
    "a key with a line feed",
    ("request header X-Key", rf"{_ID}\.b64~|{_ID}.*\.eb64|{_ID}.*"),
    ("run sources", r'"edges": \["trailing LF"\]'),
    key=lambda key: f"{key}\n",
    headers=(("X-Key", "@KEY64@"),),
)
_add(
    "a key with a space", _sent(rf"Bearer {_ID}\.sk\.L36\.Chex\.wtsp1~"), key=lambda key: f"{key} "
)
_add(
    "a key in quotes",
    _sent(rf"Bearer {_ID}\.sk\.L37\.Chex\.wldq1\.wtdq1~"),
    key=lambda key: f'"{key}"',
)
_add(
    "a key with a mark nobody sees",
    _sent(rf"Bearer {_ID}\.sk\..*wlzw1~"),
    key=lambda key: f"\u200b{key}",
)
_add(
    "a no-break space",
    _sent(rf"Bearer\u00a0{_ID}\.sk\.L35"),
    headers=(("Authorization", "Bearer\u00a0@KEY@"),),
)
_add("upper case", _sent(r"\.L35\.C(?:HEX|b64u|ascii)"), key=lambda key: key.upper())
_add("a key cut short", _sent(rf"{_ID}\.sk\.L34\.Chex~"), key=lambda key: key[:-1])
_add("scheme in lower case", _sent(rf"^bearer {_ID}"), headers=(("Authorization", "bearer @KEY@"),))
_add("no scheme", _sent(rf"^{_ID}\.sk"), headers=(("Authorization", "@KEY@"),))
_add(
    "scheme twice",
    _sent(rf"^Bearer Bearer {_ID}"),
    headers=(("Authorization", "Bearer Bearer @KEY@"),),
)
_add("two spaces", _sent(rf"^Bearer  {_ID}"), headers=(("Authorization", "Bearer  @KEY@"),))
_add(
    "scheme with a colon", _sent(rf"^Bearer: {_ID}"), headers=(("Authorization", "Bearer: @KEY@"),)
)
_add("another scheme", _sent(rf"^Token {_ID}"), headers=(("Authorization", "Token @KEY@"),))
_add(
    "a header name with a slip",
    ("request names", "Authorisation"),
    _sent(rf"^Bearer {_ID}", "Authorisation"),
    headers=(("Authorisation", "Bearer @KEY@"),),
)
_add(
    "sent twice",
    ("harness headers_sent", r'\["Authorization", "Bearer RDX~.*\["authorization", "bearer RDX~'),
    headers=(("Authorization", "Bearer @KEY@"), ("authorization", "bearer @KEY@")),
)
_add(
    "in another header",
    ("request names", "X-Api-Key"),
    _sent(rf"^{_ID}\.sk", "X-Api-Key"),
    headers=(("X-Api-Key", "@KEY@"),),
)
_add(
    "a challenge",
    _answered("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"'),
    _answered("WWW-Authenticate", 'error_description="The token expired at 2026-11-22T10:00:00Z"'),
    ("response names", "WWW-Authenticate"),
    reply=answer(
        headers=[
            (
                "WWW-Authenticate",
                f'Bearer realm="api", error="invalid_token", error_description="{_EXPIRED}"',
            )
        ]
    ),
)
_add(
    "a Digest challenge",
    _answered(
        "WWW-Authenticate",
        r'Digest realm="r", nonce="RDX~s\d+\.nonce[^"]*", qop="auth", stale=true',
    ),
    reply=answer(
        headers=[
            (
                "WWW-Authenticate",
                'Digest realm="r", nonce="aGVsbG8taGVsbG8x", qop="auth", stale=true',
            )
        ]
    ),
)
_add(
    "when and by whom",
    _answered("Date", "Sun, 22 Nov 2026 09:52:08 GMT"),
    _answered("Retry-After", "20"),
    _answered("X-Request-Id", "6f1f9f0e-6a0b-4c06-8a2a-3f0b8d8f0a11"),
    _answered("X-RateLimit-Remaining", "0"),
    _answered("Server", "openresty"),
    _answered("EO-Cache-Status", "MISS"),
    _answered("Via", r"1\.1 squid"),
    ("response status", "429 Too Many Requests"),
    reply=answer(
        headers=[
            ("Date", "Sun, 22 Nov 2026 09:52:08 GMT"),
            ("Retry-After", "20"),
            ("X-Request-Id", "6f1f9f0e-6a0b-4c06-8a2a-3f0b8d8f0a11"),
            ("X-RateLimit-Remaining", "0"),
            ("Server", "openresty"),
            ("EO-Cache-Status", "MISS"),
            ("Via", "1.1 squid"),
        ],
        status="429 Too Many Requests",
    ),
)
_add(
    "an echo of the key",
    _body(rf"bad key {_ID}\.sk\.L35\.Chex~, sorry"),
    reply=_error("bad key <KEY>, sorry"),
)
_add(
    "which cookie",
    _answered("Set-Cookie", r"^sid=RDX~s\d+\.cookie[^;]*; Path=/; HttpOnly; SameSite=Lax"),
    reply=answer(headers=[("Set-Cookie", "sid=8f7d2c1b9a0e4d5f; Path=/; HttpOnly; SameSite=Lax")]),
)
_add(
    "where to",
    _answered("Location", r"^/login\?next=RDX~[^&]*&page=2$"),
    reply=answer(headers=[("Location", "/login?next=abcdefgh12&page=2")], status="401 See"),
)
_add(
    "what was asked",
    ("request uri", r"/v1/chat/completions\?model=deepseek-chat&key=RDX~s\d+\.sk"),
    ("request method", "POST"),
    ("request body", r'"model": "deepseek-chat", "stream": false'),
    headers=(("Content-Type", "application/json"),),
    url="http://@ORIGIN@/@CASE@/v1/chat/completions?model=deepseek-chat&key=@KEY@",
    body=b'{"model": "deepseek-chat", "stream": false}',
)
_add(
    "an error in HTML",
    _body("<h1>401 Authorization Required</h1>"),
    _body("openresty"),
    reply=answer("<h1>401 Authorization Required</h1><hr>openresty", kind="text/html"),
)
_add(
    "bytes that are no UTF-8",
    _body(r"cl\\xe9 invalide"),
    reply=answer(b"cl\xe9 invalide", kind="text/plain"),
)
_add(
    "a token's times",
    ("harness tokens", r'"alg(?:orithm)?": "HS256"'),
    ("harness tokens", r'"exp": 1763003600'),
    key=lambda key: made("jwt", key),
)
