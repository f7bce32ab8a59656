"""Lay patches over one another until a request is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.model.key_source import KeySource
from harness.model.request import (
    AutoHeaders,
    Body,
    Direct,
    Edit,
    EnvUrl,
    Json,
    JsonBody,
    Patch,
    ProxyRoute,
    RedirectPolicy,
    Removed,
    RequestPlan,
    Resolve,
    Sign,
    SystemProxy,
    TlsSettings,
)
from harness.model.scenario import Scenario
from harness.model.template import Template
from harness.model.variant import Cell

Fields = tuple[tuple[str, Template], ...]

DEFAULT_TIMEOUT_SECONDS = 30.0


def plan_of(scenario: Scenario, cell: Cell) -> RequestPlan:
    """Return the request of one cell: the baseline, then each axis's level in axis order."""
    levels = (axis.levels[index] for axis, index in zip(scenario.axes, cell, strict=True))
    return compose([scenario.baseline, *(level.patch for level in levels)])


def compose(patches: Iterable[Patch]) -> RequestPlan:
    """Lay the patches over one another, later ones on top.

    Without a `method` the request is a POST when it has a body and a GET when it has none.
    """
    draft = _Draft()
    for patch in patches:
        draft.lay(patch)
    return draft.finish()


@dataclass
class _Draft:
    """The request while patches are being laid on it."""

    method: str | None = None
    url: Template | EnvUrl = Template(())
    query: Fields = ()
    headers: Fields = ()
    body: Body | None = None
    keys: dict[str, KeySource] = field(default_factory=dict)
    sign: Sign | None = None
    clock_seconds: float = 0.0
    proxy: ProxyRoute | SystemProxy | None = None
    client: str = "aiohttp"
    redirects: RedirectPolicy = RedirectPolicy()
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    auto_headers: AutoHeaders = AutoHeaders.CLIENT
    http: str = "1.1"
    tls: TlsSettings = TlsSettings()
    resolve: Resolve = ()

    def lay(self, patch: Patch) -> None:
        self.method = patch.method or self.method
        self.url = patch.url or self.url
        self.query = _merge(self.query, patch.query, replace=False)
        self.headers = _merge(self.headers, patch.headers, replace=patch.headers_replace)
        self._lay_body(patch)
        self.keys.update(patch.keys)
        if patch.sign is not None:
            self.sign = None if isinstance(patch.sign, Removed) else patch.sign
        if patch.proxy is not None:
            self.proxy = None if isinstance(patch.proxy, Direct) else patch.proxy
        if patch.clock_seconds is not None:
            self.clock_seconds = patch.clock_seconds
        self.client = patch.client or self.client
        self.redirects = patch.redirects or self.redirects
        if patch.timeout_seconds is not None:
            self.timeout_seconds = patch.timeout_seconds
        self._lay_connection(patch)

    def _lay_connection(self, patch: Patch) -> None:
        self.auto_headers = patch.auto_headers or self.auto_headers
        self.http = patch.http or self.http
        if patch.tls is not None:
            self.tls = patch.tls
        if patch.resolve is not None:
            self.resolve = patch.resolve

    def _lay_body(self, patch: Patch) -> None:
        if patch.body is not None:
            self.body = None if isinstance(patch.body, Removed) else patch.body
        if patch.has_body_merge:
            document = self.body.document if isinstance(self.body, JsonBody) else None
            self.body = JsonBody(merge_patch(document, patch.body_merge))

    def finish(self) -> RequestPlan:
        return RequestPlan(
            method=self.method or ("GET" if self.body is None else "POST"),
            url=self.url,
            query=self.query,
            headers=self.headers,
            body=self.body,
            keys=dict(self.keys),
            sign=self.sign,
            clock_seconds=self.clock_seconds,
            proxy=self.proxy,
            client=self.client,
            redirects=self.redirects,
            timeout_seconds=self.timeout_seconds,
            auto_headers=self.auto_headers,
            http=self.http,
            tls=self.tls,
            resolve=self.resolve,
        )


def merge_patch(target: Json, patch: Json) -> Json:
    """Apply a JSON merge patch (RFC 7396, section 2) without changing either argument."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _merge(fields: Fields, edits: tuple[Edit, ...], *, replace: bool) -> Fields:
    """Merge by name without regard to case; a replaced field keeps its place."""
    if replace:
        return tuple((edit.name, edit.value) for edit in edits if edit.value is not None)
    for edit in edits:
        fields = _merge_one(fields, edit)
    return fields


def _merge_one(fields: Fields, edit: Edit) -> Fields:
    wanted = edit.name.lower()
    merged: list[tuple[str, Template]] = []
    placed = edit.value is None
    for name, value in fields:
        if name.lower() != wanted:
            merged.append((name, value))
        elif not placed and edit.value is not None:
            merged.append((edit.name, edit.value))
            placed = True
    if not placed and edit.value is not None:
        merged.append((edit.name, edit.value))
    return tuple(merged)
