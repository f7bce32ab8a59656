from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.errors import SourceError, UsageError
from harness.lab.keys import LabKeys
from harness.model.key_source import (
    CanarySource,
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    KeySource,
    LiteralSource,
)
from harness.model.scenario import LabKey, LabKeyKind, LabProvider, LabSettings
from harness.model.secret import Provenance, Secret

SHELL = EnvSource("DEEPSEEK_API_KEY")
DOTENV = DotenvSource(".env", "DEEPSEEK_API_KEY")
SOURCES: Mapping[str, KeySource] = {"shell": SHELL, "dotenv": DOTENV}


def keys(
    entries: Mapping[str, LabKey] | None = None,
    *,
    sources: Mapping[str, KeySource] = SOURCES,
    seed: int | None = 1,
    provider: LabProvider = LabProvider.DEEPSEEK,
) -> LabKeys:
    return LabKeys(LabSettings(provider=provider, keys=entries or {}), sources, seed)


def value(lab: LabKeys, source: KeySource) -> str:
    return lab.read(source).reveal()


def test_a_source_without_an_entry_has_a_valid_key_of_its_own() -> None:
    lab = keys()
    other = CommandSource(("pass", "show", "deepseek"))
    values = {value(lab, SHELL), value(lab, DOTENV), value(lab, other)}
    assert len(values) == 3
    assert {lab.standing(key) for key in values} == {LabKeyKind.GOOD}


def test_the_same_source_has_the_same_value() -> None:
    lab = keys({"shell": LabKey(LabKeyKind.UNKNOWN)}, sources={"shell": SHELL, "again": SHELL})
    assert value(lab, SHELL) == value(lab, EnvSource("DEEPSEEK_API_KEY"))
    assert lab.standing(value(lab, SHELL)) is LabKeyKind.UNKNOWN


def test_a_key_looks_like_one_of_deepseek() -> None:
    key = value(keys(), SHELL)
    prefix, _, digits = key.partition("-")
    assert (prefix, len(digits), set(digits) <= set("0123456789abcdef")) == ("sk", 32, True)


def test_a_jwt_secret_is_long_enough_for_hs256() -> None:
    assert len(keys(provider=LabProvider.JWT).read(SHELL).to_bytes()) >= 32


def test_a_seed_gives_the_same_keys_in_any_order() -> None:
    first, second = keys(), keys()
    ahead = value(second, DOTENV)
    assert value(first, SHELL) == value(second, SHELL)
    assert value(first, DOTENV) == ahead


def test_without_a_seed_keys_are_new_each_time() -> None:
    assert value(keys(seed=None), SHELL) != value(keys(seed=None), SHELL)


@pytest.mark.parametrize(
    "kind",
    [
        LabKeyKind.GOOD,
        LabKeyKind.REVOKED,
        LabKeyKind.NO_BALANCE,
        LabKeyKind.RATE_LIMITED,
        LabKeyKind.FORBIDDEN,
    ],
)
def test_the_servers_know_what_became_of_a_key(kind: LabKeyKind) -> None:
    lab = keys({"shell": LabKey(kind)})
    key = value(lab, SHELL)
    assert lab.standing(key) is kind
    assert (key, kind) in lab.registered()


def test_an_unknown_key_is_well_formed_and_known_to_no_server() -> None:
    lab = keys({"shell": LabKey(LabKeyKind.UNKNOWN)})
    key = value(lab, SHELL)
    assert len(key) == 35
    assert lab.standing(key) is LabKeyKind.UNKNOWN
    assert key not in dict(lab.registered())


def test_a_missing_source_says_so_and_how_it_comes() -> None:
    lab = keys({"shell": LabKey(LabKeyKind.MISSING)})
    with pytest.raises(SourceError, match="env DEEPSEEK_API_KEY: no value in the lab") as caught:
        lab.read(SHELL)
    assert "lab.keys" in caught.value.hint


def test_an_empty_source_gives_an_empty_value() -> None:
    assert value(keys({"shell": LabKey(LabKeyKind.EMPTY)}), SHELL) == ""


def test_a_suffix_goes_behind_a_good_key_and_spoils_it() -> None:
    spoiled = keys({"shell": LabKey(prefix="x", suffix='"')})
    good = value(keys(), SHELL)
    assert value(spoiled, SHELL) == f'x{good}"'
    assert spoiled.standing(f'x{good}"') is LabKeyKind.UNKNOWN
    assert spoiled.standing(good) is LabKeyKind.GOOD


