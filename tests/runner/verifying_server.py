"""A server on 127.0.0.1 that verifies every kind of signature, written apart from the signers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus

import jwt

WINDOW_SECONDS = 300


class Verifier(ThreadingHTTPServer):
    """Knows one secret; `seen` counts requests by path, `tokens` are those given out."""

    daemon_threads = True

    def __init__(self, secret: str, token: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.secret, self.token = secret, token
        self.seen: Counter[str] = Counter()
        self.nonces: list[str] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def verifying_server(secret: str, token: str):
    with Verifier(secret, token) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    server: Verifier
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.route, _, self.query = self.path.partition("?")
        self.server.seen[self.route] += 1
        kind = self.route.split("/")[1].replace("-", "_")
        getattr(self, f"check_{kind}")()

    do_GET = do_POST = handle_one  # noqa: N815 - the names that the base class calls

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, status: int, document: object, *headers: tuple[str, str]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in (("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def judge(self, verified: object, seconds: float | None = None) -> None:
        late = seconds is not None and abs(seconds - time.time()) > WINDOW_SECONDS
        error = "signature expired" if late else "" if verified else "bad signature"
        self.answer(401 if error else 200, {"error": error} if error else {"ok": True})

    def mac(self, *texts: str | bytes, key: bytes | None = None) -> bytes:
        made = self.server.secret.encode() if key is None else key
        for text in texts:
            raw = text.encode() if isinstance(text, str) else text
            made = hmac.new(made, raw, hashlib.sha256).digest()
        return made

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def check_hmac(self) -> None:
        stamp = self.headers["X-Timestamp"]
        text = f"{self.command}\n{self.route}\n{stamp}\n{self.body_hash}"
        self.judge(self.mac(text).hex() == self.headers["X-Signature"], float(stamp))

    def authorization(self) -> tuple[dict[str, str], list[str]]:
        text = self.headers["Authorization"].partition(" ")[2]
        fields = dict(part.split("=", 1) for part in text.split(", "))
        return fields, fields["Credential"].split("/")

    def check_sigv4(self) -> None:
        fields, (access, day, region, service, _) = self.authorization()
        names = fields["SignedHeaders"].split(";")
        lines = [self.command, self.route, "&".join(sorted(self.query.split("&")))]
        lines += [f"{name}:{' '.join(self.headers[name].split())}" for name in names]
        creq = "\n".join([*lines, "", ";".join(names), self.body_hash])
        scope = f"{day}/{region}/{service}/aws4_request"
        digest = hashlib.sha256(creq.encode()).hexdigest()
        stamp = self.headers["X-Amz-Date"]
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        key = b"AWS4" + self.server.secret.encode()
        made = self.mac(day, region, service, "aws4_request", text, key=key).hex()
        self.judge(made == fields["Signature"] and (access, region) == ("the-id", "eu-1"))

    def check_tc3(self) -> None:
        fields, (access, day, service, _) = self.authorization()
        names = fields["SignedHeaders"].split(";")
        values = {name: self.headers[name].strip().lower() for name in names}
        lines = [self.command, "/", self.query, *(f"{name}:{values[name]}" for name in names)]
        creq = "\n".join([*lines, "", ";".join(names), self.body_hash])
        stamp, scope = self.headers["X-TC-Timestamp"], f"{day}/{service}/tc3_request"
        digest = hashlib.sha256(creq.encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        key = b"TC3" + self.server.secret.encode()
        made = self.mac(day, service, "tc3_request", text, key=key).hex()
        self.judge(made == fields["Signature"] and access == "the-id", float(stamp))

    def check_http_signature(self) -> None:
        params = self.headers["Signature-Input"].removeprefix("sig1=")
        known = {
            "@method": self.command,
            "@authority": self.headers["Host"],
            "@path": self.route,
            "@query": f"?{self.query}",
            "content-digest": self.headers["Content-Digest"],
        }
        covered = re.findall(r'"([^"]+)"', params[: params.index(")")])
        base = "\n".join(f'"{name}": {known[name]}' for name in covered)
        made = base64.b64encode(self.mac(f'{base}\n"@signature-params": {params}')).decode()
        whole = base64.b64encode(hashlib.sha256(self.body).digest()).decode()
        digest = known["content-digest"] == f"sha-256=:{whole}:"
        created = re.search(r"created=(\d+)", params)
        self.judge(digest and self.headers["Signature"] == f"sig1=:{made}:", float(created[1]))

    def check_glm(self) -> None:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        secret = self.server.secret
        options = {"verify_exp": False}
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], options=options)
        except jwt.InvalidTokenError:
            return self.judge("")
        good = claims["api_key"] == "the-id" and claims["timestamp"] < claims["exp"]
        signed = jwt.get_unverified_header(token)["sign_type"] == "SIGN"
        return self.judge(good and signed, claims["timestamp"] / 1000)

    def check_digest(self) -> None:
        """Each path has its own manners: `digest/<algorithm>[/stale|/open]`."""
        _, _, algorithm, *manner = self.route.split("/")
        if manner == ["open"]:
            return self.answer(200, {"ok": True})
        if manner == ["odd"]:
            return self.answer(401, {}, ("WWW-Authenticate", 'Digest realm="r", algorithm=X'))
        text = self.headers.get("Authorization", "")
        fields = {n: v.strip('"') for n, v in re.findall(r'(\w+)=("[^"]*"|[^,]*)', text)}
        stale = manner == ["stale"] and len(self.nonces_of_route()) < 2
        if fields and fields["nonce"] in self.server.nonces and not stale:
            return self.judge(self.digest_of(algorithm, fields) == fields["response"])
        nonce = f"{len(self.server.nonces)}-{self.route}"
        self.server.nonces.append(nonce)
        told = f'Digest realm="r", nonce="{nonce}", qop="auth", algorithm={algorithm}'
        told += ", stale=true" if fields else ""
        return self.answer(401, {"error": "unauthorized"}, ("WWW-Authenticate", told))

    def nonces_of_route(self) -> list[str]:
        return [nonce for nonce in self.server.nonces if nonce.endswith(f"-{self.route}")]

    def digest_of(self, algorithm: str, fields: dict[str, str]) -> str:
        name = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]

        def hashed(text: str) -> str:
            return hashlib.new(name, text.encode()).hexdigest()

        one = hashed(f"me:r:{self.server.secret}")
        two = hashed(f"{self.command}:{self.path}")
        rest = [fields[field] for field in ("nonce", "nc", "cnonce", "qop")]
        return hashed(":".join([one, *rest, two]))

    def check_token(self) -> None:
        """`token/<manner>`: by Basic or in the form, or one of several ways to fail."""
        manner = self.route.split("/")[2]
        form = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        assert form.pop("grant_type") == "client_credentials"
        if manner == "basic":
            coded = self.headers["Authorization"].removeprefix("Basic ")
            pair = base64.b64decode(coded).decode().split(":")
            client = tuple(map(unquote_plus, pair))
        else:
            client = (form.pop("client_id", ""), form.pop("client_secret", ""))
        if manner == "empty":
            return self.answer(200, {"hello": "world"})
        if manner == "moved":
            return self.answer(302, {}, ("Location", f"{self.server.base}/token/basic"))
        if client != ("me & you", self.server.secret):
            status = 401 if manner == "basic" else 400
            return self.answer(status, {"error": "invalid_client"})
        token = {"access_token": self.server.token, "token_type": "bearer", "scope": form}
        return self.answer(200, token)

    def check_api(self) -> None:
        self.judge(self.headers.get("Authorization") == f"Bearer {self.server.token}")
