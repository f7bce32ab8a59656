"""What redaction costs: CPU time of one answer of a megabyte, ordinary and hostile.

Run from the root: `python -m tests.benchmarks.redaction [--kib 1024] [--rounds 3]`. CPU time, so
that a busy machine does not matter. The ratios count: 4 times the text should take 4 times as
long, and 40 keys no longer than one; a hostile text little longer than prose.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
import time
from collections.abc import Callable

from harness.model.secret import Provenance, Secret
from harness.redaction.body_text import redact_body
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

MANY_KEYS = 40
_SENTENCE = """
    the model answers a request with some token and other words that stand in a text error
    message authentication fails please check your key
"""
_WORDS = _SENTENCE.split()


def _repeated(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _events() -> str:
    delta = {"content": 'hello "world"\n'}
    event = {"id": "chatcmpl-9", "created": 1_763_000_000, "choices": [{"delta": delta}]}
    return f"data: {json.dumps(event)}\n\n"


def _prose(size: int) -> str:
    rng = random.Random(1)
    return " ".join(rng.choices(_WORDS, k=size // 3))[:size]


TEXTS: dict[str, Callable[[int], str]] = {
    "prose": _prose,
    "events of a stream": lambda size: _repeated(_events(), size),
    "JSON in JSON": lambda size: json.dumps(json.dumps(_repeated(_events(), size)))[:size],
    "base64": lambda size: base64.b64encode(random.Random(1).randbytes(size)).decode()[:size],
    "hex": lambda size: random.Random(1).randbytes(size).hex()[:size],
    "hostile: half a token, again": lambda size: _repeated("-eyJ", size),
    "hostile: words with hyphens": lambda size: _repeated("a-", size),
    "hostile: masks": lambda size: _repeated("*** ", size),
    "hostile: escapes of escapes": lambda size: _repeated("%2525", size),
    "hostile: masked keys": lambda size: _repeated("sk-a***wxyz ", size),
}


def seconds(text: str, keys: int, rounds: int = 1) -> float:
    """Return the least CPU time of redacting `text` when `keys` keys are known."""
    best = float("inf")
    for _ in range(rounds):
        registry = SecretRegistry()
        rng = random.Random(2)
        for _ in range(keys):
            registry.add(Secret("sk-" + rng.randbytes(16).hex(), Provenance("env", "KEY")))
        scrub, body = Scrubber(registry), text.encode()
        started = time.process_time()
        redact_body(scrub, body, "")
        best = min(best, time.process_time() - started)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    size = asked.kib * 1024
    prose = seconds(_prose(size), 1, asked.rounds)
    print(f"{asked.kib} KiB, CPU seconds; ratios to a quarter of it, to prose, and of 40 keys to 1")
    for name, make in TEXTS.items():
        text = make(size)
        whole = seconds(text, 1, asked.rounds)
        quarter = seconds(text[: size // 4], 1, asked.rounds)
        many = seconds(text, MANY_KEYS, asked.rounds)
        print(
            f"{name:<30}{whole:7.3f} s  x{whole / quarter:5.1f}  x{whole / prose:5.1f}"
            f"  x{many / whole:5.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
