"""The simple ways to show a key: bearer, basic, a header, a query field."""

from __future__ import annotations

import base64
from urllib.parse import quote

from harness.model.secret import Secret
from harness.signing.draft import Draft


def sign_bearer(draft: Draft, key: Secret) -> Draft:
    """Set `Authorization: Bearer <key>` (RFC 6750, section 2.1)."""
    return draft.with_header("Authorization", f"Bearer {key.reveal()}")


def sign_basic(draft: Draft, username: str, password: Secret) -> Draft:
    """Set `Authorization: Basic …`, user name and password in UTF-8 (RFC 7617)."""
    pair = username.encode("utf-8", "surrogateescape") + b":" + password.to_bytes()
    return draft.with_header("Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}")


def sign_header(draft: Draft, name: str, key: Secret) -> Draft:
    """Set the header `name` to the key alone."""
    return draft.with_header(name, key.reveal())


def sign_query(draft: Draft, name: str, key: Secret) -> Draft:
    """Append the key, percent-encoded, as the query field `name`."""
    return draft.with_query(quote(name, safe=""), quote(key.to_bytes(), safe=""))
