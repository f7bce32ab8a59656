"""Ways to write the credential, and what each server was seen to answer to them.

Measured with raw bytes over a socket against nginx 1.22.1 (`map $http_authorization`, which
ignores case), express-oauth2-jwt-bearer 1.10.0 on Node 20 and httpbin 0.10.4 under gunicorn
(which does not compare the key).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Client(Enum):
    """Who can send it: aiohttp, or only a client that writes the bytes itself."""

    ANY = "any"
    RAW = "raw"


Headers = dict[str, str | None] | list[list[str]]


@dataclass(frozen=True)
class Variant:
    """Header fields as in a scenario, the three columns, the cause where it is not let in.

    `${key}` is the good key, `${keys.wrong}`, `${keys.cased}` and `${keys.short}` bad ones.
    """

    headers: Headers
    nginx: int
    express: int
    httpbin: int
    code: str = ""
    client: Client = Client.ANY

    def status(self, server: str) -> int:
        return {"nginx": self.nginx, "express": self.express, "httpbin": self.httpbin}[server]


def value(text: str) -> Headers:
    return {"Authorization": text}


def renamed(name: str, text: str) -> Headers:
    return {"Authorization": None, name: text}


GOOD = "Bearer ${key}"

VARIANTS = {
    "good": Variant({}, 200, 200, 200),
    "missing": Variant({"Authorization": None}, 401, 401, 401, "H01"),
    "wrong": Variant(value("Bearer ${keys.wrong}"), 401, 401, 200, "K21"),
    "lower-scheme": Variant(value("bearer ${key}"), 200, 200, 401, "H04"),
    "upper-scheme": Variant(value("BEARER ${key}"), 200, 200, 401, "H04"),
    "no-scheme": Variant(value("${key}"), 401, 400, 401, "H03"),
    "trailing-space": Variant(value("Bearer ${key} "), 200, 200, 200),
    "trailing-tab": Variant(value("Bearer ${key}\t"), 401, 200, 200, "H11"),
    "leading-two-spaces": Variant(value("Bearer  ${key}"), 401, 400, 200, "H04"),
    "tab-between": Variant(value("Bearer\t${key}"), 401, 400, 401, "H04"),
    "folded": Variant(value("Bearer\r\n ${key}"), 400, 400, 400, "H04", client=Client.RAW),
    "bare-lf": Variant(value("Bearer ${key}\nX-More: 1"), 200, 400, 400, "X01", client=Client.RAW),
    "nbsp-after": Variant(value("Bearer ${key}\u00a0"), 401, 200, 200, "H13"),
    "zero-width-before": Variant(value("Bearer \u200b${key}"), 401, 401, 200, "H13"),
    "bom-before": Variant(value("Bearer \ufeff${key}"), 401, 401, 200, "H13"),
    "nul-after": Variant(value("Bearer ${key}\0"), 400, 400, 400, "X01", client=Client.RAW),
    "literal-backslash-n": Variant(value("Bearer ${key}\\n"), 401, 401, 200, "X01"),
    "quoted": Variant(value('Bearer "${key}"'), 401, 401, 200, "K08"),
    "empty-key": Variant(value("Bearer "), 401, 400, 401, "H02"),
    "empty-value": Variant(value(""), 401, 400, 401, "H02"),
    "double-bearer": Variant(value("Bearer Bearer ${key}"), 401, 400, 200, "H05"),
    "not-expanded": Variant(value("Bearer $API_KEY"), 401, 401, 200, "H10"),
    "basic": Variant(value("Basic ${keys.login|base64}"), 401, 400, 401, "H04"),
    "x-api-key": Variant(renamed("X-Api-Key", "${key}"), 401, 401, 401, "H06"),
    "api-key": Variant(renamed("api-key", "${key}"), 401, 401, 401, "H06"),
    "x-goog-api-key": Variant(renamed("x-goog-api-key", "${key}"), 401, 401, 401, "H06"),
    "twice-good-bad": Variant(
        [["Authorization", GOOD], ["Authorization", "Bearer ${keys.wrong}"]], 400, 200, 200, "H08"
    ),
    "twice-bad-good": Variant(
        [["Authorization", "Bearer ${keys.wrong}"], ["Authorization", GOOD]], 400, 401, 200, "H08"
    ),
    "good-and-bad-x-api-key": Variant({"X-Api-Key": "${keys.wrong}"}, 200, 200, 200),
    "bad-and-good-x-api-key": Variant(
        {"Authorization": "Bearer ${keys.wrong}", "X-Api-Key": "${key}"}, 401, 401, 200, "H06"
    ),
    "key-in-other-case": Variant(value("Bearer ${keys.cased}"), 200, 401, 200, "K21"),
    "key-cut-short": Variant(value("Bearer ${keys.short}"), 401, 401, 200, "K21"),
    "name-in-lower-case": Variant([["authorization", GOOD]], 200, 200, 200),
    "name-with-underscore": Variant(renamed("Proxy_Authorization", GOOD), 401, 401, 401, "H06"),
    "space-before-colon": Variant(
        renamed("Authorization ", GOOD), 400, 400, 400, "H06", client=Client.RAW
    ),
}
