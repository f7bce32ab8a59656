from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from difference.samples import redacted
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_format.line import HEADER, encode_line
from harness.errors import CassetteError, UsageError
from harness.model.exchange import ExchangeKey, Step
from harness.model.outcome import Outcome
from harness.wiring.exchange_address import (
    Address,
    find_pair,
    find_record,
    has_record,
    parse_address,
)


def record(key: ExchangeKey, sequence: int = 1) -> Record:
    return Record(redacted(key=key, sequence=sequence), Outcome.PASS)


def cassette(*keys: ExchangeKey) -> Cassette:
    return Cassette("a.yaml", None, tuple(map(record, keys)))


def written(path: Path, *variants: str) -> str:
    lines = [encode_line(redacted(key=ExchangeKey(one)), Outcome.PASS) for one in variants]
    path.write_text(HEADER + "".join(lines))
    return str(path)


BASE, OTHER = ExchangeKey("baseline"), ExchangeKey("key=dotenv")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a.yaml", Address("a.yaml")),
        ("a.yaml#baseline", Address("a.yaml", "baseline")),
        ("a.yaml#key=b/1/main/0/1", Address("a.yaml", "key=b/1/main/0/1")),
        ("a.yaml#", Address("a.yaml")),
        ("odd#name.yaml#b", Address("odd#name.yaml", "b")),
    ],
)
def test_the_id_stands_behind_the_last_sign(text: str, address: Address) -> None:
    assert parse_address(text) == address


def test_files_that_are_there_decide_where_the_name_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a#b.yaml").touch()
    assert parse_address("a#b.yaml") == Address("a#b.yaml")
    assert parse_address("a#b.yaml#c") == Address("a#b.yaml", "c")
    Path("x.yaml").touch()
    assert parse_address("x.yaml#odd#id") == Address("x.yaml", "odd#id")


@given(st.text(max_size=30))
def test_any_text_is_an_address(text: str) -> None:
    address = parse_address(text)
    assert text in {address.file, f"{address.file}#{address.id}"}


def test_an_exchange_is_found_by_its_id_and_a_variant_by_its_name() -> None:
    made = cassette(BASE, OTHER)
    assert find_record(made, "key=dotenv") is made.records[1]
    assert find_record(made, "key=dotenv/1/main/0/1") is made.records[1]
    assert has_record(made, "baseline")
    assert not has_record(made, "base")


def test_a_variant_is_its_last_main_exchange() -> None:
    keys = [
        ExchangeKey("v", 2, Step.MAIN, 1, 1),
        ExchangeKey("v", 2, Step.MAIN, 0, 1),
        ExchangeKey("v", 1, Step.MAIN, 5, 1),
        ExchangeKey("v", 3, Step.AUTH, 0, 1),
        ExchangeKey("w", 9),
    ]
    assert find_record(cassette(*keys), "v").exchange.key == keys[0]
    assert find_record(cassette(*keys[3:]), "v").exchange.key == keys[3]


def test_an_id_that_is_there_twice_is_that_of_the_later_run() -> None:
    made = Cassette("a.yaml", None, (record(BASE, 1), record(BASE, 9)))
    for name in ("baseline/1/main/0/1", "baseline"):
        assert find_record(made, name).exchange.sequence == 9


def test_a_cassette_of_one_exchange_needs_no_id() -> None:
    made = cassette(BASE)
    assert find_record(made, "") is made.records[0]


def test_of_several_exchanges_one_must_be_named() -> None:
    with pytest.raises(UsageError) as error:
        find_record(cassette(BASE, OTHER), "")
    assert error.value.render() == (
        "a.yaml holds 2 exchanges: say which with #ID\n    #baseline\n    #key=dotenv"
    )


def test_exchanges_of_one_variant_are_listed_by_their_ids() -> None:
    hops = [dataclasses.replace(BASE, hop=hop) for hop in range(3)]
    with pytest.raises(UsageError, match="holds 3 exchanges") as error:
        find_record(cassette(*hops), "")
    assert error.value.hint.splitlines()[-1].strip() == "#baseline/1/main/2/1"


def test_a_long_list_is_cut_short() -> None:
    keys = [ExchangeKey(f"v={number}") for number in range(20)]
    with pytest.raises(UsageError) as error:
        find_record(cassette(*keys), "")
    assert len(error.value.hint.splitlines()) == 9
    assert error.value.hint.endswith("and 12 more")


def test_a_name_that_is_close_is_offered() -> None:
    with pytest.raises(UsageError) as error:
        find_record(cassette(BASE, OTHER), "key=dotnev")
    assert error.value.render() == (
        "a.yaml has no exchange key=dotnev\n    did you mean key=dotenv?"
    )
    with pytest.raises(UsageError) as error:
        find_record(cassette(BASE, OTHER), "zzz")
    assert error.value.hint == "#baseline\n    #key=dotenv"


def test_names_of_a_stranger_are_harmless_in_an_error() -> None:
    odd = ExchangeKey("\x1b]0;x\x07\u202e\n" + "v" * 500)
    with pytest.raises(UsageError) as error:
        find_record(cassette(odd, BASE), "")
    assert "\x1b" not in error.value.render()
    assert len(error.value.hint.splitlines()) == 2
    assert max(map(len, error.value.hint.splitlines())) < 120


def test_two_ids_of_one_file_are_of_one_cassette(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yaml", "baseline", "key=b")
    for right in ("key=b", f"{path}#key=b", f"{tmp_path}/../{tmp_path.name}/a.yaml#key=b"):
        one, other = find_pair(f"{path}#baseline", right)
        assert one.cassette is other.cassette
        assert (one.record.exchange.key.variant, other.record.exchange.key.variant) == (
            "baseline",
            "key=b",
        )


def test_an_id_of_the_first_cassette_wins_over_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("a.yaml"), "baseline", "b.yaml")
    written(Path("b.yaml"), "other")
    assert find_pair("a.yaml#baseline", "b.yaml")[1].record.exchange.key.variant == "b.yaml"
    assert find_pair("a.yaml#baseline", "./b.yaml")[1].record.exchange.key.variant == "other"


def test_two_files_are_two_cassettes(tmp_path: Path) -> None:
    left = written(tmp_path / "a.yaml", "baseline")
    right = written(tmp_path / "b.yaml", "baseline")
    one, other = find_pair(left, right)
    assert one.cassette is not other.cassette
    assert other.shown == right


def test_what_is_neither_an_id_nor_a_file_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yaml", "baseline", "key=b")
    with pytest.raises(UsageError, match="has no exchange nothing"):
        find_pair(f"{path}#baseline", "nothing")
    with pytest.raises(CassetteError, match="cannot read the cassette"):
        find_pair(f"{path}#baseline", "nothing.yaml#b")
    with pytest.raises(UsageError, match=r"has no exchange \\x00"):
        find_pair(f"{path}#baseline", "\x00")


@pytest.mark.parametrize("right", ["deepseek-401", "deepseek-401#key=dotenv"])
def test_a_scenario_is_not_taken_for_a_cassette(tmp_path: Path, right: str) -> None:
    path = written(tmp_path / "a.yaml", "baseline")
    with pytest.raises(UsageError, match="is a scenario") as error:
        find_pair(path, right)
    assert error.value.hint == "with --lab or --trust its variant is sent now"
