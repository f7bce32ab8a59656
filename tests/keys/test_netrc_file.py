"""A netrc file, read as the clients read it."""

import pytest
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.netrc_file import find_netrc_entry
from harness.keys.notes import notes_of
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import NetrcSource

KEY = made_key("netrc")
HOST = "api.example.com"


@pytest.fixture
def netrc(tmp_path):
    def write(text: str, name: str = ".netrc", mode: int = 0o600) -> dict[str, str]:
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        return {"HOME": str(tmp_path)}

    return write


def failure(source: NetrcSource, environ: dict[str, str]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        find_netrc_entry(source, environ)
    return caught.value


def test_the_password_of_the_host_is_the_key(netrc, tmp_path):
    environ = netrc(f"machine other login a password b\nmachine {HOST} login me password {KEY}\n")
    secret = SystemKeyReader(environ, tmp_path).read(NetrcSource(HOST))
    assert secret.reveal() == KEY
    assert str(secret.provenance) == f"netrc ~/.netrc machine {HOST}"
    assert find_netrc_entry(NetrcSource(HOST, "me"), environ).login == "me"


def test_the_variable_netrc_names_the_file(netrc, tmp_path):
    netrc(f"machine {HOST} login me password {KEY}\n", "elsewhere")
    path = str(tmp_path / "elsewhere")
    secret = find_netrc_entry(NetrcSource(HOST), {"NETRC": path}).secret
    assert secret.reveal() == KEY
    assert secret.provenance.place == f"{path} machine {HOST}"


def test_the_other_usual_name_is_read_too(netrc):
    environ = netrc(f"machine {HOST} login me password {KEY}\n", "_netrc")
    assert find_netrc_entry(NetrcSource(HOST), environ).secret.provenance.place.startswith("~/_")


def test_the_default_entry_is_told(netrc, tmp_path):
    environ = netrc(f"default login me password {KEY}\n")
    found = find_netrc_entry(NetrcSource(HOST), environ)
    assert (found.is_default, found.loose_mode) == (True, "")
    assert found.secret.provenance.place == "~/.netrc default"
    notes = notes_of(NetrcSource(HOST), found.secret, environ, tmp_path)
    assert f"{HOST} has no entry of its own: `default` answers for every host" in notes


def test_a_file_that_others_may_read_is_told_and_read(netrc, tmp_path):
    environ = netrc(f"machine {HOST} login me password {KEY}\n", mode=0o644)
    found = find_netrc_entry(NetrcSource(HOST), environ)
    assert found.loose_mode == "0644"
    notes = notes_of(NetrcSource(HOST), found.secret, environ, tmp_path)
    assert "others on this machine may read the file (mode 0644)" in notes


def test_an_entry_of_another_login_is_no_match(netrc):
    environ = netrc(f"machine {HOST} login you password {KEY}\n")
    error = failure(NetrcSource(HOST, "me"), environ)
    assert error.message == f"the entry of ~/.netrc for {HOST} has another login than me"


def test_what_is_wrong_is_named(netrc, tmp_path):
    assert failure(NetrcSource(HOST), {}).message == "there is no HOME to find a netrc file in"
    assert failure(NetrcSource(HOST), {"HOME": str(tmp_path)}).message == "there is no ~/.netrc"
    gone = str(tmp_path / "gone")
    assert failure(NetrcSource(HOST), {"NETRC": gone}).message == (
        f"cannot read {gone}: No such file or directory"
    )
    environ = netrc("machine other login a password b\n")
    assert failure(NetrcSource(HOST), environ).message == f"~/.netrc has no entry for {HOST}"


def test_a_file_that_cannot_be_parsed_names_the_line_and_no_word_of_it(netrc):
    environ = netrc(f"machine {HOST}\n  login me\n  secret {KEY}\n")
    error = failure(NetrcSource(HOST), environ)
    assert error.message.startswith("~/.netrc:3 cannot be parsed")
    assert KEY not in error.message + error.hint


def test_a_file_that_is_not_text_is_named(netrc, tmp_path):
    environ = netrc("")
    (tmp_path / ".netrc").write_bytes(b"machine \xff\xfe login a password \xff\n" * 3)
    message = failure(NetrcSource("x"), environ).message
    assert message in {"~/.netrc is not text", "~/.netrc has no entry for x"}


def test_a_file_that_is_gone_has_nothing_to_say(netrc, tmp_path):
    secret = find_netrc_entry(NetrcSource(HOST), netrc(f"machine {HOST} password {KEY}")).secret
    assert notes_of(NetrcSource(HOST), secret, {}, tmp_path) == ()
