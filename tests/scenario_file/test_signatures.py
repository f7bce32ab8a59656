"""Every computed and stepped signature, as a file writes it and as it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_file.valid_scenarios import VALID

from harness.matrix.sign_fields import signs_time
from harness.model.key_source import EnvSource, FileSource
from harness.model.request import JwtSign, Removed
from harness.model.signature import (
    MESSAGE_FIELDS,
    DigestSign,
    HmacSign,
    HttpSignature,
    Message,
    MessageField,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)
from harness.model.template import KeyFilter, KeyReference
from harness.scenario_file.message import parse_message, parse_signature_value
from harness.scenario_file.reader import read_scenario
from harness.scenario_file.template import TemplateError

ACCESS, SECRET = EnvSource("ACCESS"), EnvSource("SECRET")
DEFAULT = Message(
    (
        *(MessageField("method"), "\n", MessageField("path"), "\n"),
        *(MessageField("timestamp"), "\n", MessageField("body_sha256")),
    )
)
ID = KeyReference("keys.id")
URL = "https://login.example.com/token"
READ = {
    "hmac": HmacSign(message=DEFAULT),
    "hmac-full": HmacSign(
        message=Message(
            (
                "${a} $",
                MessageField("method"),
                "|",
                MessageField("header.x-date"),
                "|",
                KeyReference("keys.id", KeyFilter.BASE64),
            )
        ),
        value=Message(
            ("HMAC ", ID, ":", MessageField("signature"), "@", MessageField("timestamp"))
        ),
        secret=EnvSource("H_KEY"),
        secret_encoding="base64",
        algorithm="sha512",
        header="Authorization",
        timestamp_header=None,
        timestamp_format="ms",
        encoding="base64",
    ),
    "sigv4": SigV4Sign(access_key="id", region="eu-west-1", service="s3"),
    "sigv4-full": SigV4Sign(
        access_key=ACCESS,
        secret_key=SECRET,
        session_token=EnvSource("SESSION"),
        region="r",
        service="s",
        signed_headers=("Host", "X-B"),
    ),
    "tc3": Tc3Sign(secret_id=ACCESS, service="cvm", region="r", action="A", version="v"),
    "http": HttpSignature(key_id="k"),
    "http-full": HttpSignature(
        key_id=ACCESS,
        secret=FileSource("key.pem"),
        secret_encoding="hex",
        algorithm="ed25519",
        components=("@method", "Date"),
        expires_seconds=300.0,
    ),
    "oauth2": OAuth2Sign(token_url=URL, client_id="me"),
    "oauth2-full": OAuth2Sign(
        token_url=URL,
        client_id=ACCESS,
        client_secret=SECRET,
        scope="a b",
        audience="api",
        in_body=True,
        share=True,
    ),
    "digest": DigestSign(username="me"),
    "digest-full": DigestSign(username=ACCESS, password=SECRET),
    "glm": JwtSign(unit="ms", preset="glm"),
    "glm-in-seconds": JwtSign(preset="glm"),
    "kling": JwtSign(preset="kling", issuer=ACCESS, ttl_seconds=1800.0),
    "kling-by-claim": JwtSign(preset="kling", claims={"iss": "me"}),
}
TIMELESS = {"oauth2", "oauth2-full", "digest", "digest-full"}


def levels():
    scenario = read_scenario(VALID["signatures"].encode(), "signatures.yaml")
    return {level.name: level.patch.sign for level in scenario.axis("sign").levels}


def test_every_kind_is_read_with_its_defaults():
    assert levels() == READ


@pytest.mark.parametrize("name", READ)
def test_a_kind_depends_on_the_clock_exactly_when_it_signs_a_time(name):
    assert signs_time(READ[name]) is (name not in TIMELESS)


def test_an_hmac_without_a_time_does_not_depend_on_the_clock():
    untimed = HmacSign(message=Message((MessageField("method"),)), timestamp_header=None)
    assert not signs_time(untimed)
    assert not signs_time(None)
    assert not isinstance(READ["hmac"], Removed)


@given(st.lists(st.sampled_from(("a", "$", "{", "}", "\n")), max_size=8))
def test_escaped_text_comes_back_as_it_was(pieces):
    text = "".join(pieces)
    escaped = text.replace("$", "$$")
    for parse in (parse_message, parse_signature_value):
        assert "".join(map(str, parse(escaped).parts)) == text


@given(st.text(max_size=30), st.sampled_from(MESSAGE_FIELDS))
def test_a_field_is_found_between_any_escaped_text(text, name):
    escaped = text.replace("$", "$$")
    message = parse_message(f"{escaped}${{{name}}}{escaped}")
    assert message.has_field(name)
    assert message.parts == tuple(part for part in (text, MessageField(name), text) if part)


@pytest.mark.parametrize("text", ["${signature}", "${body", "${nope}", "${}", "a ${key|x}"])
def test_what_is_no_field_says_where_it_stands(text):
    with pytest.raises(TemplateError) as caught:
        parse_message(f"${{method}} {text}")
    start = len("${method} ") + text.index("$")
    assert (caught.value.offset, caught.value.hint != "") == (start, True)
