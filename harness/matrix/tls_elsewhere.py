"""What of a request's TLS settings goes along to another origin."""

from __future__ import annotations

from dataclasses import replace

from harness.model.request import Credentials, RedirectPolicy, TlsSettings


def tls_elsewhere(tls: TlsSettings, redirects: RedirectPolicy) -> TlsSettings:
    """Return the settings without what belongs to the request's own origin.

    That is the name asked for, and a client certificate, a credential, unless the scenario says
    `credentials: always`.
    """
    nameless = replace(tls, sni=None)
    if redirects.credentials is Credentials.ALWAYS:
        return nameless
    return replace(nameless, cert=None, key=None)
