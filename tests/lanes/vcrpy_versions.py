"""Cassettes and the plug-in in vcrpy 8.2.1 and in the newest release.

Every shipped scenario is recorded in the lab, and plain vcrpy replays each file in its order,
with requests, httpx and aiohttp, with pytest-recording, and with no request let through.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from environments import ROOT, fresh, pip, run

OLDEST = "vcrpy==8.2.1"
NEWEST = "vcrpy"
CLIENTS = ("aiohttp", "httpx", "requests", "pytest", "pytest-recording")

REPLAY = """
import asyncio, importlib.metadata, json, logging, sys
import aiohttp, httpx, requests, vcr, yarl
from vcr.cassette import Cassette

logging.getLogger("vcr").setLevel(logging.CRITICAL)

def by_requests(items):
    for method, url in items:
        got = requests.request(method, url, allow_redirects=False, timeout=5)
        yield got.status_code, got.content

def by_httpx(items):
    with httpx.Client(trust_env=False) as client:
        for method, url in items:
            got = client.request(method, url)
            yield got.status_code, got.content

def by_aiohttp(items):
    async def ask():
        async with aiohttp.ClientSession() as session:
            for method, url in items:
                target = yarl.URL(url, encoded=True)
                async with session.request(method, target, allow_redirects=False) as got:
                    seen.append((got.status, await got.read()))
    seen = []
    asyncio.run(ask())
    return seen

for path in sys.argv[1:]:
    cassette = Cassette.load(path=path, record_mode=vcr.mode.NONE)
    items = [(request.method, request.uri) for request in cassette.requests]
    wanted = [(one["status"]["code"], one["body"]["string"]) for one in cassette.responses]
    assert items
    for replay in (by_requests, by_httpx, by_aiohttp):
        with vcr.use_cassette(path, record_mode="none") as used:
            seen = list(replay(items))
            assert seen == wanted, (path, replay.__name__)
            assert used.play_count == len(items)
    statuses = [status for status, _ in wanted]
    version = importlib.metadata.version("vcrpy")
    print(json.dumps({"vcrpy": version, "file": path, "statuses": statuses}))
"""

RECORDING = """
import pytest, requests
from vcr.cassette import Cassette
PATH = {path!r}

@pytest.mark.default_cassette(PATH)
@pytest.mark.vcr
@pytest.mark.block_network
def test_it_replays(vcr):
    for request, response in zip(vcr.requests, vcr.responses):
        got = requests.request(request.method, request.uri, allow_redirects=False, timeout=5)
        assert (got.status_code, got.content) == (
            response["status"]["code"], response["body"]["string"])
    assert vcr.all_played and len(vcr)
"""


def main() -> int:
    shown = sorted((ROOT / "cassettes" / "shown").glob("*.yaml"))
    shown += sorted((ROOT / "tests" / "cassettes_of_versions").glob("*.yaml"))
    assert shown, "there is no recording to load"
    seen = []
    with tempfile.TemporaryDirectory(prefix="flip401-vcrpy-") as temporary:
        folder = Path(temporary)
        recordings = [*shown, *recorded(folder / "cassettes")]
        for wanted in (OLDEST, NEWEST):
            bin_folder = fresh(folder / wanted.replace("=", "-"))
            pip(bin_folder, wanted, *CLIENTS)
            # Its own folder: nothing of this repository may be imported.
            out = run(bin_folder / "python", "-c", REPLAY, *recordings, cwd=folder)
            print(out, end="", flush=True)
            seen.append(len(out.splitlines()))
            (folder / "test_recording.py").write_text(RECORDING.format(path=str(recordings[0])))
            run(bin_folder / "python", "-m", "pytest", "-q", "test_recording.py", cwd=folder)
        plug_in(folder / "plug-in")
    return 0 if seen == [len(recordings)] * 2 else 1


def recorded(folder: Path) -> list[Path]:
    """Run every shipped scenario in the lab, and return the cassettes with an answer in them."""
    folder.mkdir()
    for scenario in sorted((ROOT / "scenarios").glob("*.yaml")):
        target = folder / f"{scenario.stem}.yaml"
        command = (sys.executable, "-m", "harness", "run", scenario, "--lab", "--cassette", target)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode not in {0, 1}:
            sys.exit(f"{scenario.name}: exit {done.returncode}\n{done.stderr}")
    return sorted(folder.glob("*.yaml"))


def plug_in(folder: Path) -> None:
    """Run the plug-in's own tests with the oldest vcrpy; the suite has them with the newest."""
    bin_folder = fresh(folder)
    pip(bin_folder, f"{ROOT}[test]", OLDEST)
    tests = (
        "tests/vcr_plugin",
        "tests/cassette_store/test_foreign.py",
        "tests/cli/test_check_vcr.py",
    )
    print(run(bin_folder / "python", "-m", "pytest", "-q", "-n", "0", *tests, cwd=ROOT), end="")


if __name__ == "__main__":
    sys.exit(main())
