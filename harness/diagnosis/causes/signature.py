"""Causes in what is signed, and at token endpoints."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

SIGNATURE_CAUSES = (
    Cause(
        code="S02",
        title="another set of headers is signed than the server wants",
        explanation="Signed with {good} the request passes, signed with {bad} it does not: the "
        "two cover different parts of it. The server said {says}.",
        fix="cover what {good} covers, and nothing that a hop on the way changes",
        source="https://github.com/awslabs/aws-sigv4-proxy/issues/45",
    ),
    Cause(
        code="S04",
        title="the signature is scoped to another region or service",
        explanation="With {bad} the key is derived for another region or service than with "
        "{good}. The server said {says}.",
        fix="sign for the region and service of {good}",
        source=MEASURED,
    ),
    Cause(
        code="T01",
        title="the token is for another audience",
        explanation="With {bad} the token endpoint was asked for another audience or scope than "
        "with {good}, and the API does not take such a token. The server said {says}.",
        fix="ask for the audience and scope of {good}",
        source="https://github.com/AzureAD/microsoft-identity-web/issues/207",
    ),
    Cause(
        code="T03",
        title="the token endpoint refuses the client",
        explanation="With {bad} there is no token: the token endpoint answered {status} and said "
        "{says}. The API itself was not asked.",
        fix="check client id and client secret ({where}) with whoever runs the token endpoint",
        source="https://www.rfc-editor.org/rfc/rfc6749#section-5.2",
    ),
)
