"""Send one variant of a scenario to a server on 127.0.0.1, as `run` would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.local_server import LocalServer, Reply, Seen, bearer, local_server
from support.made_keys import made_key
from support.scenario_texts import bearer_text

from harness.errors import LeakError, TrustError, UsageError
from harness.model.exchange import Step
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.wiring.options import RunOptions
from harness.wiring.send_once import Sent, send_once
from harness.wiring.surroundings import Surroundings

KEY = made_key("send once")
TRUSTED = RunOptions(trust=True)
AXES = """
  key: {good: {env: MADE_KEY}, missing: {env: NOT_SET}}
  move: {stay: {}, away: {headers: {X-Move: "yes"}}}
"""


def answer(seen: Seen) -> Reply:
    if "x-move" in seen.headers and seen.path == "/":
        return Reply(307, b"", (("Location", "/there"),))
    return bearer(KEY)(seen)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with local_server(answer) as running:
        yield running


def sent(
    directory: Path,
    text: str,
    variant: str,
    options: RunOptions = TRUSTED,
    *,
    key: str = KEY,
) -> Sent:
    (directory / "asked.yaml").write_text(text)
    surroundings = Surroundings(
        environ={"MADE_KEY": key, "HOME": str(directory)},
        directory=directory,
        listener=lambda _event: None,
        new_redactor=lambda: Redactor(SecretRegistry()),
    )
    return asyncio.run(send_once(str(directory / "asked.yaml"), variant, options, surroundings))


def test_one_variant_is_sent_once(tmp_path: Path, server: LocalServer) -> None:
    done = sent(tmp_path, bearer_text(f"{server.url}/", axes=AXES), "baseline")
    assert len(server.seen) == 1
    assert done.record.outcome is Outcome.PASS
    assert str(done.record.exchange.key) == "baseline/1/main/0/1"
    assert [facts.source for facts in done.sources] == ["env MADE_KEY", "env NOT_SET"]
    assert not (tmp_path / "cassettes").exists()


def test_the_last_hop_decides(tmp_path: Path, server: LocalServer) -> None:
    done = sent(tmp_path, bearer_text(f"{server.url}/", axes=AXES), "move=away")
    assert len(server.seen) == 2
    assert (done.record.exchange.key.step, done.record.exchange.key.hop) == (Step.MAIN, 1)


def test_the_axes_of_a_variant_are_read_in_any_order(tmp_path: Path, server: LocalServer) -> None:
    done = sent(tmp_path, bearer_text(f"{server.url}/", axes=AXES), "move=away,key=good")
    assert done.record.exchange.key.variant == "move=away"


def test_a_key_that_is_missing_is_not_sent(tmp_path: Path, server: LocalServer) -> None:
    done = sent(tmp_path, bearer_text(f"{server.url}/", axes=AXES), "key=missing")
    assert done.record.outcome is Outcome.NOT_SENT
    assert server.seen == []


def test_nothing_is_sent_where_nobody_agreed(tmp_path: Path, server: LocalServer) -> None:
    text = bearer_text(f"{server.url}/", axes=AXES)
    with pytest.raises(TrustError, match="not trusted yet"):
        sent(tmp_path, text, "baseline", RunOptions())
    assert server.seen == []
    sent(tmp_path, text, "baseline")
    sent(tmp_path, text, "baseline", RunOptions())
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("variant", "rest", "words"),
    [
        ("key=missin", "", "did you mean key=missing?"),
        ("hue=red", "", "#baseline\n    #key=missing\n    #move=away"),
        ("baseline,key=good", "", "has no variant"),
        ("", "", "has no variant"),
        ("move=away", "exclude: [{move: away}]", "move=away is never sent"),
    ],
)
def test_a_variant_that_cannot_be_sent_is_an_error(
    tmp_path: Path, server: LocalServer, variant: str, rest: str, words: str
) -> None:
    with pytest.raises(UsageError) as error:
        sent(tmp_path, bearer_text(f"{server.url}/", axes=AXES, rest=rest), variant)
    assert words in error.value.render()
    assert server.seen == []


def test_the_budget_of_the_scenario_holds(tmp_path: Path, server: LocalServer) -> None:
    text = bearer_text(f"{server.url}/", axes=AXES, rest="search: {budget: 1}")
    with pytest.raises(UsageError, match="within the budget"):
        sent(tmp_path, text, "move=away")
    assert len(server.seen) == 1


def test_the_deadline_of_the_scenario_holds(tmp_path: Path) -> None:
    over = threading.Event()

    def never(_seen: Seen) -> Reply:
        over.wait(20)
        return Reply(200)

    with local_server(never) as server:
        text = bearer_text(f"{server.url}/", axes=AXES, rest="search: {deadline: 200ms}")
        try:
            with pytest.raises(UsageError, match="before the deadline"):
                sent(tmp_path, text, "baseline")
        finally:
            over.set()


def test_a_secret_that_would_be_shown_is_a_leak(tmp_path: Path, server: LocalServer) -> None:
    """A key that is the offset of the clock stands where no text is looked through."""
    text = f"""
version: 1
name: asked
request:
  url: {server.url}/
  key: {{env: MADE_KEY}}
  clock: 123456789s
  sign: {{jwt: {{}}}}
"""
    with pytest.raises(LeakError, match="the exchange"):
        sent(tmp_path, text, "baseline", key="123456789")
