"""A request, a patch level or the level of a field axis as a patch."""

from __future__ import annotations

from harness.model.key_source import KeySource
from harness.model.request import (
    Body,
    Edit,
    FileBody,
    FormBody,
    JsonBody,
    Patch,
    Removed,
    Sign,
    TextBody,
)
from harness.scenario_file.convert.fields import (
    auto_headers_of,
    clock_of,
    edits_of,
    proxy_of,
    redirects_of,
    replacing_query,
    resolve_of,
    timeout_of,
    tls_of,
    url_of,
)
from harness.scenario_file.convert.key_sources import key_source
from harness.scenario_file.convert.signatures import sign_of
from harness.scenario_file.form.request import PatchForm, RequestForm
from harness.scenario_file.template import parse_template

_BODY_ATTRIBUTES = ("json_", "form", "body", "body_file")


def patch_of(form: RequestForm | PatchForm, query_names: tuple[str, ...]) -> Patch:
    """Return what a form says; `query: null` removes all of `query_names`."""
    given = form.model_fields_set
    is_merge = isinstance(form, PatchForm) and "json_merge" in given
    return Patch(
        method=form.method,
        url=None if form.url is None else url_of(form.url),
        query=_query(form, query_names),
        headers=edits_of(form.headers),
        headers_replace="headers" in given and not isinstance(form.headers, dict),
        body=_body(form),
        body_merge=form.json_merge if isinstance(form, PatchForm) else None,
        has_body_merge=is_merge,
        keys=_keys(form),
        sign=_sign(form),
        clock_seconds=clock_of(form.clock) if "clock" in given else None,
        proxy=proxy_of(form.proxy) if "proxy" in given else None,
        client=form.client,
        redirects=redirects_of(form.redirects) if "redirects" in given else None,
        timeout_seconds=timeout_of(form.timeout) if "timeout" in given else None,
        auto_headers=auto_headers_of(form.auto_headers) if "auto_headers" in given else None,
        http=form.http or "1.1" if "http" in given else None,
        tls=tls_of(form.tls) if "tls" in given else None,
        resolve=resolve_of(form.resolve) if "resolve" in given else None,
    )


def level_patch(form: PatchForm, query_names: tuple[str, ...]) -> Patch:
    """Return the level of a field axis: it replaces the field as a whole."""
    patch = patch_of(form, query_names)
    if "headers" in form.model_fields_set:
        return Patch(headers=patch.headers, headers_replace=True)
    if "query" in form.model_fields_set:
        return Patch(query=replacing_query(form.query, query_names))
    return patch


def _query(form: RequestForm | PatchForm, names: tuple[str, ...]) -> tuple[Edit, ...]:
    if form.query is None and "query" in form.model_fields_set:
        return replacing_query(None, names)
    return edits_of(form.query)


def _sign(form: RequestForm | PatchForm) -> Sign | Removed | None:
    if form.sign is not None:
        return sign_of(form.sign)
    return Removed.REMOVED if "sign" in form.model_fields_set else None


def _body(form: RequestForm | PatchForm) -> Body | Removed | None:
    if form.json_ is not None:
        return JsonBody(form.json_)
    if form.form is not None:
        return FormBody(tuple((name, parse_template(text)) for name, text in form.form.items()))
    if form.body is not None:
        return TextBody(parse_template(form.body))
    if form.body_file is not None:
        return FileBody(form.body_file)
    is_removed = not form.model_fields_set.isdisjoint(_BODY_ATTRIBUTES)
    return Removed.REMOVED if is_removed else None


def _keys(form: RequestForm | PatchForm) -> dict[str, KeySource]:
    keys = {f"keys.{name}": key_source(source) for name, source in form.keys.items()}
    return {"key": key_source(form.key), **keys} if form.key else keys
