"""TLS contexts as a request asks for them, one for each distinct wish."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.model.request import TlsSettings

_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_ALPN = ["http/1.1"]


class TlsFileError(OSError):
    """A file of `tls` cannot be used; the text names the field, never what the file holds."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the field, such as `ca`, and what is wrong with its file."""
        super().__init__(f"{field if '.' in field else f'tls.{field}'} {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TlsContexts:
    """Makes contexts and keeps them: loading the system's authorities takes its time.

    `trust` makes the context to start from; with it given, as in the lab, `ca` only adds.
    """

    trust: Callable[[], ssl.SSLContext] | None = None
    _made: dict[TlsSettings, ssl.SSLContext] = field(default_factory=dict)

    def context(self, settings: TlsSettings) -> ssl.SSLContext:
        """Return the context for these settings.

        Raises:
            TlsFileError: a certificate or key file cannot be used.
        """
        wanted = replace(settings, sni=None)
        if wanted not in self._made:
            self._made[wanted] = make_context(wanted, self.trust)
        return self._made[wanted]


def make_context(
    settings: TlsSettings, trust: Callable[[], ssl.SSLContext] | None = None
) -> ssl.SSLContext:
    """Make a client context.

    Raises:
        TlsFileError: a certificate or key file cannot be used.
    """
    if trust is None:
        # Without `cafile` the system's authorities are loaded too.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if settings.ca is None:
            context.load_default_certs()
    else:
        context = trust()
    context.set_alpn_protocols(_ALPN)
    if settings.ca is not None:
        _using("ca", settings.ca, lambda path: context.load_verify_locations(cafile=path))
    if settings.cert is not None:
        _using("cert", settings.cert, lambda path: _load_client(context, path, settings.key))
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    _limit_versions(context, settings)
    return context


def _using(name: str, path: str, load: Callable[[str], None]) -> None:
    try:
        load(path)
    except ssl.SSLError as error:
        raise TlsFileError(name, f"cannot be used: {_reason(error)}") from None
    except ValueError:
        raise TlsFileError(name, "cannot be used: its key is locked with a password") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise TlsFileError(name, f"cannot be read: {reason}") from None


def _load_client(context: ssl.SSLContext, cert: str, key: str | None) -> None:
    def no_password() -> str:
        raise ValueError("the key is locked with a password")

    context.load_cert_chain(cert, key, password=no_password)


def _reason(error: ssl.SSLError) -> str:
    word = (error.reason or "").lower().replace("_", " ")
    return word or "no certificate or key in it fits"


def _limit_versions(context: ssl.SSLContext, settings: TlsSettings) -> None:
    """Set both ends; a highest version below the default lowest takes the lowest along."""
    highest = _VERSIONS[settings.max] if settings.max else None
    lowest = _VERSIONS[settings.min] if settings.min else None
    if highest is not None:
        if lowest is None and highest < context.minimum_version:
            lowest = highest
        context.maximum_version = highest
    if lowest is not None:
        context.minimum_version = lowest
