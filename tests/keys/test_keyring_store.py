"""The `keyring` library with stores of its own kind: a real file, none at all, locked, broken."""

import json
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, KeyringLocked
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.keyring_store import read_keyring, store_name
from harness.keys.notes import notes_of
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import KeyringSource

KEY = made_key("keyring")
SOURCE = KeyringSource("deepseek", "me")


class FileStore(KeyringBackend):
    """A store in one JSON file, for these tests."""

    priority = 0.1

    def __init__(self, path, error=None):
        super().__init__()
        self.path, self.error = path, error

    def get_password(self, service, username):
        if self.error:
            raise self.error
        entries = json.loads(self.path.read_text()) if self.path.exists() else {}
        return entries.get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self.path.write_text(json.dumps({f"{service}/{username}": password}))

    def delete_password(self, service, username):
        self.path.unlink()


@pytest.fixture
def use():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def failure() -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_keyring(SOURCE)
    return caught.value


def test_an_entry_is_read(use, tmp_path):
    use(FileStore(tmp_path / "store.json"))
    keyring.set_password("deepseek", "me", f"{KEY}\n")
    secret = SystemKeyReader({}, tmp_path).read(SOURCE)
    assert secret.reveal() == f"{KEY}\n"
    assert str(secret.provenance) == "keyring deepseek me"
    assert notes_of(SOURCE, secret, {}, tmp_path) == (f"the store is {store_name()}",)


def test_a_missing_entry_says_how_to_add_it(use):
    use(null.Keyring())
    error = failure()
    assert error.message == "the secret store has no entry deepseek for me"
    assert error.hint == "add it with: keyring set deepseek me"


def test_a_machine_without_a_store_is_told(use):
    use(fail.Keyring())
    assert failure().message == "there is no secret store that the keyring library can use"


def test_a_locked_store_is_told(use, tmp_path):
    use(FileStore(tmp_path, KeyringLocked(f"secret {KEY}")))
    assert failure().message == "the secret store is locked"


def test_the_stores_own_words_are_not_repeated(use, tmp_path):
    use(FileStore(tmp_path, KeyringError(f"secret {KEY}")))
    assert failure().message == "the secret store failed: KeyringError"


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = failure()
    assert error.message == "the keyring library is not installed"
    assert error.hint == "install it with: pip install 'flip401[keyring]'"
