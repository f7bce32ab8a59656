"""The axes: those named after a request field, and those whose levels are patches."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from harness.scenario_file.form.connection import (
    AutoHeadersText,
    HttpVersion,
    ResolveForm,
    TlsForm,
)
from harness.scenario_file.form.key_source import KeySourceForm, Path
from harness.scenario_file.form.request import (
    Client,
    Clock,
    FormFields,
    HeadersForm,
    Method,
    PatchForm,
    QueryForm,
    Timeout,
    UrlForm,
)
from harness.scenario_file.form.route import ProxyRouteForm, RedirectsForm
from harness.scenario_file.form.sign import SignForm


class AxesForm(BaseModel):
    """What varies: each axis maps level names to values; the first is the baseline's."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[str, dict[str, PatchForm]]

    method: dict[str, Method] = {}
    url: dict[str, UrlForm] = {}
    query: dict[str, QueryForm | None] = {}
    headers: dict[str, HeadersForm | None] = {}
    json_: dict[str, JsonValue] = Field(default={}, alias="json")
    form: dict[str, FormFields | None] = {}
    body: dict[str, str | None] = {}
    body_file: dict[str, Path | None] = {}
    key: dict[str, KeySourceForm] = {}
    keys: dict[str, dict[str, KeySourceForm]] = {}
    sign: dict[str, SignForm | None] = {}
    clock: dict[str, Clock | None] = {}
    proxy: dict[str, ProxyRouteForm | None] = {}
    client: dict[str, Client] = {}
    redirects: dict[str, RedirectsForm | None] = {}
    timeout: dict[str, Timeout | None] = {}
    auto_headers: dict[str, AutoHeadersText | None] = {}
    resolve: dict[str, ResolveForm | None] = {}
    tls: dict[str, TlsForm | None] = {}
    http: dict[str, HttpVersion | None] = {}
