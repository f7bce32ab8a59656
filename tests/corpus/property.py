"""Random secret, random chain of up to three encodings, random place: nothing may be seen.

Run from the root: `python -m tests.corpus.property --count 100000 --seed 1`. Each example has a
seed of its own, which is printed when it leaks: `--count 1 --seed <that>` shows it again.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    Phase,
    Response,
    Timing,
)
from harness.model.request import HeaderPairs, RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

from .encodings import LOSSY, REVERSIBLE, raw_bytes
from .kinds import ANY, made

MOST_ENCODINGS = 3
_WINDOW = 8
_PUBLIC = (
    *("sk-ant-api03-", "sk-or-v1-", "sk-proj-", "sk_live_", "sk-", "AIza", "ghp_", "glpat-"),
    *("xoxb-", "AKIA"),
)


@dataclass(frozen=True)
class Example:
    """A secret, written in `forms` one after the other, at a place."""

    seed: int
    kind: str
    secret: str
    chain: tuple[str, ...]
    forms: tuple[str, ...]
    place: str

    def __str__(self) -> str:
        chain = " of ".join(reversed(self.chain)) or "raw"
        return f"seed {self.seed}: {self.kind}, {chain}, {self.place}"


def example(seed: int) -> Example:
    """Draw an example."""
    rng = random.Random(f"property {seed}")
    kind = rng.choice(sorted(ANY))
    secret = made(kind, seed)
    chain = tuple(rng.choices(sorted(REVERSIBLE), k=rng.randint(0, MOST_ENCODINGS)))
    forms = [secret]
    if not chain and rng.random() < 0.5:
        chain = (rng.choice(sorted(LOSSY)),)
    for name in chain:
        forms.append({**REVERSIBLE, **LOSSY}[name](forms[-1]))
    return Example(seed, kind, secret, chain, tuple(forms), rng.choice(sorted(PLACES)))


def leaks(drawn: Example, *, known: bool = True) -> bool:
    """Redact the example and tell whether any of its forms can be seen, in whole or in part."""
    redactor = Redactor(SecretRegistry())
    secrets = {"key": Secret(drawn.secret, Provenance("env", "KEY"))} if known else {}
    made_exchange = redactor.redact(PLACES[drawn.place](drawn.forms[-1], secrets))
    shown = "\n".join(_texts(made_exchange)).lower()
    return any(window in shown for form in drawn.forms for window in _windows(form, drawn))


def _windows(form: str, drawn: Example) -> Iterator[str]:
    """Yield what of a form says as much as 8 characters of the secret do."""
    lowered = form.lower()
    bare = next((form[len(one) :] for one in _PUBLIC if lowered.startswith(one.lower())), form)
    if form is drawn.secret and drawn.kind == "jwt":
        bare = form.partition(".")[2]
    if form is drawn.secret and drawn.kind == "PEM":
        bare = "".join(form.splitlines()[1:-1])
    size = max(_WINDOW, -(-_WINDOW * len(form) // len(drawn.secret)))
    lower = bare.lower()
    if len(lower) < size:
        yield lower
    for start in range(len(lower) - size + 1):
        window = lower[start : start + size]
        if len(set(window)) > 4:
            yield window


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


_Place = Callable[[str, dict[str, Secret]], Exchange]
_HEAD: HeaderPairs = (("Content-Type", "text/plain"),)


def _exchange(
    secrets: dict[str, Secret],
    *,
    url: str = "https://api.example.com/v1",
    headers: HeaderPairs = (),
    body: bytes | None = None,
    reason: str = "No",
    response_headers: HeaderPairs = (),
    response_body: bytes = b"no",
    failure: Failure | None = None,
) -> Exchange:
    request = SignedRequest(
        method="POST",
        url=url,
        headers=headers,
        body=body,
        proxy=None,
        client="raw",
        redirects=RedirectPolicy(),
        timeout_seconds=3.0,
    )
    response = Response(401, reason, response_headers, response_body)
    attempt = Attempt(Timing(0.0, 0.1), headers, None if failure else response, failure)
    return Exchange(ExchangeKey("baseline"), 1, request, attempt, secrets)


def _json_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


PLACES: dict[str, _Place] = {
    "query value": lambda text, of: _exchange(of, url=f"https://h.test/p?model={text}"),
    "query of any name": lambda text, of: _exchange(of, url=f"https://h.test/p?zzz={text}&a=1"),
    "path": lambda text, of: _exchange(of, url=f"https://h.test/bot{text}/x"),
    "userinfo": lambda text, of: _exchange(of, url=f"https://u:{text}@h.test/"),
    "fragment": lambda text, of: _exchange(of, url=f"https://h.test/#{text}"),
    "Authorization": lambda text, of: _exchange(of, headers=(("Authorization", f"Bearer {text}"),)),
    "User-Agent": lambda text, of: _exchange(of, headers=(("User-Agent", f"tool/1 ({text})"),)),
    "request id": lambda text, of: _exchange(of, headers=(("X-Request-Id", text),)),
    "cookie": lambda text, of: _exchange(of, headers=(("Cookie", f"a=1; b={text}"),)),
    "header name": lambda text, of: _exchange(of, headers=((text, "x"),)),
    "request text": lambda text, of: _exchange(
        of, headers=_HEAD, body=raw_bytes(f"words before {text} and behind")
    ),
    "request JSON": lambda text, of: _exchange(
        of, body=raw_bytes(f'{{"model": "m", "a": ["{_json_text(text)}"]}}')
    ),
    "request form": lambda text, of: _exchange(
        of,
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=raw_bytes(f"a=1&model={text}&b=2"),
    ),
    "reason": lambda text, of: _exchange(of, reason=f"no {text}"),
    "Set-Cookie": lambda text, of: _exchange(
        of, response_headers=(("Set-Cookie", f"a=b; Path={text}"),)
    ),
    "Location": lambda text, of: _exchange(of, response_headers=(("Location", f"/x?to={text}"),)),
    "challenge": lambda text, of: _exchange(
        of, response_headers=(("WWW-Authenticate", f'Bearer realm="{text}", error=x'),)
    ),
    "answer": lambda text, of: _exchange(of, response_body=raw_bytes(f"got {text}, which is bad")),
    "answer in JSON": lambda text, of: _exchange(
        of, response_body=raw_bytes(f'{{"error": {{"message": "bad {_json_text(text)}"}}}}')
    ),
    "failure": lambda text, of: _exchange(
        of, failure=Failure(Phase.SEND, "odd", f"could not send {text}")
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="seed of the first example")
    asked = parser.parse_args()
    started = time.monotonic()
    found = 0
    for number in range(asked.count):
        drawn = example(asked.seed + number)
        if leaks(drawn):
            found += 1
            print(drawn, flush=True)
    seconds = time.monotonic() - started
    last = asked.seed + asked.count - 1
    print(f"{found} of {asked.count} leak; seeds {asked.seed} to {last}, {seconds:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
