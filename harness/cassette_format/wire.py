r"""The record of the bytes as a document, `harness.wire` of a line.

Header lines stand there only where they are not `Name: value` of `headers_sent` or of the
response, as almost all are. A byte that is not UTF-8 is `\xNN`, a backslash `\\`: no file can
hold the surrogate that stands for it in memory.
"""

from __future__ import annotations

import re

from harness.cassette_format.fields import Fields
from harness.model.request import HeaderPairs, Json
from harness.model.wire import (
    BodyForm,
    RedactedMessage,
    RedactedTunnel,
    RedactedWire,
    SocksAsk,
    SocksFacts,
    TlsFacts,
    WireTimes,
)

_ESCAPED = re.compile(r"\\(?:x([89a-f][0-9a-f])|(\\))")
_UNSAFE = re.compile(r"[\\\udc80-\udcff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FORMS = {form.value: form for form in BodyForm}
_TIMES = ("dns_seconds", "connect_seconds", "tls_seconds", "first_byte_seconds", "proxy_seconds")
_TEXTS = ("version", "cipher", "alpn", "sni", "issuer", "subject")


def write_wire(wire: RedactedWire, sent: HeaderPairs, received: HeaderPairs) -> Json:
    """Return the document; `sent` and `received` stand elsewhere in the line."""
    document: dict[str, Json] = {
        "peer": wire.peer,
        "local": wire.local,
        "tries": wire.tries,
        "times": {name: getattr(wire.times, name) for name in _TIMES},
        "sent": _message(wire.sent, sent),
        "received": _message(wire.received, received),
    }
    if wire.tls is not None:
        document["tls"] = _write_tls(wire.tls)
    if wire.proxy_tls is not None:
        document["proxy_tls"] = _write_tls(wire.proxy_tls)
    if wire.socks is not None:
        document["socks"] = _write_socks(wire.socks)
    if wire.tunnel is not None:
        document["tunnel"] = {
            "sent": _message(wire.tunnel.sent, ()),
            "received": _message(wire.tunnel.received, received),
        }
    return document


def read_wire(document: Fields, sent: HeaderPairs, received: HeaderPairs) -> RedactedWire:
    """Read what `write_wire` wrote.

    Raises:
        CassetteError: it is of another form.
    """
    times, tls, tunnel = document.fields("times"), document.optional("tls"), None
    proxy_tls, socks = document.optional("proxy_tls"), document.optional("socks")
    if document.has("tunnel"):
        through = document.fields("tunnel")
        tunnel = RedactedTunnel(
            _read_message(through.fields("sent"), ()),
            _read_message(through.fields("received"), received),
        )
    return RedactedWire(
        sent=_read_message(document.fields("sent"), sent),
        received=_read_message(document.fields("received"), received),
        tunnel=tunnel,
        peer=document.text_or_none("peer"),
        local=document.text_or_none("local"),
        tls=_read_tls(tls) if tls else None,
        times=WireTimes(*times.numbers(_TIMES)),
        tries=document.integer("tries"),
        proxy_tls=_read_tls(proxy_tls) if proxy_tls else None,
        socks=_read_socks(socks) if socks else None,
    )


def _message(message: RedactedMessage, headers: HeaderPairs) -> Json:
    document: dict[str, Json] = {"total_bytes": message.total_bytes}
    if message.lines:
        document["start"] = _escaped(message.lines[0])
        if message.lines[1:] != _plain_lines(headers):
            document["lines"] = [_escaped(line) for line in message.lines[1:]]
    if message.line_end != "\r\n":
        document["line_end"] = message.line_end
    if message.interim:
        document["interim"] = [_escaped(line) for line in message.interim]
    if message.body_form is not BodyForm.NONE:
        document["body"] = message.body_form.value
    if message.body:
        document["text"] = _escaped(message.body)
    if message.chunks:
        document["chunks"] = list(message.chunks)
    return document


def _read_message(document: Fields, headers: HeaderPairs) -> RedactedMessage:
    lines: tuple[str, ...] = ()
    has = document.members
    if "start" in has:
        rest = _texts(document, "lines") if "lines" in has else _plain_lines(headers) or ()
        lines = (_unescaped(document.text("start")), *rest)
    form = _FORMS.get(document.text("body")) if "body" in has else BodyForm.NONE
    if form is None:
        raise document.fault("body", "is not a form of a body")
    return RedactedMessage(
        lines,
        document.integer("total_bytes"),
        document.text("line_end") if "line_end" in has else "\r\n",
        _texts(document, "interim") if "interim" in has else (),
        form,
        _unescaped(document.text("text")) if "text" in has else "",
        _numbers(document, "chunks") if "chunks" in has else (),
    )


def _plain_lines(headers: HeaderPairs) -> tuple[str, ...] | None:
    """Return the lines that the pairs stand for; None where the file cannot hold the pairs."""
    lines = tuple([f"{name}: {value}" for name, value in headers])  # a list is faster
    text = "".join(lines)
    return None if not text.isascii() and _SURROGATE.search(text) else lines


def _texts(document: Fields, name: str) -> tuple[str, ...]:
    items = document.document(name) or []
    if not isinstance(items, list):
        raise document.fault(name, "is not a list")
    texts = tuple([item for item in items if type(item) is str])
    if len(texts) != len(items):
        raise document.fault(name, "holds something that is not a string")
    return tuple(map(_unescaped, texts)) if "\\" in "".join(texts) else texts


def _numbers(document: Fields, name: str) -> tuple[int, ...]:
    items = document.document(name) or []
    if not isinstance(items, list):
        raise document.fault(name, "is not a list")
    numbers = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
    if len(numbers) != len(items):
        raise document.fault(name, "holds something that is not a whole number")
    return tuple(numbers)


def _write_tls(tls: TlsFacts) -> Json:
    texts: dict[str, Json] = {name: getattr(tls, name) for name in _TEXTS}
    return {**texts, "not_after_utc": tls.not_after_utc}


def _write_socks(socks: SocksFacts) -> Json:
    return {
        "asked": socks.asked.value,
        "offered": list(socks.offered),
        "method": socks.method,
        "login": socks.login,
        "reply": socks.reply,
    }


def _read_socks(document: Fields) -> SocksFacts:
    try:
        asked = SocksAsk(document.text("asked"))
    except ValueError:
        raise document.fault("asked", "is neither `name` nor `address`") from None
    numbers = (_number(document, name) for name in ("method", "login", "reply"))
    return SocksFacts(asked, _numbers(document, "offered"), *numbers)


def _number(document: Fields, name: str) -> int | None:
    return None if document.document(name) is None else document.integer(name)


def _read_tls(document: Fields) -> TlsFacts:
    version, cipher, alpn, sni, issuer, subject = document.texts_or_none(_TEXTS)
    (not_after,) = document.numbers(("not_after_utc",))
    return TlsFacts(version, cipher, alpn, sni, issuer, subject, not_after)


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda match: _escape(match[0]), text)


def _escape(char: str) -> str:
    return "\\\\" if char == "\\" else f"\\x{ord(char) - 0xDC00:02x}"


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: "\\" if match[2] else chr(0xDC00 + int(match[1], 16)), text)
