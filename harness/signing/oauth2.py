"""OAuth 2.0 client credentials (RFC 6749, section 4.4): the token request and what it gives."""

from __future__ import annotations

import base64
from urllib.parse import quote_plus, urlencode, urlsplit

from harness.errors import SourceError
from harness.matrix.tls_elsewhere import tls_elsewhere
from harness.matrix.trust_table import origin_of
from harness.model.exchange import Response
from harness.model.request import RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret
from harness.model.signature import OAuth2Sign
from harness.signing.token_answer import token_document, token_values

_TOKENS = ("access_token", "refresh_token", "id_token")
_FIRST_ERROR = 300
_OK = 200


def token_request(
    sign: OAuth2Sign, like: SignedRequest, client_id: str, client_secret: Secret
) -> SignedRequest:
    """Return the request for a token; it takes the way that `like` takes, and no redirect.

    Where the token endpoint is another origin, it is shown no client certificate and no `sni`
    of the API's, as after a redirect.
    """
    is_same = origin_of(sign.token_url) == origin_of(like.url)
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
    ]
    fields = [("grant_type", "client_credentials")]
    fields += [(n, v) for n, v in (("scope", sign.scope), ("audience", sign.audience)) if v]
    if sign.in_body:
        fields += [("client_id", client_id), ("client_secret", client_secret.reveal())]
    else:
        pair = f"{_quoted(client_id)}:{_quoted(client_secret.reveal())}"
        headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    return SignedRequest(
        method="POST",
        url=sign.token_url,
        headers=tuple(headers),
        body=urlencode(fields, errors="surrogateescape").encode(),
        proxy=like.proxy,
        client=like.client,
        redirects=RedirectPolicy(follow=0),
        timeout_seconds=like.timeout_seconds,
        credential_headers=frozenset({"authorization"}),
        has_credential_body=sign.in_body,
        auto_headers=like.auto_headers,
        http=like.http,
        tls=like.tls if is_same else tls_elsewhere(like.tls, like.redirects),
        resolve=like.resolve,
    )


def has_token(status: int) -> bool:
    """Tell whether an answer of this status is one that should hold a token."""
    return _OK <= status < _FIRST_ERROR


def tokens_in(response: Response, sign: OAuth2Sign) -> dict[str, Secret]:
    """Return every token of an answer as a secret, by name, such as `oauth2.access_token`.

    Those that stand elsewhere than the RFC has them are `oauth2.token.1` and so on.
    """
    document = token_document(response.body)
    values = token_values(document)
    top = document if isinstance(document, dict) else {}
    named = {name: value for name in _TOKENS if (value := top.get(name)) in values}
    others = (value for value in values if value not in named.values())
    named |= {f"token.{number}": value for number, value in enumerate(others, 1)}
    return {
        f"oauth2.{name}": Secret(str(value), _provenance(sign)) for name, value in named.items()
    }


def access_token(response: Response, sign: OAuth2Sign) -> Secret:
    """Return the token to send.

    Raises:
        SourceError: the answer gives none, or one that is no bearer token.
    """
    token = tokens_in(response, sign).get("oauth2.access_token")
    if token is None:
        raise SourceError(
            f"no token: {_provenance(sign).place} answered {response.status} without access_token",
            hint="is `token_url` the token endpoint?",
        )
    document = token_document(response.body)
    kind = document.get("token_type", "Bearer") if isinstance(document, dict) else "Bearer"
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SourceError(
            f"no bearer token: {_provenance(sign).place} gave one of another token_type",
            hint="this version sends bearer tokens only",
        )
    return token


def _provenance(sign: OAuth2Sign) -> Provenance:
    return Provenance("oauth2 token_url", urlsplit(sign.token_url).hostname or "")


def _quoted(text: str) -> str:
    """Encode as a form field: so the RFC wants id and secret before they are Basic (2.3.1)."""
    return quote_plus(text, errors="surrogateescape")
