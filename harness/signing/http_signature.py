"""HTTP message signatures (RFC 9421): `Signature-Input` and `Signature`.

Covered are header fields and the derived components of a request, without parameters on a
component. The PyPI package for this wants a request object of its own and a key resolver; the
part that is needed here is smaller than the adapter would be.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from email.utils import formatdate

from harness.errors import SourceError
from harness.model.secret import Secret
from harness.model.signature import HttpSignature
from harness.signing.draft import Draft
from harness.signing.http_signature_keys import signature_of
from harness.signing.target import Target, target_of

LABEL = "sig1"
_USUAL = ("@method", "@authority", "@path", "@query")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Covered:
    """What a signature covers and says of itself: RFC 9421, section 2.3, in our order."""

    components: tuple[str, ...]
    created: int
    expires: int | None = None
    key_id: str
    algorithm: str | None = None

    def __repr__(self) -> str:
        """Name what is covered only: the key's id may come from a source."""
        return f"<Covered {self.components}>"

    def __str__(self) -> str:
        """Render as the value of `@signature-params`."""
        names = " ".join(f'"{name}"' for name in self.components)
        expires = "" if self.expires is None else f";expires={self.expires}"
        algorithm = "" if self.algorithm is None else f';alg="{self.algorithm}"'
        key_id = self.key_id.replace("\\", "\\\\").replace('"', '\\"')
        return f'({names});created={self.created}{expires};keyid="{key_id}"{algorithm}'


def sign_http_signature(
    draft: Draft, sign: HttpSignature, key_id: str, secret: Secret, now: float
) -> Draft:
    """Set both headers; `Date` and `Content-Digest` are added where covered and missing.

    Raises:
        SourceError: a covered header is not in the request, or the secret is no such key.
    """
    usual = _USUAL if draft.body is None else (*_USUAL, "content-digest")
    components = tuple(name.lower() for name in sign.components or usual)
    created = int(now)
    lives = sign.expires_seconds
    covered = Covered(
        components=components,
        created=created,
        expires=None if lives is None else int(now + lives),
        key_id=key_id,
        algorithm=sign.algorithm,
    )
    draft = _completed(draft, components, created)
    base = signature_base(draft, covered).encode("utf-8", "surrogateescape")
    signature = signature_of(base, sign.algorithm, secret, sign.secret_encoding)
    draft = draft.with_header("Signature-Input", f"{LABEL}={covered}")
    return draft.with_header("Signature", f"{LABEL}=:{base64.b64encode(signature).decode()}:")


def signature_base(draft: Draft, covered: Covered) -> str:
    """Return the text that is signed (section 2.5).

    Raises:
        SourceError: a covered header is not in the request.
    """
    target = target_of(draft)
    lines = [f'"{name}": {_value(draft, target, name)}' for name in covered.components]
    return "\n".join((*lines, f'"@signature-params": {covered}'))


def _completed(draft: Draft, components: tuple[str, ...], created: int) -> Draft:
    if "date" in components and draft.header("Date") is None:
        draft = draft.with_plain_header("Date", formatdate(created, usegmt=True))
    if "content-digest" in components and draft.header("Content-Digest") is None:
        digest = base64.b64encode(hashlib.sha256(draft.body or b"").digest()).decode()
        draft = draft.with_plain_header("Content-Digest", f"sha-256=:{digest}:")
    return draft


def _value(draft: Draft, target: Target, name: str) -> str:
    derived = {
        "@method": draft.method,
        "@target-uri": draft.url.partition("#")[0],
        "@authority": target.authority.lower(),
        "@scheme": target.scheme,
        "@request-target": target.request_target,
        "@path": target.path,
        "@query": f"?{target.query or ''}",
    }
    value = target.authority if name == "host" else derived.get(name, draft.header(name))
    if value is None:
        raise SourceError(
            f"cannot sign: the request has no header `{name}`, which `components` covers",
            hint="add the header, or take it out of `components`",
        )
    return value
