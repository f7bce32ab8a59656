import ssl

import pytest
import trustme

from harness.model.request import TlsSettings
from harness.transport.tls_contexts import TlsContexts, TlsFileError, make_context


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    leaf = authority.issue_cert("x.test")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "both.pem"))
    (folder / "none.pem").write_text("no certificate\n")
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"made up"),
    )
    (folder / "locked.pem").write_bytes(locked)
    return folder


def test_equal_wishes_share_a_context_whatever_the_name():
    contexts = TlsContexts()
    one = contexts.context(TlsSettings(sni="a.test"))
    assert contexts.context(TlsSettings()) is one
    assert contexts.context(TlsSettings(max="1.2")) is not one


def test_the_default_checks_certificates_against_the_systems_authorities():
    context = make_context(TlsSettings())
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.cert_store_stats() == _system()


def _system():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context.cert_store_stats()


def test_own_authorities_stand_in_place_of_the_systems_and_beside_the_labs(files):
    alone = make_context(TlsSettings(ca=str(files / "ca.pem")))
    assert alone.cert_store_stats()["x509"] == 1

    def lab() -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trustme.CA().configure_trust(made)
        return made

    beside = make_context(TlsSettings(ca=str(files / "ca.pem")), lab)
    assert beside.cert_store_stats()["x509"] == 2


@pytest.mark.parametrize(
    ("settings", "lowest", "highest"),
    [
        (TlsSettings(min="1.3"), "TLSv1_3", "MAXIMUM_SUPPORTED"),
        (TlsSettings(max="1.2"), "TLSv1_2", "TLSv1_2"),
        (TlsSettings(max="1.1"), "TLSv1_1", "TLSv1_1"),
        (TlsSettings(min="1.0", max="1.3"), "TLSv1", "TLSv1_3"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_both_ends_of_the_versions_can_be_set(settings, lowest, highest):
    context = make_context(settings)
    assert context.minimum_version.name == lowest
    assert context.maximum_version.name == highest


def test_a_client_certificate_may_hold_its_key(files):
    make_context(TlsSettings(cert=str(files / "both.pem")))
    make_context(TlsSettings(cert=str(files / "cert.pem"), key=str(files / "key.pem")))


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"ca": "absent.pem"}, "ca", "cannot be read: no such file or directory"),
        ({"ca": "none.pem"}, "ca", "cannot be used: no certificate or crl found"),
        ({"cert": "absent.pem"}, "cert", "cannot be read: no such file or directory"),
        ({"cert": "cert.pem"}, "cert", "cannot be used: "),
        ({"cert": "cert.pem", "key": "absent.pem"}, "cert", "cannot be read: "),
        ({"cert": "cert.pem", "key": "locked.pem"}, "cert", "cannot be used: its key is locked"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_by_its_field(files, fields, field, reason):
    paths = {name: str(files / path) for name, path in fields.items()}
    with pytest.raises(TlsFileError) as caught:
        make_context(TlsSettings(**paths))
    assert caught.value.field == field
    assert caught.value.reason.startswith(reason)
    assert str(caught.value) == f"tls.{field} {caught.value.reason}"
