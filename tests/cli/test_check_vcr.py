"""`flip401 check --vcr`: what would not replay in the vcrpy that is here."""

from __future__ import annotations

import gzip
import importlib.metadata
import json

import pytest
import yaml
from support.command_line import ROOT, CommandLine
from support.made_keys import made_key

VCRPY = importlib.metadata.version("vcrpy")
SHOWN = ROOT / "cassettes" / "shown" / "deepseek-401.lab.yaml"


def item(n: int = 1, *, request: object = None, response: object = ...) -> dict[str, object]:
    asked = {"method": "GET", "uri": f"http://a.example/{n}", "headers": {}, "body": None}
    answer = {
        "status": {"code": 200, "message": "OK"},
        "headers": {"Content-Type": ["text/plain"]},
        "body": {"string": "ok"},
    }
    answered = answer if response is ... else response
    if isinstance(answered, dict):
        answered = {name: value for name, value in {**answer, **answered}.items() if value != "-"}
    return {"request": {**asked, **(request or {})}, "response": answered}


def text(*items: object, **more: object) -> str:
    return yaml.safe_dump({"interactions": list(items), **more}, sort_keys=False)


def test_a_good_cassette_is_ok(cli: CommandLine):
    cli.write("good.yaml", text(item(1), item(2)))
    done = cli("check", "--vcr", "good.yaml")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"good.yaml: ok, 2 exchanges would replay in vcrpy {VCRPY}\n"


def test_ours_replays_in_file_order_and_says_so(cli: CommandLine):
    cli.write("ours.yaml", SHOWN.read_bytes())
    done = cli("check", "--vcr", "ours.yaml")
    assert done.code == 0
    note, fix, *_, verdict = done.out.splitlines()
    assert note.startswith("ours.yaml:3:3: note: by default vcrpy cannot tell this request from")
    assert "order of the file" in fix
    assert verdict.startswith("ours.yaml: ok, ")


GZ = gzip.compress(b"packed")


@pytest.mark.parametrize(
    ("one", "place", "message"),
    [
        (item(request={"extra": 1}), "7:5", "a request knows no such field"),
        (item(response=None), "7:3", "vcrpy skips this item"),
        (item(response={"body": {}}), "14:5", "its body has no `string`"),
        (item(response={"body": {"string": None}}), "14:5", "its body has no `string`"),
        (item(response={"body": "-"}), "7:3", "its body has no `string`"),
        (item(response={"status": {"code": 200}}), "7:3", "`status.message` is missing"),
        (item(response={"headers": {"Content-Encoding": ["gzip"]}}), "15:15", "httpx cannot read"),
        (item(response={"headers": {"content-encoding": "br"}}), "14:15", "httpx cannot read"),
        (
            item(response={"headers": {"Content-Encoding": ["gzip"]}, "body": {"string": GZ}}),
            "15:15",
            "requests and aiohttp get this body as it is, compressed",
        ),
    ],
)
def test_what_would_not_replay_has_its_place_and_a_fix(
    cli: CommandLine, one: object, place: str, message: str
):
    cli.write("bad.yaml", text(one))
    done = cli("check", "--vcr", "bad.yaml")
    assert (done.code, done.err) == (1, "")
    first, fix, verdict = done.out.splitlines()
    assert first.startswith(f"bad.yaml:{place}: ")
    assert message in first
    assert fix.startswith("    ")
    assert verdict.startswith("bad.yaml: not as it stands; ")


@pytest.mark.parametrize("field", ["body", "headers", "method", "uri"])
def test_a_request_without_a_field_cannot_be_loaded(cli: CommandLine, field: str):
    one = item()
    del one["request"][field]  # type: ignore[attr-defined]
    cli.write("bad.yaml", text(one))
    done = cli("check", "--vcr", "bad.yaml")
    assert done.code == 1
    assert f"vcrpy cannot load the file: `request.{field}` is missing" in done.out
    assert f"0 of 1 exchange load in vcrpy {VCRPY}" in done.out


