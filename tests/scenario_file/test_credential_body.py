"""Which bodies carry a credential."""

import pytest
from support.made_keys import made_key

from harness.model.request import FileBody, FormBody, JsonBody, TextBody
from harness.model.template import KeyReference, Template
from harness.scenario_file.credential_body import carries_credential

KEY = Template(("a", KeyReference("key")))
MADE = made_key("body").replace("G", "7")


@pytest.mark.parametrize(
    "body",
    [
        FileBody("any"),
        TextBody(KEY),
        TextBody(Template.of(f"token {MADE}")),
        FormBody((("a", Template.of("1")), ("b", KEY))),
        FormBody((("client_secret", Template.of("x")),)),
        FormBody((("a", Template.of(MADE)),)),
        JsonBody("${key}"),
        JsonBody({"a": [1, None, {"b": "x ${keys.two|base64}"}]}),
        JsonBody({"a": {"password": "x"}}),
        JsonBody({"a": [MADE]}),
    ],
)
def test_a_key_a_files_content_and_a_literal_credential_are_carried(body):
    assert carries_credential(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        TextBody(Template.of("ping")),
        FormBody((("a", Template.of("1")),)),
        JsonBody({"model": "deepseek-chat", "max_tokens": 1, "key": None, "a": "$${key}"}),
    ],
)
def test_other_bodies_carry_none(body):
    assert not carries_credential(body)
