"""Sign a draft in the way that the scenario says: the one place that knows every kind."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.key_source import KeySource
from harness.model.request import (
    BasicSign,
    BearerSign,
    HeaderSign,
    JwtSign,
    QuerySign,
    Sign,
)
from harness.model.secret import Secret
from harness.model.signature import (
    ComputedSign,
    DigestSign,
    HmacSign,
    HttpSignature,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)
from harness.signing.draft import Draft
from harness.signing.hmac_message import sign_hmac
from harness.signing.http_signature import sign_http_signature
from harness.signing.json_web_token import sign_jwt
from harness.signing.schemes import sign_basic, sign_bearer, sign_header, sign_query
from harness.signing.sigv4 import SigV4Keys, sign_sigv4
from harness.signing.tc3 import sign_tc3

Named = Mapping[str, Secret]
"""Secrets by the names under which the plan uses them: `key`, `sign.secret` and so on."""


def sign_draft(draft: Draft, sign: Sign | None, named: Named, now: float) -> Draft:
    """Return the draft signed; `now` has the clock's offset in it.

    `oauth2` and `digest` leave it as it is: their flow signs once it has the token or the
    challenge.

    Raises:
        SourceError: a secret does not fit the signature asked for.
    """
    match sign:
        case OAuth2Sign() | DigestSign() | None:
            return draft
        case JwtSign() | HmacSign() | SigV4Sign() | Tc3Sign() | HttpSignature():
            return _computed(draft, sign, named, now)
        case _:
            return _shown(draft, sign, named)


def secret_of(named: Named, field: str) -> Secret:
    """Return the signature's own secret, or `key` where it names none."""
    own = f"sign.{field}"
    return named[own] if own in named else named["key"]


def text_of(value: KeySource | str, named: Named, field: str) -> str:
    """Return what is written in the scenario, or what its source gave."""
    return value if isinstance(value, str) else named[f"sign.{field}"].reveal()


def _shown(
    draft: Draft, sign: BearerSign | BasicSign | HeaderSign | QuerySign, named: Named
) -> Draft:
    match sign:
        case BearerSign():
            return sign_bearer(draft, secret_of(named, "key"))
        case BasicSign(username):
            user = text_of(username, named, "username")
            return sign_basic(draft, user, secret_of(named, "password"))
        case HeaderSign(name):
            return sign_header(draft, name, secret_of(named, "key"))
        case QuerySign(name):
            return sign_query(draft, name, secret_of(named, "key"))


def _computed(draft: Draft, sign: JwtSign | ComputedSign, named: Named, now: float) -> Draft:
    match sign:
        case JwtSign(issuer=issuer):
            claimed = None if issuer is None else text_of(issuer, named, "issuer")
            return sign_jwt(draft, sign, secret_of(named, "secret"), now, claimed)
        case HmacSign():
            return sign_hmac(draft, sign, secret_of(named, "secret"), named, now)
        case SigV4Sign():
            keys = SigV4Keys(
                text_of(sign.access_key, named, "access_key"),
                secret_of(named, "secret_key"),
                named.get("sign.session_token"),
            )
            return sign_sigv4(draft, sign, keys, now)
        case Tc3Sign():
            secret_id = text_of(sign.secret_id, named, "secret_id")
            return sign_tc3(draft, sign, secret_id, secret_of(named, "secret_key"), now)
        case HttpSignature():
            key_id = text_of(sign.key_id, named, "key_id")
            return sign_http_signature(draft, sign, key_id, secret_of(named, "secret"), now)
