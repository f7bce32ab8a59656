from __future__ import annotations

import pytest
from support.made_keys import made_key

from harness.model.secret import Provenance, Secret
from harness.redaction.registry import SecretRegistry
from harness.vcr_plugin.known_secrets import KnownSecrets

ONE, TWO = made_key("known one"), made_key("known two")


def test_a_variable_is_read_whenever_it_is_asked_for_and_remembered() -> None:
    environ: dict[str, str] = {}
    known = KnownSecrets(["A_KEY"], environ)
    assert list(known) == []
    environ["A_KEY"] = ONE
    assert [(name, secret.reveal()) for name, secret in known] == [("A_KEY", ONE)]
    environ["A_KEY"] = TWO
    assert [secret.reveal() for _, secret in known] == [ONE, TWO]
    environ["A_KEY"] = ""
    assert len(list(known)) == 2
    assert ONE not in repr(known)


def test_a_secret_is_named_by_its_place() -> None:
    given = [Secret(ONE, Provenance("vault", "pay")), Secret(TWO, Provenance("vault", ""))]
    assert [name for name, _ in KnownSecrets(given, {})] == ["pay", "vault"]


def test_equal_values_are_one_secret_of_several_names() -> None:
    known = KnownSecrets(["A_KEY", "B_KEY"], {"A_KEY": ONE, "B_KEY": ONE})
    registry = SecretRegistry(after=7)
    assert known.add_to(registry) == {"s8": frozenset({"A_KEY", "B_KEY"})}


@pytest.mark.parametrize("one", ["", "a b", "1A", made_key("bare")])
def test_what_is_no_name_is_refused(one: str) -> None:
    with pytest.raises(TypeError):
        KnownSecrets([one], {})
