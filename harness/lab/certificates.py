"""The lab's throw-away certificate authority and its leaves, made when first asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme

_NOBODY = frozenset({"no-such-name.invalid"})


class Certificates:
    """One authority per world; its key never leaves this process."""

    def __init__(self) -> None:
        """Make nothing yet: a world without TLS pays nothing."""
        self._contexts: dict[frozenset[str], ssl.SSLContext] = {}

    @property
    def ca_pem(self) -> bytes:
        """The authority's certificate, for clients of other kinds."""
        return self._authority.cert_pem.bytes()

    def client_context(self) -> ssl.SSLContext:
        """Return a client context that trusts this authority and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.ca_pem.decode("ascii"))
        return context

    def server_context(self, names: Iterable[str]) -> ssl.SSLContext:
        """Return a server context that shows a leaf for the name that the client asks for.

        `names` (host names, IP addresses) are on the leaf for clients that name no host, as
        TLS clients do for an IP address (RFC 6066 section 3).
        """
        try:
            return self._context(frozenset(names))
        except ValueError:
            return self._context(_NOBODY)  # no certificate can hold such a name

    def _context(self, names: frozenset[str]) -> ssl.SSLContext:
        context = self._contexts.get(names)
        if context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(*sorted(names)).configure_cert(context)
            context.set_alpn_protocols(["http/1.1"])
            context.sni_callback = self._choose_leaf
            self._contexts[names] = context
        return context

    def _choose_leaf(
        self, connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> None:
        if name is not None:
            try:
                connection.context = self._context(frozenset({name}))
            except ValueError:
                return  # no certificate can hold that name: keep the leaf for nobody

    @cached_property
    def _authority(self) -> trustme.CA:
        # Lazy: trustme loads cryptography, which a world without TLS has no need of.
        import trustme  # noqa: PLC0415

        return trustme.CA()
