from __future__ import annotations

import copy
from types import SimpleNamespace

from harness.redaction.placeholder import parse_placeholder
from harness.vcr_plugin.identity import Mark, Session, same_form


def test_a_secret_is_taken_for_one_and_no_other() -> None:
    session, one, two = Session(), object(), object()
    assert session.bind({"x1": "s1"}, one)
    assert session.bind({"x1": "s1"}, two)
    assert not session.bind({"x2": "s1"}, two)
    assert not session.bind({"x1": "s2"}, two)
    assert session.bind({"x2": "s2"}, two)


def test_two_secrets_are_never_one() -> None:
    assert not Session().bind({"x1": "s1", "x2": "s1"}, object())


def test_the_same_request_may_be_taken_for_another_in_its_search() -> None:
    session, one, two = Session(), object(), object()
    assert session.bind({"x1": "s1"}, one)
    assert session.bind({"x1": "s2"}, one)
    assert session.bind({"x2": "s1"}, two)
    assert not session.bind({"x1": "s1"}, one)


def test_a_refused_pair_changes_nothing() -> None:
    session, one, two = Session(), object(), object()
    assert session.bind({"x1": "s1"}, one)
    assert not session.bind({"x3": "s3", "x2": "s1"}, two)
    assert session.bind({"x4": "s3"}, two)


def test_the_cassette_names_its_secrets() -> None:
    session = Session()
    session.learn({"A_KEY": "s1", "B_KEY": "s1"})
    session.learn({"A_KEY": "s4"})
    assert session.names("s1") == {"A_KEY", "B_KEY"}
    assert session.names("s2") == frozenset()
    assert session.knows(["A_KEY"])
    assert not session.knows(["C_KEY"])


def test_a_mark_stays_on_copies_and_is_one() -> None:
    request = SimpleNamespace()
    assert Mark.on(request) is None
    assert Mark.ids_of(request) == {}
    mark = Mark(Session(), {"A_KEY": "s1"})
    mark.put_on(request)
    assert Mark.on(copy.deepcopy(request)) is mark
    assert Mark.ids_of(request) == {"A_KEY": "s1"}


def test_a_form_is_all_but_the_id() -> None:
    def read(text: str) -> object:
        return parse_placeholder(text)

    assert same_form(read("RDX~x9.sk.L35.Chex~"), read("RDX~s1.sk.L35.Chex~"))  # type: ignore[arg-type]
    assert not same_form(read("RDX~s1.sk.L36.Chex~"), read("RDX~s1.sk.L35.Chex~"))  # type: ignore[arg-type]