def test_a_text_wins_over_the_kind() -> None:
    lab = keys({"shell": LabKey(LabKeyKind.GOOD, text="undefined", suffix="\n")})
    assert value(lab, SHELL) == "undefined\n"
    assert lab.standing("undefined") is LabKeyKind.UNKNOWN


def test_same_as_takes_the_value_of_another_entry_and_adds_its_own_edges() -> None:
    lab = keys({"shell": LabKey(suffix="1"), "dotenv": LabKey(same_as="shell", suffix="2")})
    assert value(lab, DOTENV) == value(lab, SHELL) + "2"


def test_same_as_may_name_a_source_without_an_entry() -> None:
    lab = keys({"dotenv": LabKey(same_as="shell")})
    assert value(lab, DOTENV) == value(lab, SHELL)
    assert lab.standing(value(lab, DOTENV)) is LabKeyKind.GOOD


def test_same_as_may_name_a_source_whose_entry_has_another_name() -> None:
    entries = {"dotenv": LabKey(same_as="shell"), "again": LabKey(LabKeyKind.REVOKED)}
    lab = keys(entries, sources={"dotenv": DOTENV, "shell": SHELL, "again": SHELL})
    assert lab.standing(value(lab, SHELL)) is LabKeyKind.REVOKED
    assert value(lab, DOTENV) == value(lab, SHELL)


def test_same_as_may_name_an_entry_without_a_source() -> None:
    entries = {"stale": LabKey(LabKeyKind.REVOKED), "dotenv": LabKey(same_as="stale")}
    lab = keys(entries)
    assert lab.standing(value(lab, DOTENV)) is LabKeyKind.REVOKED


def test_the_same_as_a_missing_one_is_missing() -> None:
    entries = {"shell": LabKey(LabKeyKind.MISSING), "dotenv": LabKey(same_as="shell")}
    with pytest.raises(SourceError):
        keys(entries).read(DOTENV)


def test_a_literal_without_an_entry_keeps_its_own_wrong_text() -> None:
    secret = Secret("YOUR_API_KEY", Provenance("literal", ""))
    lab = keys()
    assert lab.read(LiteralSource(secret)) is secret
    assert lab.standing("YOUR_API_KEY") is LabKeyKind.UNKNOWN


def test_a_literal_with_an_entry_gets_what_the_entry_says() -> None:
    literal = LiteralSource(Secret("x", Provenance("literal", "")))
    lab = keys({"fixed": LabKey()}, sources={"fixed": literal})
    assert lab.standing(value(lab, literal)) is LabKeyKind.GOOD


def test_a_stranger_is_well_formed_and_unknown() -> None:
    lab = keys()
    assert lab.stranger() == lab.stranger()
    assert lab.standing(lab.stranger()) is LabKeyKind.UNKNOWN


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (SHELL, "env DEEPSEEK_API_KEY"),
        (DOTENV, "dotenv .env DEEPSEEK_API_KEY"),
        (FileSource("/run/key"), "file /run/key"),
    ],
)
def test_a_secret_names_the_source_that_it_stands_for(source: KeySource, shown: str) -> None:
    assert str(keys().read(source).provenance) == shown


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"shel": LabKey()}, "no key source is called shel"),
        ({"shell": LabKey(same_as="vault")}, "shell is to be the same as vault"),
        ({"shell": LabKey(same_as="dotenv"), "dotenv": LabKey(same_as="shell")}, "in a circle"),
    ],
)
def test_entries_that_make_no_sense_are_refused(
    entries: Mapping[str, LabKey], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        keys(entries)


def test_two_entries_must_not_disagree_about_one_source() -> None:
    entries = {"a": LabKey(), "b": LabKey(LabKeyKind.REVOKED)}
    with pytest.raises(UsageError, match="a and b disagree, and both are env DEEPSEEK_API_KEY"):
        keys(entries, sources={"a": SHELL, "b": SHELL})


def test_a_canary_is_a_wrong_key_in_its_own_style() -> None:
    made = keys()
    source = CanarySource("sk-ant-", 40)
    key = made.read(source).reveal()
    assert key == made.read(source).reveal()
    assert key.startswith("sk-ant-")
    assert len(key) == len("sk-ant-") + 40
    assert made.standing(key) is LabKeyKind.UNKNOWN
    assert len(made.read(CanarySource("", 256)).reveal()) == 256
    assert made.read(CanarySource()).reveal() != key


def test_a_canary_with_an_entry_is_what_the_entry_says() -> None:
    source = CanarySource()
    made = keys({"canary": LabKey(LabKeyKind.GOOD)}, sources={"canary": source})
    assert made.standing(made.read(source).reveal()) is LabKeyKind.GOOD
