"""Ids of one run are told from those of another, wherever they stand."""

from __future__ import annotations

import json

from redaction.samples import deepseek_body, exchange, made_up

from harness.cassette_format.line import decode_line, encode_line
from harness.errors import Place
from harness.model.exchange import TokenFacts
from harness.model.outcome import Outcome
from harness.redaction.placeholder import is_secret_id, parse_placeholder
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.run_ids import in_run

HERE = Place("x", 1, 1)


def test_the_first_run_keeps_its_ids() -> None:
    redactor = Redactor(SecretRegistry())
    made = redactor.redact(exchange(made_up(1)))
    assert redactor.in_run(made, 1) is made


def test_every_placeholder_of_an_exchange_is_the_runs() -> None:
    redactor = Redactor(SecretRegistry())
    key = made_up(1)
    made = redactor.redact(exchange(key, response_body=deepseek_body(key[-4:])))
    line = encode_line(redactor.in_run(made, 12), Outcome.DENIED)
    assert "RDX~s" not in line
    assert json.loads(line[2:])["harness"]["secret_ids"] == {"key": "r12.s1"}
    again = decode_line(line, HERE).exchange
    assert Redactor(SecretRegistry("x")).readmit(again) == redactor.in_run(made, 12)
    assert redactor.in_run(redactor.in_run(made, 12), 13) == redactor.in_run(made, 12)


def test_ids_of_tokens_are_ids_and_their_claims_are_not() -> None:
    facts = TokenFacts("s3", claims={"iss": "s3", "aud": ["RDX~s4.t4~", 7, None]})
    assert in_run(facts, 2) == TokenFacts(
        "r2.s3", claims={"iss": "s3", "aud": ["RDX~r2.s4.t4~", 7, None]}
    )


def test_the_grammar_knows_runs() -> None:
    for text, found in {
        "RDX~r2.s1.sk.L35.Chex~": "r2.s1",
        "RDX~r40000.x1~": "r40000.x1",
        "RDX~r0.s1~": None,
        "RDX~r2.none~": None,
        "RDX~r2~": None,
    }.items():
        label = parse_placeholder(text)
        assert (label.id if label else None) == found
        assert label is None or str(label) == text
    assert [one for one in ("s1", "r2.s1", "x9", "none", "r2.", "s1 ") if is_secret_id(one)] == [
        "s1",
        "r2.s1",
        "x9",
    ]
