"""A key in the system's secret store, read with the `keyring` library."""

from __future__ import annotations

from harness.errors import SourceError
from harness.model.key_source import KeyringSource
from harness.model.secret import Provenance, Secret


def read_keyring(source: KeyringSource) -> Secret:
    """Return the password of the entry; the store may ask the person to unlock it.

    Raises:
        SourceError: no library, no store, a store that stays locked, or no such entry.
    """
    try:
        # An extra, and heavy: it looks for stores when it is imported.
        import keyring  # noqa: PLC0415
        from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError  # noqa: PLC0415
    except ImportError:
        raise SourceError(
            "the keyring library is not installed",
            hint="install it with: pip install 'flip401[keyring]'",
        ) from None
    try:
        value = keyring.get_password(source.service, source.user)
    except NoKeyringError:
        raise SourceError(
            "there is no secret store that the keyring library can use",
            hint="a desktop session has one; elsewhere name one in PYTHON_KEYRING_BACKEND",
        ) from None
    except (KeyringLocked, InitError):
        raise SourceError(
            "the secret store is locked", hint="unlock it at the desktop, then run again"
        ) from None
    except KeyringError as error:
        # Its text comes from the store's own software and may hold what was asked for.
        raise SourceError(f"the secret store failed: {type(error).__name__}") from None
    if value is None:
        raise SourceError(
            f"the secret store has no entry {source.service} for {source.user}",
            hint=f"add it with: keyring set {source.service} {source.user}",
        )
    return Secret(value, Provenance("keyring", f"{source.service} {source.user}"))


def store_name() -> str:
    """Return which store answers, such as `SecretService Keyring`."""
    import keyring  # noqa: PLC0415 - as above

    backend = keyring.get_keyring()
    return str(getattr(backend, "name", type(backend).__name__))
