"""With real clients, a real server and plain vcrpy: nothing of a key in the file, right replays."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import vcr
import yaml
from cassette_store.test_writer import full_disk
from support.key_leaks import leaks
from support.made_keys import made_key
from support.vcrpy_promises import check_promises
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr_plugin.conftest import BAD, GOOD

import harness
from harness.cassette_store.reader import read_cassette
from harness.model.secret import Provenance, Secret

FRESH = made_key("plugin fresh")
LONGER = made_key("plugin longer", prefix="sk-proj-", length=48)
ONCE, NEVER, MORE = "once", "none", "new_episodes"


@pytest.fixture(autouse=True)
def _quiet_vcrpy() -> None:
    logging.getLogger("vcr").setLevel(logging.CRITICAL)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def get(url: str, key: str, **more: Any) -> requests.Response:
    return requests.get(url, headers=bearer(key), timeout=10, **more)


def file_of(made: Any, name: str = "a.yaml") -> Path:
    return Path(made.cassette_library_dir) / name


def record(made: Any, api: str, *keys: str) -> list[int]:
    with made.use_cassette("a.yaml", record_mode=ONCE):
        return [get(f"{api}/v1?stream=1", key).status_code for key in keys]


def test_no_form_of_a_key_is_in_the_file_and_the_replay_is_right(their_vcr: Any, api: str) -> None:
    assert record(their_vcr, api, GOOD, BAD) == [200, 401]
    path = file_of(their_vcr)
    assert leaks([GOOD, BAD], [(path.name, path.read_bytes())]) == []
    check_promises(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in path.parent.iterdir()] == ["a.yaml"]
    for order in ((GOOD, BAD), (BAD, GOOD)):
        with their_vcr.use_cassette("a.yaml", record_mode=NEVER) as cassette:
            codes = {key: get(f"{api}/v1?stream=1", key).status_code for key in order}
            assert (codes, cassette.all_played) == ({GOOD: 200, BAD: 401}, True)


def test_the_file_is_a_cassette_of_ours_without_a_run(their_vcr: Any, api: str) -> None:
    record(their_vcr, api, GOOD)
    cassette = read_cassette(file_of(their_vcr))
    (only,) = cassette.records
    assert cassette.run is None
    assert str(only.exchange.key) == "recorded-1/1/main/0/1"
    assert only.exchange.secret_ids == {"GOOD_KEY": "s1"}
    assert dict(only.exchange.headers)["Authorization"] == "Bearer RDX~s1.sk.L35.Cb62~"


def test_plain_vcrpy_replays_it_in_file_order(their_vcr: Any, api: str) -> None:
    record(their_vcr, api, GOOD, BAD)
    with vcr.use_cassette(str(file_of(their_vcr)), record_mode=NEVER):
        assert [get(f"{api}/v1?stream=1", "any").status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize("key", [FRESH, LONGER, "dummy"])
def test_a_fresh_key_of_the_same_name_matches(
    their_vcr: Any, api: str, environ: dict[str, str], key: str
) -> None:
    record(their_vcr, api, BAD, GOOD)
    environ["GOOD_KEY"] = key
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER):
        assert get(f"{api}/v1?stream=1", key).status_code == 200


def test_a_key_that_nobody_named_matches_by_form_and_equality(tmp_path: Path, api: str) -> None:
    made = vcr.VCR(cassette_library_dir=str(tmp_path))
    harness.CassettePlugin().register(made)
    record(made, api, GOOD, BAD, GOOD, BAD)
    with made.use_cassette("a.yaml", record_mode=NEVER):
        replayed = [get(f"{api}/v1?stream=1", key).status_code for key in (FRESH, FRESH, BAD, BAD)]
    assert replayed == [200, 200, 401, 401]
    with (
        made.use_cassette("a.yaml", record_mode=NEVER),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        get(f"{api}/v1?stream=1", LONGER)


def test_the_placeholder_itself_matches(their_vcr: Any, api: str, environ: dict[str, str]) -> None:
    record(their_vcr, api, GOOD, BAD)
    environ.clear()
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER):
        shown = [request.headers["Authorization"] for request in their_vcr_requests(their_vcr)]
        codes = [
            requests.get(
                f"{api}/v1?stream=1", headers={"Authorization": one}, timeout=10
            ).status_code
            for one in reversed(shown)
        ]
    assert codes == [401, 200]


def their_vcr_requests(made: Any) -> list[Any]:
    from vcr.cassette import Cassette

    return list(Cassette.load(path=str(file_of(made))).requests)


def test_a_miss_names_the_part_and_no_value(their_vcr: Any, api: str) -> None:
    record(their_vcr, api, GOOD)
    with (
        their_vcr.use_cassette("a.yaml", record_mode=NEVER),
        pytest.raises(CannotOverwriteExistingCassetteException) as caught,
    ):
        get(f"{api}/v1?stream=1", BAD)
    assert "the header authorization differs" in str(caught.value)
    assert BAD not in str(caught.value)


def test_more_is_recorded_behind_what_is_there(their_vcr: Any, api: str) -> None:
    record(their_vcr, api, GOOD, BAD)
    before = yaml.safe_load(file_of(their_vcr).read_text())["interactions"]
    with their_vcr.use_cassette("a.yaml", record_mode=MORE):
        assert get(f"{api}/v1?stream=1", GOOD).status_code == 200
        assert get(f"{api}/other", FRESH).status_code == 401
    after = yaml.safe_load(file_of(their_vcr).read_text())["interactions"]
    assert len(after) == 3
    for old, new in zip(before, after, strict=False):
        assert (new["request"], new["response"]) == (old["request"], old["response"])
        assert new["harness"]["secret_ids"] == old["harness"]["secret_ids"]
    exchanges = [one.exchange for one in read_cassette(file_of(their_vcr)).records]
    shown = [dict(exchange.headers)["Authorization"] for exchange in exchanges]
    assert len(set(shown)) == 3
    assert exchanges[0].secret_ids == {"GOOD_KEY": "s1"}
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER):
        assert get(f"{api}/other", FRESH).status_code == 401
        assert get(f"{api}/v1?stream=1", GOOD).status_code == 200


def test_httpx_and_aiohttp_replay_too(their_vcr: Any, api: str) -> None:
    async def ask(key: str) -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{api}/j", json={"a": 1}, headers=bearer(key)) as answer,
        ):
            assert (await answer.json())["body"] == '{"a": 1}'
            return answer.status

    def both() -> list[int]:
        codes = [asyncio.run(ask(key)) for key in (GOOD, BAD)]
        with httpx.Client(trust_env=False) as client:
            codes += [
                client.get(f"{api}/h", headers=bearer(key)).status_code for key in (GOOD, BAD)
            ]
        return codes

    with their_vcr.use_cassette("a.yaml", record_mode=ONCE):
        assert both() == [200, 401] * 2
    path = file_of(their_vcr)
    assert leaks([GOOD, BAD], [(path.name, path.read_bytes())]) == []
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER) as cassette:
        assert both() == [200, 401] * 2
        assert cassette.all_played


def test_bodies_match_by_identity_where_asked(their_vcr: Any, api: str) -> None:
    def post(key: str) -> int:
        form = {"grant_type": "x", "client_secret": key}
        return int(requests.post(f"{api}/token", data=form, timeout=10).json()["n"])

    names = ("flip401", "flip401_body")
    with their_vcr.use_cassette("a.yaml", record_mode=ONCE, match_on=names):
        recorded = {key: post(key) for key in (GOOD, BAD)}
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER, match_on=names):
        assert {key: post(key) for key in (BAD, GOOD)} == recorded


def test_another_matchers_no_does_not_fix_a_key_to_the_wrong_one(tmp_path: Path, api: str) -> None:
    made = vcr.VCR(cassette_library_dir=str(tmp_path))
    harness.CassettePlugin().register(made)
    names = ("flip401", "raw_body")

    def post(key: str, text: str) -> int:
        return requests.post(f"{api}/b", data=text, headers=bearer(key), timeout=10).status_code

    with made.use_cassette("a.yaml", record_mode=ONCE, match_on=names):
        assert [post(BAD, "one"), post(GOOD, "two")] == [401, 200]
    with made.use_cassette("a.yaml", record_mode=NEVER, match_on=names):
        assert [post(FRESH, "two"), post(BAD, "one")] == [200, 401]


def places_of_leak(made: Any, api: str, name: str, **options: Any) -> tuple[str, ...]:
    """Record until the file should be written. vcrpy ends its patches when the error is gone."""
    try:
        with made.use_cassette(name, **options):
            get(f"{api}/v1", GOOD)
    except harness.LeakError as error:
        return error.places
    finally:
        gc.collect()
    raise AssertionError("no leak was found")


ODD = Secret('sent_at_utc":0.0', Provenance("vault", "odd"))
"""The facts beside an exchange are not redacted: a secret that looks like one would stay."""


def test_a_leak_writes_no_file_and_keeps_the_older(tmp_path: Path, api: str) -> None:
    made = vcr.VCR(cassette_library_dir=str(tmp_path))
    harness.CassettePlugin([ODD]).register(made)
    places = places_of_leak(made, api, "a.yaml")
    assert list(tmp_path.iterdir()) == []
    assert "a.yaml line 3: secret 1 (vault odd), raw" in places
    (tmp_path / "a.yaml").write_text("version: 1\ninteractions: []\n")
    assert places_of_leak(made, api, "a.yaml", record_mode=MORE)
    assert (tmp_path / "a.yaml").read_text() == "version: 1\ninteractions: []\n"


def test_the_serializer_alone_redacts_and_fails_closed(tmp_path: Path, api: str) -> None:
    made = vcr.VCR(cassette_library_dir=str(tmp_path), serializer="flip401")
    plugin = harness.CassettePlugin([Secret(GOOD, Provenance("vault", "good"))])
    made.register_serializer("flip401", plugin.serializer)
    made.register_matcher("flip401", plugin.matcher)
    made.match_on = ("flip401",)
    assert record(made, api, GOOD, BAD) == [200, 401]
    assert leaks([GOOD, BAD], [("a.yaml", (tmp_path / "a.yaml").read_bytes())]) == []
    with made.use_cassette("a.yaml", record_mode=NEVER):
        assert [get(f"{api}/v1?stream=1", key).status_code for key in (GOOD, BAD)] == [200, 401]
    made.register_serializer("odd", harness.CassettePlugin([ODD]).serializer)
    assert places_of_leak(made, api, "b.yaml", serializer="odd", match_on=("uri",))
    assert not (tmp_path / "b.yaml").exists()


def test_a_raw_cassette_of_before_still_matches_its_own_keys_only(
    tmp_path: Path, their_vcr: Any, api: str
) -> None:
    plain = vcr.VCR(cassette_library_dir=their_vcr.cassette_library_dir)
    record(plain, api, GOOD)
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER):
        assert get(f"{api}/v1?stream=1", GOOD).status_code == 200
    with (
        their_vcr.use_cassette("a.yaml", record_mode=NEVER),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        get(f"{api}/v1?stream=1", BAD)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: !!python/object/apply:os.system ['false']\n", "is not read here"),
        (b"version: 1\ninteractions: [{request: {}}]\n", "`response` is missing"),
        (b"version: 1\ninteractions: [{response: null}]\n", "`request` is missing"),
        (b"interactions: [{request: {method: 1, uri: a}, response: null}]\n", "`method` is not"),
        (
            b"interactions: [{request: {method: a, uri: a, headers: 1}, response: null}]\n",
            "`headers` is not a mapping",
        ),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_what_is_no_cassette_is_refused_and_not_overwritten(
    their_vcr: Any, content: bytes, message: str
) -> None:
    path = file_of(their_vcr)
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(harness.CassetteError, match=message), their_vcr.use_cassette("a.yaml"):
        raise AssertionError("unreachable")
    assert path.read_bytes() == content


def test_no_file_an_empty_one_and_a_folder(their_vcr: Any, api: str) -> None:
    path = file_of(their_vcr)
    path.parent.mkdir()
    path.write_bytes(b" \n")
    assert record(their_vcr, api, GOOD) == [200]
    path.unlink()
    path.mkdir()
    with pytest.raises(harness.CassetteError, match="is a directory"):
        record(their_vcr, api, GOOD)


def test_a_cassette_without_an_exchange_is_one(their_vcr: Any, plugin: Any) -> None:
    path = file_of(their_vcr)
    plugin.persister.save_cassette(path, {"requests": [], "responses": []}, None)
    assert yaml.safe_load(path.read_text()) == {"version": 1, "interactions": []}
    with their_vcr.use_cassette("a.yaml", record_mode=NEVER) as cassette:
        assert len(cassette) == 0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (io.BytesIO(b"of a file"), "of a file"),
        (iter([b"of an ", b"iterator"]), "of an iterator"),
        ([1, {"a": None}], '[1, {"a": null}]'),
        (bytearray(b"array"), "array"),
        (object(), "<object>"),
    ],
)
def test_any_body_that_a_client_sends_is_kept(
    tmp_path: Path, plugin: Any, body: object, text: str
) -> None:
    request = vcr.request.Request("POST", "http://a.example/", body, {})
    answer = {"status": {"code": 200, "message": None}, "headers": {}, "body": {"string": b"x"}}
    path = tmp_path / "a.yaml"
    plugin.persister.save_cassette(path, {"requests": [request], "responses": [answer]}, None)
    assert read_cassette(path).records[0].exchange.body == text
    assert answer["body"] == {"string": b"x"}


def test_a_bare_key_is_no_name() -> None:
    with pytest.raises(TypeError, match="names of environment variables") as caught:
        harness.CassettePlugin([GOOD])
    assert GOOD not in str(caught.value)


def test_the_door_imports_nothing_heavy_until_it_is_used() -> None:
    code = (
        "import sys, harness\n"
        "assert not {'vcr', 'yaml', 'aiohttp', 'harness.errors'} & set(sys.modules)\n"
        "harness.CassettePlugin\n"
        "assert not {'vcr', 'aiohttp'} & set(sys.modules)\n"
        "assert set(harness.__all__) - {'__version__'} == set(harness._HOMES)\n"
        "assert all(getattr(harness, name) for name in harness.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        harness.Nothing  # noqa: B018


def test_a_full_disk_keeps_the_older_cassette(their_vcr: Any, api: str) -> None:
    record(their_vcr, api, GOOD)
    path = file_of(their_vcr)
    before = path.read_bytes()
    with (
        full_disk(len(before) + 100),
        pytest.raises(harness.CassetteError, match=r"cannot write the cassette .*a\.yaml: file"),
        their_vcr.use_cassette("a.yaml", record_mode=MORE),
    ):
        get(f"{api}/other", GOOD)
    gc.collect()
    assert path.read_bytes() == before
    assert [child.name for child in path.parent.iterdir()] == ["a.yaml"]
