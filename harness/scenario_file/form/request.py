"""The fields of a request, as the baseline and the patches write them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Discriminator, Field, JsonValue, Tag

from harness.scenario_file.form.connection import (
    AutoHeadersText,
    HttpVersion,
    ResolveForm,
    TlsForm,
)
from harness.scenario_file.form.field_texts import HeaderName, UrlText
from harness.scenario_file.form.key_source import KeySourceForm, Path, VariableName
from harness.scenario_file.form.route import ProxyRouteForm, RedirectsForm
from harness.scenario_file.form.sign import SignForm
from harness.scenario_file.form.strict import LIMIT, OFFSET, WORD, Form, one_of, text_like

URL = "url-form"
"""The type of the pydantic error when a value is no URL at all."""

_METHOD = r"[A-Z][A-Z-]{0,19}"
Method = Annotated[
    str,
    text_like(
        re.compile(_METHOD).fullmatch,
        "is not an HTTP method",
        "write it in capitals, such as `GET` or `POST`",
        _METHOD,
    ),
]


class EnvUrlForm(Form):
    """A URL read from an environment variable."""

    env: VariableName
    default: UrlText | None = Field(default=None, description="When the variable is not set.")
    path: str = Field(default="", description="Appended to the URL.")


def _url_kind(value: object) -> str | None:
    if isinstance(value, dict):
        return "<mapping>"
    return "<text>" if isinstance(value, str) else None


UrlForm = Annotated[
    Annotated[UrlText, Tag("<text>")] | Annotated[EnvUrlForm, Tag("<mapping>")],
    Discriminator(_url_kind, custom_error_type=URL, custom_error_message="a URL"),
]

HeaderValue = Annotated[
    str,
    text_like(
        lambda text: not re.search("[\r\n\0]", text),
        "holds a line break, which no header can",
        "write it in one line; a key that ends in a line break comes from its source",
        r"[^\r\n]*",
    ),
]
HeaderPair = Annotated[list[str], Field(min_length=2, max_length=2)]
"""Sent as it stands, control characters and all: what a client refuses is then `not-sent`."""


def _headers_kind(value: object) -> str:
    return "<pairs>" if isinstance(value, list) else "<mapping>"


HeadersForm = Annotated[
    Annotated[dict[HeaderName, HeaderValue | None], Tag("<mapping>")]
    | Annotated[list[HeaderPair], Tag("<pairs>")],
    Discriminator(_headers_kind),
]
QueryForm = dict[Annotated[str, WORD], str | None]
FormFields = dict[Annotated[str, WORD], str]
Clock = Annotated[str, OFFSET]
Client = Annotated[
    str, one_of("aiohttp", "raw", not_yet=("curl", "requests", "httpx", "openai-python"))
]
Timeout = Annotated[str, LIMIT]


class _Fields(Form):
    method: Method | None = Field(default=None, description="Default: POST with a body, else GET.")
    url: UrlForm | None = None
    query: QueryForm | None = Field(default=None, description="Appended to the URL's own query.")
    headers: HeadersForm | None = Field(
        default=None,
        description="A mapping, or a list of pairs for order, case, duplicates and exact bytes.",
    )
    json_: JsonValue = Field(default=None, alias="json")
    form: FormFields | None = None
    body: str | None = None
    body_file: Path | None = Field(default=None, description="Relative to the scenario file.")
    key: KeySourceForm | None = Field(default=None, description="The source of `${key}`.")
    keys: dict[str, KeySourceForm] = Field(default={})
    sign: SignForm | None = None
    clock: Clock | None = Field(default=None, description="An offset for what is signed.")
    proxy: ProxyRouteForm | None = None
    client: Client | None = None
    redirects: RedirectsForm | None = None
    timeout: Timeout | None = Field(default=None, description="The limit of one attempt.")
    auto_headers: AutoHeadersText | None = Field(
        default=None,
        description="`none` sends the headers given, `Host` and a length, and nothing else.",
    )
    resolve: ResolveForm | None = Field(
        default=None, description="Addresses to connect to in place of host and port."
    )
    tls: TlsForm | None = None
    http: HttpVersion | None = Field(default=None, description="Default: `1.1`.")


class RequestForm(_Fields):
    """The baseline request: what ought to work."""

    allow_literals: bool = Field(
        default=False, description="Let credentials stand in the file (redacted all the same)."
    )


class PatchForm(_Fields):
    """What a level changes: null removes, headers and query merge by name."""

    json_merge: JsonValue = Field(
        default=None, alias="json+", description="An RFC 7396 merge patch of the JSON body."
    )
