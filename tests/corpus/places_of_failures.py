"""What goes wrong with a secret in hand: answers that are none, proxies, redirects."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from .case import Case, Patch, answer
from .encodings import raw_bytes

Build = Callable[[str], Case]
SERVER = "@ORIGIN@"


def _case(data: bytes, patch: Patch | None = None, *, reset: bool = False) -> Case:
    return Case("", "", "", (), patch=patch or {}, answer=data, reset=reset)


def _line(text: str) -> bytes:
    return raw_bytes(" ".join(text.split()))


def _redirect(template: str) -> Build:
    def build(text: str) -> Case:
        target = template.replace("@", quote(raw_bytes(text), safe=""))
        return _case(answer(headers=[("Location", target)], status="302 Found"))

    return build


def _proxy(data: Callable[[str], bytes], host: str = "@CASE@.test") -> Build:
    """Ask a name that only the proxy knows; its login is the secret."""

    def build(text: str) -> Case:
        login = {"url": f"http://{SERVER}", "username": "me", "password": {"literal": text}}
        return _case(data(text), {"url": f"http://{host}/v1", "proxy": login})

    return build


def _tunnel(data: Callable[[str], bytes]) -> Build:
    def build(text: str) -> Case:
        login = {"url": f"http://{SERVER}", "username": "me", "password": {"literal": text}}
        return _case(data(text), {"url": "https://@CASE@.test/v1", "proxy": login})

    return build


FAILURES: dict[str, Build] = {
    "no HTTP": lambda text: _case(b"220 hello " + _line(text) + b"\r\n"),
    "bad status": lambda text: _case(b"HTTP/1.1 4x1 " + _line(text) + b"\r\n\r\n"),
    "bad chunk": lambda text: _case(
        b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nzz" + _line(text) + b"\r\n"
    ),
    "short body": lambda text: _case(
        b"HTTP/1.1 401 No\r\nContent-Length: 900\r\n\r\n" + _line(text), reset=True
    ),
    "torn head": lambda text: _case(b"HTTP/1.1 401 No\r\nX-Echo: " + _line(text), reset=True),
    "odd header": lambda text: _case(
        b"HTTP/1.1 401 No\r\nX\x01Y: " + _line(text) + b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "broken gzip": lambda text: _case(
        answer(b"\x1f\x8b\x08\x00" + _line(text), [("Content-Encoding", "gzip")])
    ),
    "redirect to a file": _redirect("file:///etc/@"),
    "redirect to no port": _redirect("http://127.0.0.1:1/?q=@"),
    "redirect with userinfo": _redirect("http://me:@@127.0.0.1:1/"),
    "redirect in a loop": _redirect("/@CASE@/again?q=@"),
    "redirect that is no URL": _redirect("http://[@/"),
    "proxy refuses": _proxy(
        lambda text: answer(
            f"wrong login {text}",
            [("Proxy-Authenticate", 'Basic realm="p"')],
            status="407 Proxy Authentication Required",
        )
    ),
    "proxy answers": _proxy(lambda text: answer(f"via proxy: {text}")),
    "tunnel refused": _tunnel(lambda text: answer(f"no tunnel for {text}", status="403 Forbidden")),
    "tunnel wants a login": _tunnel(
        lambda text: answer(text, [("Proxy-Authenticate", 'Basic realm="p"')], status="407 Login")
    ),
    "tunnel to no TLS": _tunnel(lambda text: b"HTTP/1.1 200 OK\r\n\r\n" + _line(text) * 3),
    "nobody there": lambda text: _case(
        b"", {"url": f"http://me:{quote(raw_bytes(text), safe='')}@127.0.0.1:1/@CASE@"}
    ),
}
