"""Where in an answer a secret may stand: echoed, or seen there first."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

from .case import Case, answer, in_chunks
from .encodings import raw_bytes

Build = Callable[[str], Case]


def _case(data: bytes, *secrets: str) -> Case:
    return Case("", "", "", secrets, answer=data)


def _body(make: Callable[[str], str | bytes], kind: str = "application/json") -> Build:
    return lambda text: _case(answer(make(text), kind=kind))


def _header(name: str, template: str = "@", status: str = "401 Unauthorized") -> Build:
    def build(text: str) -> Case:
        value = template.replace("@", " ".join(text.split()))
        return _case(answer(headers=[(name, value)], status=status))

    return build


def _error(text: str) -> str:
    return json.dumps({"error": {"message": text, "type": "authentication_error"}})


def _deltas(text: str, size: int) -> str:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    events = (
        json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]}) for piece in pieces
    )
    return "".join(f"data: {event}\n\n" for event in events) + "data: [DONE]\n\n"


def _zip(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", raw_bytes(text))
    return packed.getvalue()


def _png(text: str) -> bytes:
    octets = b"tEXtkey\0" + raw_bytes(text)
    size = (len(octets) - 4).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + size + octets + zlib.crc32(octets).to_bytes(4, "big")


def _compressed(coding: str, pack: Callable[[bytes], bytes]) -> Build:
    def build(text: str) -> Case:
        return _case(answer(pack(raw_bytes(_error(text))), [("Content-Encoding", coding)]))

    return build


ANSWER_BODIES: dict[str, Build] = {
    "echo": _body(lambda text: _error(f"bad key {text}, sorry")),
    "echo in words": _body(lambda text: f"Authentication fails: {text}", "text/plain"),
    "first eight": _body(lambda text: _error(f"key {text[:11]} is unknown")),
    "last ten": _body(lambda text: _error(f"key ending in {text[-10:]} is unknown")),
    "first and last": _body(lambda text: _error(f"key {text[:6]}****{text[-4:]} is unknown")),
    "masked tail": _body(lambda text: _error(f"Your api key: ****{text[-4:]} is invalid")),
    "bullets": _body(lambda text: _error(f"key \u2022\u2022\u2022\u2022{text[-4:]}")),
    "whole request": _body(
        lambda text: json.dumps(
            {"raw": base64.b64encode(raw_bytes(f"GET / HTTP/1.1\r\nX: {text}\r\n")).decode()}
        )
    ),
    "httpbin": _body(lambda text: json.dumps({"headers": {"X-Zzz": text}, "url": f"/?a={text}"})),
    "JSON in JSON": _body(lambda text: json.dumps({"body": _error(text)})),
    "JSON thrice": _body(lambda text: json.dumps({"a": json.dumps({"b": _error(text)})})),
    "HTML": _body(
        lambda text: f"<p title='{html.escape(text)}'>{html.escape(text)}</p>", "text/html"
    ),
    "HTML script": _body(
        lambda text: f"<script>var key = {json.dumps(text)};</script>", "text/html"
    ),
    "JSONP": _body(lambda text: f"cb({json.dumps([text])});", "application/javascript"),
    "XML": _body(lambda text: f"<e><m>{html.escape(text)}</m></e>", "text/xml"),
    "bad UTF-8": _body(lambda text: b"caf\xe9: " + raw_bytes(text) + b"\xff", "text/plain"),
    "UTF-16": _body(lambda text: _error(text).encode("utf-16-le", "surrogatepass"), "text/plain"),
    "SSE": _body(lambda text: _deltas(text, 3), "text/event-stream"),
    "SSE, wide": _body(lambda text: _deltas(text, 7), "text/event-stream"),
    "lines": _body(
        lambda text: "\n".join(text[i : i + 6] for i in range(0, len(text), 6)), "text/plain"
    ),
    "gzip labelled": _compressed("gzip", gzip.compress),
    "deflate labelled": _compressed("deflate", zlib.compress),
    "gzip unlabelled": _body(lambda text: gzip.compress(raw_bytes(text), mtime=0)),
    "zip": _body(_zip, "application/zip"),
    "PNG text": _body(_png, "image/png"),
    "base64 of a zip": _body(lambda text: json.dumps({"f": base64.b64encode(_zip(text)).decode()})),
    "chunks": lambda text: _case(in_chunks(raw_bytes(_error(text)), 5)),
    "trailer": lambda text: _case(
        in_chunks(b'{"error":"no"}', 64, f"X-Debug: {' '.join(text.split())}\r\n")
    ),
    "log lines": _body(
        lambda text: f"DEBUG headers={{'authorization': 'Bearer {text}'}}\nERROR denied\n",
        "text/plain",
    ),
    "curl line": _body(
        lambda text: f"curl -H 'X-Zzz: {text}' --user me:{text} https://h.test/", "text/plain"
    ),
}
ANSWER_HEADERS: dict[str, Build] = {
    "reason phrase": lambda text: _case(answer(status=f"401 no {' '.join(text.split())}")),
    "Location query": lambda text: _case(
        answer(
            headers=[("Location", f"/gone?next={quote(raw_bytes(text), safe='')}")],
            status="401 See",
        )
    ),
    "WWW-Authenticate": _header(
        "WWW-Authenticate", 'Bearer realm="api", error_description="token @ is invalid"'
    ),
    "debug header": _header("X-Debug-Auth", "got @"),
    "server": _header("Server", "nginx (@)"),
    "request id of an answer": _header("X-Request-Id", "req-@"),
    "ETag": _header("ETag", '"@"'),
    "Link": _header("Link", '<https://h.test/?k=@>; rel="next"'),
    "Refresh": _header("Refresh", "5; url=/login?k=@"),
    "CSP": _header("Content-Security-Policy", "default-src 'self'; report-uri /r?k=@"),
    "Content-Disposition": _header("Content-Disposition", 'attachment; filename="@.txt"'),
    "warning": _header("Warning", '199 - "@"'),
    "header line without a colon": lambda text: _case(
        answer().replace(
            b"Connection:", b"odd " + raw_bytes(" ".join(text.split())) + b"\r\nConnection:"
        )
    ),
    "interim answer": lambda text: _case(
        b"HTTP/1.1 103 Early Hints\r\nLink: </?k="
        + raw_bytes(" ".join(text.split()))
        + b">\r\n\r\n"
        + answer()
    ),
    "folded header": lambda text: _case(
        answer().replace(
            b"Connection:",
            b"Server: a\r\n " + raw_bytes(" ".join(text.split())) + b"\r\n b\r\nConnection:",
        )
    ),
}


def _json(document: Callable[[str], object]) -> Build:
    return _body(lambda text: json.dumps(document(text)))


BORN: dict[str, Build] = {
    "OAuth answer": _json(
        lambda text: {"access_token": text, "token_type": "bearer", "expires_in": 3600}
    ),
    "refresh token": _json(lambda text: {"data": {"refresh_token": text}}),
    "session id": _json(lambda text: {"session": {"sessionId": text}}),
    "CSRF": _body(
        lambda text: f'<input type="hidden" name="csrf_token" value="{html.escape(text)}">',
        "text/html",
    ),
    "CSRF meta": _body(
        lambda text: f'<meta name="csrf-token" content="{html.escape(text)}">', "text/html"
    ),
    "Set-Cookie": _header("Set-Cookie", "sid=@; Path=/; HttpOnly"),
    "second Set-Cookie": lambda text: _case(
        answer(headers=[("Set-Cookie", "theme=dark"), ("Set-Cookie", f"x={text}; Secure")])
    ),
    "nextnonce": _header("Authentication-Info", 'nextnonce="@", qop=auth'),
    "challenge nonce": _header("WWW-Authenticate", 'Digest realm="r", nonce="@", qop="auth"'),
    "Location code": lambda text: _case(
        answer(headers=[("Location", f"/cb?code={quote(text, safe='')}&state=1")], status="401 See")
    ),
    "Location fragment": lambda text: _case(
        answer(headers=[("Location", f"/cb#id_token={quote(text, safe='')}")], status="401 See")
    ),
    "ETag of its own": _header("ETag", '"@"'),
    "new header": _header("X-New-Token", "@"),
    "JWK": _json(lambda text: {"kty": "oct", "kid": "one", "k": text}),
    "Kubernetes": _json(
        lambda text: {
            "kind": "Secret",
            "data": {"pass": base64.b64encode(text.encode()).decode()},
        }
    ),
    "docker": _json(
        lambda text: {
            "auths": {"r.test": {"auth": base64.b64encode(f"me:{text}".encode()).decode()}}
        }
    ),
    "password field": _body(lambda text: f"user: me\npassword: {text}\n", "text/plain"),
    "XML password": _body(
        lambda text: f"<c><Password>{html.escape(text)}</Password></c>", "text/xml"
    ),
    "env dump": _body(lambda text: f"PATH=/bin\nAPI_TOKEN={text}\nHOME=/\n", "text/plain"),
    "Python repr": _body(lambda text: f"{{'client_secret': '{text}', 'a': 1}}", "text/plain"),
    "connection string": _body(
        lambda text: json.dumps({"dsn": f"postgres://me:{quote(text, safe='')}@db.test/x"})
    ),
    "escaped JSON": _json(lambda text: {"log": json.dumps({"id_token": text})}),
    "base64 of JSON": _json(
        lambda text: {"state": base64.b64encode(json.dumps({"apiKey": text}).encode()).decode()}
    ),
}
