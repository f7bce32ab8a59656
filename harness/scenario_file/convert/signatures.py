"""Signatures."""

from __future__ import annotations

from harness.model.key_source import KeySource
from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    Sign,
)
from harness.model.signature import (
    ComputedSign,
    DigestSign,
    HmacSign,
    HttpSignature,
    OAuth2Sign,
    SigV4Sign,
    SteppedSign,
    Tc3Sign,
)
from harness.scenario_file.convert.fields import seconds
from harness.scenario_file.convert.key_sources import key_source, optional_source, text_or_source
from harness.scenario_file.form.key_source import KeySourceForm
from harness.scenario_file.form.sign import (
    BasicSignForm,
    BearerSignForm,
    HeaderSignForm,
    JwtArguments,
    JwtSignForm,
    QuerySignForm,
    SignForm,
)
from harness.scenario_file.form.signature import (
    DigestSignForm,
    HmacArguments,
    HmacSignForm,
    HttpSignatureForm,
    OAuth2SignForm,
    SigV4SignForm,
    Tc3SignForm,
)
from harness.scenario_file.message import parse_message, parse_signature_value


def sign_of(form: SignForm) -> Sign:
    """Return a signature."""
    match form:
        case BearerSignForm():
            return BearerSign(optional_source(form.bearer.key))
        case BasicSignForm(basic=basic):
            return BasicSign(_text_or_source(basic.username), optional_source(basic.password))
        case HeaderSignForm():
            return HeaderSign(form.header.name, optional_source(form.header.key))
        case QuerySignForm():
            return QuerySign(form.query.name, optional_source(form.query.key))
        case JwtSignForm():
            return _jwt(form.jwt)
        case _:
            return _signature(form)


def _jwt(jwt: JwtArguments) -> JwtSign:
    glm_unit = "ms" if jwt.preset == "glm" and "unit" not in jwt.model_fields_set else jwt.unit
    return JwtSign(
        secret=optional_source(jwt.secret),
        algorithm=jwt.alg,
        ttl_seconds=seconds(jwt.ttl),
        claims=jwt.claims,
        headers=jwt.headers,
        unit=glm_unit,
        preset=jwt.preset or "",
        issuer=text_or_source(jwt.issuer),
    )


def _signature(
    form: HmacSignForm
    | SigV4SignForm
    | Tc3SignForm
    | HttpSignatureForm
    | OAuth2SignForm
    | DigestSignForm,
) -> ComputedSign | SteppedSign:
    match form:
        case HmacSignForm():
            return _hmac(form.hmac)
        case SigV4SignForm(sigv4=aws):
            return SigV4Sign(
                access_key=_text_or_source(aws.access_key),
                secret_key=optional_source(aws.secret_key),
                session_token=optional_source(aws.session_token),
                region=aws.region,
                service=aws.service,
                signed_headers=_tuple(aws.signed_headers),
            )
        case Tc3SignForm(tc3=tencent):
            return Tc3Sign(
                secret_id=_text_or_source(tencent.secret_id),
                secret_key=optional_source(tencent.secret_key),
                service=tencent.service,
                region=tencent.region or "",
                action=tencent.action,
                version=tencent.version,
            )
        case HttpSignatureForm(http_signature=http):
            return HttpSignature(
                key_id=_text_or_source(http.key_id),
                secret=optional_source(http.secret),
                secret_encoding=http.secret_encoding,
                algorithm=http.alg,
                components=_tuple(http.components),
                expires_seconds=None if http.expires is None else seconds(http.expires),
            )
        case OAuth2SignForm(oauth2=oauth):
            return OAuth2Sign(
                token_url=oauth.token_url,
                client_id=_text_or_source(oauth.client_id),
                client_secret=optional_source(oauth.client_secret),
                scope=oauth.scope or "",
                audience=oauth.audience or "",
                in_body=oauth.auth == "body",
                share=oauth.share,
            )
        case DigestSignForm(digest=digest):
            return DigestSign(
                username=_text_or_source(digest.username),
                password=optional_source(digest.password),
            )


def _hmac(form: HmacArguments) -> HmacSign:
    return HmacSign(
        message=parse_message(form.message),
        value=parse_signature_value(form.value),
        secret=optional_source(form.secret),
        secret_encoding=form.secret_encoding,
        algorithm=form.algorithm,
        header=form.header,
        timestamp_header=form.timestamp_header,
        timestamp_format=form.timestamp_format,
        encoding=form.encoding,
    )


def _text_or_source(form: str | KeySourceForm) -> KeySource | str:
    return form if isinstance(form, str) else key_source(form)


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
