"""How a request is signed, as the file writes it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator

from harness.model.jwt_algorithms import JWT_ALGORITHMS
from harness.scenario_file.form.key_source import KeySourceForm, TextOrSource
from harness.scenario_file.form.signature import (
    DigestSignForm,
    HmacSignForm,
    HttpSignatureForm,
    OAuth2SignForm,
    SigV4SignForm,
    Tc3SignForm,
)
from harness.scenario_file.form.strict import LIMIT, WORD, Form, one_of, refuse

SIGN_KINDS = (
    *("bearer", "basic", "header", "query", "jwt"),
    *("hmac", "sigv4", "tc3", "http-signature", "oauth2", "digest"),
)
SIGN = "sign-kind"
"""The type of the pydantic error when a value names no kind of signature."""


class BearerArguments(Form):
    """`Authorization: Bearer <key>`."""

    key: KeySourceForm | None = Field(default=None, description="Default: `key`.")


class BasicArguments(Form):
    """`Authorization: Basic …` (RFC 7617)."""

    username: TextOrSource
    password: KeySourceForm | None = Field(default=None, description="Default: `key`.")


class NamedArguments(Form):
    """The key alone in a header or a query field."""

    name: Annotated[str, WORD] = Field(description="The name of the header or the query field.")
    key: KeySourceForm | None = Field(default=None, description="Default: `key`.")


class JwtArguments(Form):
    """A JSON Web Token (RFC 7519) as Bearer; its times follow `clock`."""

    secret: KeySourceForm | None = Field(default=None, description="Default: `key`.")
    alg: Annotated[str, one_of(*JWT_ALGORITHMS)] = Field(
        default="HS256", description="All but HS… are signed with a private key in PEM."
    )
    ttl: Annotated[str, LIMIT] = Field(default="5m", description="How long it is valid.")
    claims: dict[str, JsonValue] = Field(default={})
    headers: dict[str, JsonValue] = Field(default={})
    unit: Annotated[str, one_of("s", "ms")] = Field(
        default="s", description="Of the times; `ms` is the default of `preset: glm`."
    )
    preset: Annotated[str, one_of("glm", "kling")] | None = Field(
        default=None, description="Whose habits: header and claims as that API wants them."
    )
    issuer: TextOrSource | None = Field(
        default=None, description="The claim `iss`; for `kling` the access key."
    )

    @model_validator(mode="after")
    def _kling_names_its_issuer(self) -> Self:
        if self.preset == "kling" and self.issuer is None and "iss" not in self.claims:
            raise refuse("is of preset `kling` and names no `issuer`", "`issuer` is the access key")
        return self


class BearerSignForm(Form):
    """Sign with a bearer token."""

    bearer: BearerArguments


class BasicSignForm(Form):
    """Sign with a user name and a password."""

    basic: BasicArguments


class HeaderSignForm(Form):
    """Sign with the key in a header."""

    header: NamedArguments


class QuerySignForm(Form):
    """Sign with the key in the query."""

    query: NamedArguments


class JwtSignForm(Form):
    """Sign with a JSON Web Token."""

    jwt: JwtArguments


def _kind(value: object) -> str | None:
    names = value if isinstance(value, dict) else ()
    return next((f"<{name}>" for name in names if name in SIGN_KINDS), None)


SignForm = Annotated[
    Annotated[BearerSignForm, Tag("<bearer>")]
    | Annotated[BasicSignForm, Tag("<basic>")]
    | Annotated[HeaderSignForm, Tag("<header>")]
    | Annotated[QuerySignForm, Tag("<query>")]
    | Annotated[JwtSignForm, Tag("<jwt>")]
    | Annotated[HmacSignForm, Tag("<hmac>")]
    | Annotated[SigV4SignForm, Tag("<sigv4>")]
    | Annotated[Tc3SignForm, Tag("<tc3>")]
    | Annotated[HttpSignatureForm, Tag("<http-signature>")]
    | Annotated[OAuth2SignForm, Tag("<oauth2>")]
    | Annotated[DigestSignForm, Tag("<digest>")],
    Discriminator(_kind, custom_error_type=SIGN, custom_error_message="a signature"),
]
