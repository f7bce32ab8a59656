from __future__ import annotations

import pytest

from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SecretRegistry())


def test_headers_queries_and_forms_of_a_document_are_decided_by_name(redactor: Redactor) -> None:
    document = {
        "headers": {"X-Zzz": "odd words", "Accept": "*/*", "X-Many": ["odd words", None]},
        "query": {"zzz": "odd words", "page": "2"},
        "form": {"zzz": "other", "model": "m"},
        "url": "https://h.test/p?zzz=other",
    }
    assert redactor.document(document) == {
        "headers": {
            "X-Zzz": "RDX~s1.L8-11.Cascii.wmsp1~",
            "Accept": "*/*",
            "X-Many": ["RDX~s1.L8-11.Cascii.wmsp1~", None],
        },
        "query": {"zzz": "RDX~s1.L8-11.Cascii.wmsp1~", "page": "2"},
        "form": {"zzz": "RDX~s2.L4-7.Cb62~", "model": "m"},
        "url": "https://h.test/p?zzz=RDX~s2.L4-7.Cb62~",
    }


def test_headers_may_be_pairs(redactor: Redactor) -> None:
    document = {"headers": [["X-Zzz", "odd"], ["Accept", "*/*"], ["more", 1]], "query": None}
    assert redactor.document(document) == {
        "headers": [["X-Zzz", "RDX~s1.L1-3.Cb62~"], ["Accept", "*/*"], ["more", 1]],
        "query": None,
    }


def test_a_reference_to_a_key_stays(redactor: Redactor) -> None:
    document = {
        "headers": {"Authorization": "Bearer ${key}", "X-Zzz": "${keys.one|base64}odd"},
        "url": "https://h.test/bot${key}/x?zzz=${key|urlencode}",
        "json": {"a": "with ${key}"},
    }
    shown = redactor.document(document)
    assert shown == {
        **document,
        "headers": {
            "Authorization": "Bearer ${key}",
            "X-Zzz": "${keys.one|base64}RDX~s1.L1-3.Cb62~",
        },
    }


def test_a_doubled_dollar_is_one_in_the_value_that_is_sent(redactor: Redactor) -> None:
    value = "Zx9$Kq2!Rm7Lw4"
    redactor.document({"headers": {"Cookie": f"sid={value}"}})
    shown = redactor.document({"body": f"cost 5$$, key {value.replace('$', '$$')}"})
    assert shown == {"body": "cost 5$$, key RDX~s1.cookie.L14.Cascii~"}


def test_headers_of_another_form_are_looked_through(redactor: Redactor) -> None:
    assert redactor.document({"headers": "some words"}) == {"headers": "some words"}
