"""What a long cassette costs: loading and looking up, against vcrpy, in one run.

Run from the root: `python -m tests.benchmarks.growth [--rounds 2]`; some minutes, nearly all of
them vcrpy's.

The cassettes are real: the six exchanges of the recording that the README shows, over and over,
each with its own repeat, times, ports and request ids. vcrpy loads the same file, and also what it
makes of it itself: the same answers without anything that only we record. Figures are CPU time,
the best of some rounds. `judge` is all that `replay` does after loading, `look up` finding one
exchange by its id; vcrpy's is playing its last answer, for which it looks at all before it.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from vcr.cassette import Cassette as VcrCassette
from vcr.record_mode import RecordMode

from harness.cassette_format.line import HEADER
from harness.cassette_store.reader import read_cassette
from harness.model.exchange import RedactedExchange
from harness.wiring.replay import replay

ROOT = Path(__file__).resolve().parents[2]
SHOWN = ROOT / "cassettes" / "shown" / "deepseek-401.lab.yaml"
SIZES = (100, 1_000, 10_000)
GOAL = 20.0
FLAT = 2.0


def write(path: Path, size: int) -> None:
    """Write a cassette of `size` exchanges."""
    numbers = random.Random(size)
    lines = SHOWN.read_text().splitlines()[2:]
    documents = [json.loads(line[2:]) for line in lines]
    with path.open("w", encoding="ascii") as file:
        file.write(HEADER)
        for number in range(size):
            document = documents[number % len(documents)]
            run = document["harness"].pop("run", None)
            text = json.dumps(varied(document, number, numbers), separators=(",", ":"))
            if run is not None and number == 0:
                run["repeat"] = -(-size // len(documents))
                text = text[:-2] + f',"run":{json.dumps(run)}' + "}}"
            file.write(f"- {text}\n")


def varied(document: dict, number: int, numbers: random.Random) -> dict:
    """Return the exchange as another run of its variant would have had it."""
    text = json.dumps(document)
    extra = document["harness"]
    request_id = uuid.UUID(int=numbers.getrandbits(128), version=4)
    trace = f"{numbers.getrandbits(128):032x}"
    for header in extra.get("wire_headers", []) + list(document["response"]["headers"].items()):
        if header[0] == "x-ds-trace-id":
            text = text.replace(header[1] if isinstance(header[1], str) else header[1][0], trace)
    body = document["response"]["body"]["string"]
    for marker in ("request_id: ", '"id":"'):
        if marker in body:
            old = body.partition(marker)[2][:36]
            text = text.replace(old, str(request_id))
    made = json.loads(text)
    extra = made["harness"]
    variant = extra["id"].rpartition("/1/main/")[0]
    extra["id"] = f"{variant}/{number // 6 + 1}/main/0/1"
    extra["sequence"] = number + 1
    extra["timing"]["sent_at_utc"] += number * 0.05
    extra["timing"]["total_seconds"] = numbers.random()
    extra["wire"]["local"] = f"127.0.0.1:{numbers.randint(1024, 65535)}"
    for name in extra["wire"]["times"]:
        extra["wire"]["times"][name] = round(numbers.random() / 100, 6)
    return made


def best(act: Callable[[], object], rounds: int) -> float:
    """Return seconds of CPU, garbage of the round before left out."""
    least = float("inf")
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        kept = act()
        least = min(least, time.process_time() - started)
        del kept
    return least


def load_in_vcrpy(path: Path) -> VcrCassette:
    return VcrCassette.load(path=str(path), record_mode=RecordMode.NONE)


def lookup(path: Path) -> float:
    """Return seconds for finding one exchange by its id."""
    index: dict[str, RedactedExchange] = {
        str(record.exchange.key): record.exchange for record in read_cassette(path).records
    }
    wanted = list(index)
    random.Random(1).shuffle(wanted)
    wanted = wanted[:100] * 100
    started = time.process_time()
    for name in wanted:
        index[name]
    return (time.process_time() - started) / len(wanted)


def lookup_in_vcrpy(cassette: VcrCassette) -> float:
    """Return seconds for playing the answer of the last request."""
    last = cassette.requests[-1]
    for played in range(len(cassette.requests) - 1):
        cassette.play_counts[played] = 1
    started = time.process_time()
    cassette.play_response(last)
    return time.process_time() - started


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    logging.disable(logging.CRITICAL)
    print(f"vcrpy {version('vcrpy')}, Python {sys.version.split()[0]}; us of CPU per exchange")
    print(f"{'':>10} {'load':>7} {'vcrpy':>7} {'':>6} {'its own':>8} {'':>6}", end="")
    print(f" {'judge':>6} {'look up':>8} {'vcrpy':>8}")
    ratios, looking = {}, {}
    with tempfile.TemporaryDirectory(prefix="flip401-growth-") as temporary:
        for size in SIZES:
            path, own = Path(temporary) / f"{size}.yaml", Path(temporary) / f"own{size}.yaml"
            write(path, size)
            ours = best(lambda path=path: read_cassette(path), rounds) / size
            theirs = best(lambda path=path: load_in_vcrpy(path), rounds) / size
            cassette = load_in_vcrpy(path)
            played = lookup_in_vcrpy(cassette)
            cassette._path = str(own)
            cassette._save(force=True)
            del cassette
            theirs_own = best(lambda own=own: load_in_vcrpy(own), rounds) / size
            judged = best(lambda path=path: replay(path, "x"), rounds) / size - ours
            found = lookup(path)
            ratios[size], looking[size] = theirs / ours, found
            print(
                f"{size:>10,} {ours * 1e6:>7.0f} {theirs * 1e6:>7.0f} {theirs / ours:>5.1f}x"
                f" {theirs_own * 1e6:>8.0f} {theirs_own / ours:>5.1f}x"
                f" {judged * 1e6:>6.0f} {found * 1e6:>8.2f} {played * 1e6:>8.0f}",
                flush=True,
            )
    largest, smallest = SIZES[-1], SIZES[0]
    growth = looking[largest] / looking[smallest]
    print(f"loading {largest:,}: {ratios[largest]:.1f}x faster than vcrpy; goal {GOAL:.0f}x")
    print(
        f"looking up at {largest:,}: {growth:.1f}x of that at {smallest:,}; goal under {FLAT:.0f}x"
    )
    return int(ratios[largest] < GOAL or growth > FLAT)


if __name__ == "__main__":
    sys.exit(main())