@pytest.mark.parametrize(
    ("one", "message"),
    [
        ({"response": None}, "`request` is missing or no mapping"),
        ({"request": item()["request"]}, "`response` is missing"),
        ({"request": item()["request"], "response": 7}, "`response` is no mapping"),
    ],
)
def test_an_item_without_a_half_cannot_be_loaded(cli: CommandLine, one: object, message: str):
    cli.write("bad.yaml", text(one))
    done = cli("check", "--vcr", "bad.yaml")
    assert done.code == 1
    assert f"bad.yaml:2:3: vcrpy cannot load the file: {message}" in done.out


def test_what_no_rule_knows_is_found_by_vcrpy_itself(cli: CommandLine):
    cli.write("bad.yaml", text(item(request={"uri": 5, "headers": 7})))
    done = cli("check", "--vcr", "bad.yaml")
    assert done.code == 1
    assert "bad.yaml:1:1: vcrpy cannot load the file: " in done.out


def test_what_holds_in_some_places_only_is_a_note(cli: CommandLine):
    one = item(request={"headers": {"X-Dup": ["a", "b"]}, "uri": "http://a.example:80?b=1&a=2"})
    same = item(request={"uri": "http://a.example/?a=2&b=1"})
    odd = item(request={"uri": "http://a.example:x/"})
    old = item(response={"status_code": 200, "content": "x"})
    content = text(one, same, odd, old, metadata={"by": "é"})
    cli.write("notes.yaml", content.replace('"\\xE9"', "é"))
    done = cli("check", "--vcr", "notes.yaml", "--format", "json")
    (entry,) = done.json["checks"]
    assert (done.code, entry["ok"], entry["faults"]) == (0, True, [])
    assert [note["message"].partition(" ")[0] for note in entry["notes"]] == [
        "by",
        "vcrpy",
        "pytest-recording",
        "vcrpy",
    ]
    assert entry["loaded"] == entry["exchanges"] == 4
    assert all(note["hint"] and note["place"].count(":") == 2 for note in entry["notes"])


def test_a_json_cassette_is_loaded_as_json(cli: CommandLine):
    cli.write("a.json", json.dumps({"version": 1, "interactions": [item()]}, indent=4))
    assert cli("check", "--vcr", "a.json").code == 0


def test_many_of_a_kind_are_counted(cli: CommandLine):
    cli.write("many.yaml", text(*(item(n, response=None) for n in range(8))))
    done = cli("check", "--vcr", "many.yaml")
    assert done.code == 1
    assert done.out.count("vcrpy skips this item") == 5
    assert "and 3 more of these\n" in done.out
    assert "0 of 8 exchanges load in vcrpy" in done.out


def test_a_hostile_file_never_comes_to_vcrpy(cli: CommandLine):
    key = cli.key()
    cli.write("run.yaml", "a: !!python/object/apply:os.system ['touch canary']\n")
    cli.write("esc.yaml", f'interactions:\n- request: {{"\\e]0;x\\a{key}": 1, a: 1, a: 1}}\n')
    cli.write("good.yaml", text(item()))
    done = cli("check", "--vcr", "run.yaml", "good.yaml", "none.yaml", "esc.yaml")
    assert done.code == 2
    assert done.out.startswith("good.yaml: ok, 1 exchange would replay")
    assert "run.yaml:1:4: the tag `!!python/object/apply:os.system` is not read here" in done.err
    assert "cannot read the cassette none.yaml: no such file" in done.err
    assert "\x1b" not in done.err
    assert not (cli.directory / "canary").exists()
    listed = cli("check", "--vcr", "run.yaml", "--format", "json").json
    assert listed["exit"] == 2
    assert listed["checks"][0]["faults"][0]["hint"]


def test_a_doubled_name_that_is_a_key_is_not_shown(cli: CommandLine):
    key = made_key("doubled")
    cli.keys.append(key)
    cli.write("a.yaml", f"interactions: []\n{key}: 1\n{key}: 2\n")
    for arguments in (("check", "--vcr"), ("replay",)):
        done = cli(*arguments, "a.yaml")
        assert done.code == 2
        assert "is written twice" in done.err
