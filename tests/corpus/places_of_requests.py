"""Where in a request a secret may stand: its target, its headers, its body."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote
from xml.sax.saxutils import escape

from .case import Case, Patch, answer
from .encodings import raw_bytes

Build = Callable[[str], Case]
ORIGIN = "http://@ORIGIN@/@CASE@"
"""What stands for the address of the server and for the number of the case."""

_ANY_URL = "-._~:/@!$'()*+,;=%"


def _url(text: str) -> str:
    """Percent-encode what a URL cannot hold, and no more."""
    return quote(raw_bytes(text), safe=_ANY_URL)


def _line(text: str) -> str:
    """What a header line can hold."""
    return " ".join(text.split())


def _case(patch: Patch, body: bytes | None = None) -> Case:
    return Case("", "", "", (), patch=patch, body=body, answer=answer())


def _target(template: str) -> Build:
    return lambda text: _case({"url": ORIGIN + template.replace("@", _url(text))})


def _header(name: str, template: str = "@") -> Build:
    def build(text: str) -> Case:
        value = template.replace("@", _line(text))
        return _case({"headers": [[name, value]], "client": "raw"})

    return build


def _headers(*pairs: tuple[str, str]) -> Build:
    def build(text: str) -> Case:
        lines = [
            [name.replace("@", text), value.replace("@", _line(text))] for name, value in pairs
        ]
        return _case({"headers": lines, "client": "raw"})

    return build


def _header_name(text: str) -> Case:
    name = "X-" + "".join(char if char.isalnum() else "-" for char in text if char.isascii())
    return _case({"headers": [[name, "1"]], "client": "raw"})


def _basic(before: str, after: str, coding: str) -> Build:
    def build(text: str) -> Case:
        octets = f"{before}{text}{after}".encode(coding, "replace")
        token = base64.b64encode(octets).decode()
        return _case({"headers": [["Authorization", f"Basic {token}"]], "client": "raw"})

    return build


TARGETS: dict[str, Build] = {
    "query value": _target("/v1?q=@"),
    "query value that may stay": _target("/v1?model=@&page=2"),
    "query name": _target("/v1?@=1"),
    "query twice": _target("/v1?key=@&key=@&x=1"),
    "query after a semicolon": _target("/v1?a=1;token=@;b=2"),
    "path segment": _target("/bot@/getMe"),
    "matrix parameter": _target("/v1;jsessionid=@/x"),
    "URL in a URL": lambda text: _case(
        {"url": f"{ORIGIN}/v1?next={quote('https://h.test/a?key=' + _url(text), safe='')}"}
    ),
    "JSON in a query": lambda text: _case(
        {"url": f"{ORIGIN}/v1?filter={quote(json.dumps({'a': [text]}), safe='')}"}
    ),
    "userinfo": lambda text: _case(
        {"url": f"http://me:{quote(raw_bytes(text), safe='')}@@ORIGIN@/@CASE@/v1"}
    ),
    "double percent": lambda text: _case(
        {"url": f"{ORIGIN}/v1?q={quote(quote(raw_bytes(text), safe=''), safe='')}"}
    ),
}
NAMED_TARGETS: dict[str, Build] = {
    "named query": _target("/v1?access_token=@&v=1"),
    "unlisted query": _target("/v1?zzz=@"),
    "signed URL": _target(
        "/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK/x&X-Amz-Signature=@"
    ),
    "SAS": _target("/o?sv=2024-11-04&se=2026-01-01&sig=@"),
    "OAuth answer": _target("/callback?code=@&state=xyz"),
    "PKCE": _target("/token?code_verifier=@"),
    "unknown userinfo": lambda text: _case(
        {"url": f"http://me:{quote(raw_bytes(text), safe='')}@@ORIGIN@/@CASE@/v1"}
    ),
    "fragment": _target("/v1#access_token=@&token_type=bearer"),
}
HEADERS: dict[str, Build] = {
    "Authorization without a scheme": _header("Authorization"),
    "scheme twice": _header("Authorization", "Bearer Bearer @"),
    "quoted": _header("Authorization", 'Bearer "@"'),
    "no-break space": _header("Authorization", "Bearer\u00a0@"),
    "zero-width space": _header("Authorization", "Bearer \u200b@"),
    "header that may stay": _header("User-Agent", "tool/1.0 (@)"),
    "Accept": _header("Accept", "application/json;profile=@"),
    "request id": _header("X-Request-Id", "@"),
    "Referer": lambda text: _case(
        {"headers": [["Referer", f"https://h.test/p?q={_url(text)}"]], "client": "raw"}
    ),
    "cookie": _header("Cookie", "a=1; sid=@; theme=dark"),
    "websocket protocol": _header("Sec-WebSocket-Protocol", "json, @"),
    "baggage": _header("Baggage", "userId=alice,serverNode=@"),
    "forwarded": _header("X-Forwarded-For", "203.0.113.7, @"),
    "via": _header("Via", "1.1 @ (squid)"),
    "header name": _header_name,
    "twice": _headers(("Authorization", "Bearer @"), ("authorization", "bearer @")),
    "content type": _header("Content-Type", "application/json; boundary=@"),
    "folded line": _headers(("Authorization", "Bearer @\r\n @")),
}
NAMED_HEADERS: dict[str, Build] = {
    "Authorisation": _header("Authorisation", "Bearer @"),
    "X-API-KEY with a space": _header("X-API-KEY ", "@"),
    "Auth": _header("Auth", "@"),
    "made-up header": _header("X-Zzz", "@"),
    "Proxy-Authorization": _header("Proxy-Authorization", "Bearer @"),
    "cookies": _header("Cookie", "@=1; sid=@"),
    "Digest": _header(
        "Authorization",
        'Digest username="u", realm="r", nonce="n", uri="/", response="@", opaque="o"',
    ),
    "SigV4": _header(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AK/20261122/eu-west-1/s3/aws4_request,"
        " SignedHeaders=host;x-amz-date, Signature=@",
    ),
    "HTTP signature": _headers(
        ("Signature-Input", 'sig1=("@method");created=1763000000;keyid="@"'),
        ("Signature", "sig1=:@:"),
    ),
    "DPoP": _header("DPoP", "@"),
    "webhook signature": _header("X-Hub-Signature-256", "sha256=@"),
    "client certificate": _header("X-Client-Cert", "@"),
    "Basic": _basic("me:", "", "utf-8"),
    "Basic in Latin-1": _basic("usr:", "", "latin-1"),
    "Basic, third alignment": _basic("user:", "", "utf-8"),
}


def _json(document: Callable[[str], object]) -> Build:
    return lambda text: _case({}, json.dumps(document(text)).encode())


def _bytes(make: Callable[[str], bytes], kind: str = "application/octet-stream") -> Build:
    return lambda text: _case({"headers": {"Content-Type": kind}}, make(text))


def _multipart(text: str) -> bytes:
    parts = (
        ('name="token"', text),
        ('name="file"; filename="a.txt"\r\nContent-Type: text/plain', f"line\r\n{text}\r\n"),
    )
    shown = "".join(
        f"--b0undary\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n"
        for head, body in parts
    )
    return raw_bytes(f"{shown}--b0undary--\r\n")


def _transfer_encoded(text: str) -> bytes:
    body = base64.encodebytes(raw_bytes(text) + b" and some more words to fold the lines")
    head = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + body + b"\r\n--b--\r\n"


def _protobuf(text: str) -> bytes:
    octets = raw_bytes(text)
    return b"\x08\x96\x01\x12" + bytes([len(octets) % 128]) + octets + b"\x1a\x03\xff\xfe\xfd"


def _hexdump(text: str) -> bytes:
    octets = raw_bytes("GET /v1 key=" + text + " end of it")
    lines = (
        f"{at:08x}  {octets[at : at + 16].hex(' ')}  |"
        + "".join(chr(b) if 32 <= b < 127 else "." for b in octets[at : at + 16])
        + "|\n"
        for at in range(0, len(octets), 16)
    )
    return "".join(lines).encode()


BODIES: dict[str, Build] = {
    "JSON value": _json(lambda text: {"model": "m", "prompt": text}),
    "JSON deep": _json(lambda text: {"a": [{"b": {"c": ["x", text]}}]}),
    "JSON name": _json(lambda text: {text: 1}),
    "JSON in JSON": _json(lambda text: {"arguments": json.dumps({"auth": text})}),
    "JSON charcodes": _json(lambda text: {"codes": list(raw_bytes(text))}),
    "JSON Buffer": _json(lambda text: {"type": "Buffer", "data": list(raw_bytes(text))}),
    "GraphQL": _json(
        lambda text: {"query": f'mutation {{ login(key: "{text}") {{ id }} }}', "variables": {}}
    ),
    "form": lambda text: _case(
        {"headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        f"grant_type=x&assertion={quote(raw_bytes(text), safe='')}&b=2".encode(),
    ),
    "multipart": _bytes(_multipart, "multipart/form-data; boundary=b0undary"),
    "multipart, transfer encoding": _bytes(_transfer_encoded, "multipart/form-data; boundary=b"),
    "XML": _bytes(lambda text: raw_bytes(f"<a><b c='1'>{escape(text)}</b></a>"), "text/xml"),
    "CDATA": _bytes(lambda text: raw_bytes(f"<a><![CDATA[{text}]]></a>"), "text/xml"),
    "WSSE": _bytes(
        lambda text: raw_bytes(
            f'<wsse:Password Type="#PasswordText">{escape(text)}</wsse:Password>'
        ),
        "text/xml",
    ),
    "NDJSON": _bytes(
        lambda text: raw_bytes(f'{{"a":1}}\n{json.dumps({"b": text})}\n{{"c":3}}\n'),
        "application/x-ndjson",
    ),
    "gzip": _bytes(lambda text: gzip.compress(raw_bytes(f"key={text}"), mtime=0)),
    "zlib": _bytes(lambda text: zlib.compress(raw_bytes(f"key={text}"))),
    "UTF-16": _bytes(lambda text: f"key={text}".encode("utf-16", "surrogatepass")),
    "protobuf": _bytes(_protobuf, "application/x-protobuf"),
    "hexdump": _bytes(_hexdump, "text/plain"),
    "far behind": _bytes(lambda text: b"word " * 60_000 + raw_bytes(text) + b" end", "text/plain"),
    "across 64 KiB": _bytes(lambda text: b"w " * 32_760 + raw_bytes(text) + b" end", "text/plain"),
    "bad UTF-8": _bytes(lambda text: b"caf\xe9 \xff " + raw_bytes(text) + b" \xfe", "text/plain"),
    "SAML": lambda text: _case(
        {"headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        b"SAMLResponse=" + quote(base64.b64encode(raw_bytes(f"<a>{text}</a>")), safe="").encode(),
    ),
}
