from __future__ import annotations

import pytest

from harness.redaction.private_names import PrivateNames, is_private_host
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber


def names(*words: str) -> PrivateNames:
    return PrivateNames(Scrubber(SecretRegistry()), words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://10.0.0.5:8000/v1", "http://RDX~s1.ip~:8000/v1"),
        ("http://gateway:8080/x", "http://RDX~s1.host~:8080/x"),
        ("http://bob@gateway/x", "http://bob@RDX~s1.host~/x"),
        ("via squid01.corp.acme.com (squid)", "via RDX~s1.host~ (squid)"),
        ("db.internal, again db.internal", "RDX~s1.host~, again RDX~s1.host~"),
        ("x.svc.cluster.local", "RDX~s1.host~"),
        ("ip-10-0-0-5 is up", "RDX~s1.host~ is up"),
        ("from 203.0.113.9", "from RDX~s1.ip~"),
        ("/192.168.1.4:80", "/RDX~s1.ip~:80"),
        ("fe80::1 and fd00::7", "RDX~s1.ip~ and RDX~s2.ip~"),
        ("mail bob@acme.com", "mail RDX~s1.user~"),
        ("cannot open /home/alice/proj/.env", "cannot open RDX~s1.dir~/.env"),
        ("/home/alice", "RDX~s1.dir~"),
        ("/Users/alice/k.txt", "RDX~s1.dir~/k.txt"),
        ("/root/.env", "RDX~s1.dir~/.env"),
        (r"C:\Users\bob\x.env", r"RDX~s1.dir~\x.env"),
        (r"C:\\Users\\bob\\x.env", r"RDX~s1.dir~\\x.env"),
        (r"\/home\/bob\/k.txt", r"RDX~s1.dir~\/k.txt"),
        ("RDX~s9.sk.L35~ at 10.1.1.1", "RDX~s9.sk.L35~ at RDX~s1.ip~"),
    ],
)
def test_a_private_name_gives_way_to_a_class(text: str, shown: str):
    assert names().text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://api.deepseek.com/v1",
        "http://127.0.0.1:3128 and [::1]:80 and localhost",
        "http://localhost:8000/home/x",
        "Chrome/120.0.0.0 Safari/537.36",
        "at 12:30:45 on 2026-11-25",
        "POST /v1/users/home HTTP/1.1",
        "1.2.3 and 1.2.3.4.5",
        "api.home.example.com",
        "Authentication Fails (governor)",
        "RDX~s1.sk.L35.Chex~",
        "",
    ],
)
def test_what_is_public_stays(text: str):
    assert names().text(text) == text


def test_equal_names_keep_an_id_and_others_get_their_own():
    found = names()
    assert found.text("10.0.0.5 10.0.0.6 10.0.0.5") == "RDX~s1.ip~ RDX~s2.ip~ RDX~s1.ip~"
    assert found.host("10.0.0.6") == "RDX~s2.ip~"


def test_in_a_text_about_files_every_absolute_folder_goes():
    assert names().file("file /acme/prod/key") == "file RDX~s1.dir~/key"
    assert names().file("dotenv .env KEY") == "dotenv .env KEY"
    assert names().file("dotenv ../conf/.env KEY") == "dotenv ../conf/.env KEY"


def test_in_a_url_paths_stay():
    assert names().network("http://db.internal/home/alice/x") == "http://RDX~s1.host~/home/alice/x"


def test_names_of_this_machine_and_of_its_user_are_words():
    told = names("mallory", "build-box-7", "root", "al")
    assert told.text("mallory on build-box-7: root al") == "RDX~s1.user~ on RDX~s2.user~: root al"
    assert told.text("mallorys") == "mallorys"


def test_a_person_has_a_class_too():
    assert names().user("alice") == "RDX~s1.user~"
    assert names().user("") == ""
    assert names().user("RDX~s3.user~") == "RDX~s3.user~"


@pytest.mark.parametrize(
    ("host", "private"),
    [
        *(("api.deepseek.com", False), ("localhost", False), ("app.localhost", False)),
        *(("127.0.0.1", False), ("[::1]", False), ("", False), ("api.example.test", False)),
        *(("gateway", True), ("10.0.0.1", True), ("[fd00::1]", True), ("x.lan", True)),
        *(("a.corp.acme.com", True), ("8.8.8.8", True), ("llm.internal.", True)),
    ],
)
def test_a_host_is_private_by_its_form(host: str, private: bool):  # noqa: FBT001
    assert is_private_host(host) is private
