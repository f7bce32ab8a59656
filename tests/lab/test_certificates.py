from __future__ import annotations

import ssl

import pytest

from harness.lab.certificates import Certificates


def shown_names(certificates: Certificates, asked: str | None, *held: str) -> set[str]:
    """Shake hands in memory and return the names on the leaf, verified by the authority."""
    client_context = certificates.client_context()
    client_context.check_hostname = False
    client_in, client_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(client_in, client_out, server_hostname=asked)
    server = certificates.server_context(held).wrap_bio(client_out, client_in, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    certificate = client.getpeercert()
    assert certificate is not None
    return {str(value) for _, value in certificate["subjectAltName"]}


def test_the_leaf_is_for_the_host_that_the_client_names() -> None:
    certificates = Certificates()
    assert shown_names(certificates, "api.deepseek.com", "localhost") == {"api.deepseek.com"}
    assert shown_names(certificates, "other.example", "localhost") == {"other.example"}


@pytest.mark.parametrize("asked", [None, "10.1.2.3"])
def test_who_names_no_host_gets_the_leaf_for_all_addresses(asked: str | None) -> None:
    held = ("localhost", "10.1.2.3")
    assert shown_names(Certificates(), asked, *held) == {"localhost", "10.1.2.3"}


def test_a_name_that_no_certificate_can_hold_gets_the_leaf_at_hand() -> None:
    assert shown_names(Certificates(), "under_score.example", "localhost") == {"localhost"}
    assert shown_names(Certificates(), None, "a b") == {"no-such-name.invalid"}


def test_leaves_are_made_once() -> None:
    certificates = Certificates()
    first = certificates.server_context(["a.example", "b.example"])
    assert certificates.server_context(["b.example", "a.example"]) is first


def test_a_client_context_trusts_this_authority_and_no_other() -> None:
    mine, other = Certificates(), Certificates()
    assert len(mine.client_context().get_ca_certs()) == 1
    assert mine.ca_pem != other.ca_pem
    assert b"PRIVATE" not in mine.ca_pem
