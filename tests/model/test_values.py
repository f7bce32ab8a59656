"""The values that everything else speaks in: names, ids, and nothing that shows a secret."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.made_keys import made_key, made_secret

from harness.errors import Place
from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    Phase,
    RecordedExchange,
    RedactedExchange,
    RedactionSeal,
    Response,
    Step,
    Timing,
)
from harness.model.finding import CellRun, Confidence, Flip, Proof
from harness.model.key_facts import KeyShape
from harness.model.key_source import (
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    LiteralSource,
    PromptSource,
)
from harness.model.outcome import Outcome
from harness.model.request import Patch, ProxyHop, RedirectPolicy, SignedRequest
from harness.model.scenario import Axis, Level, Scenario
from harness.model.secret import Provenance, Secret
from harness.model.template import KeyFilter, KeyReference, Template
from harness.model.variant import Variant
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_key("model")
SECRET = made_secret("model")
REQUEST = SignedRequest(
    method="GET",
    url=f"https://api.example.com/?key={KEY}",
    headers=(("Authorization", KEY),),
    body=KEY.encode(),
    proxy=ProxyHop("http://proxy.example:1", SECRET, SECRET),
    client="aiohttp",
    redirects=RedirectPolicy(),
    timeout_seconds=1.0,
)
ATTEMPT = Attempt(Timing(0.0, 0.0), (("A", KEY),), Response(401, KEY, ((KEY, KEY),), b""))


_FIELDS: dict[str, object] = {
    "key": ExchangeKey("baseline"),
    "sequence": 1,
    "method": "GET",
    "url": "https://a.example/",
    "headers": (),
    "headers_sent": (),
    "body": "",
    "proxy": None,
    "timing": Timing(0.0, 0.0),
    "response": None,
    "failure": Failure(Phase.DNS, "x", "y"),
}


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        REQUEST,
        REQUEST.proxy,
        ATTEMPT,
        ATTEMPT.response,
        Exchange(ExchangeKey("baseline"), 1, REQUEST, ATTEMPT, {"key": SECRET}),
        LiteralSource(SECRET),
        Scenario("a", Patch(), document=KEY),
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_shows_a_secret(value: object):
    for shown in (repr(value), str(value), f"{value}", "%s" % value, repr([value])):  # noqa: UP031
        assert KEY not in shown
        assert KEY[-4:] not in shown


def test_a_secret_says_where_it_came_from():
    assert repr(SECRET) == "<secret from env MADE_KEY>"
    assert f"{SECRET:>30}" == "    <secret from env MADE_KEY>"
    assert SECRET.reveal() == KEY


def test_a_secret_keeps_bytes_that_are_no_text():
    odd = Secret(b"\xff\xfe key".decode("utf-8", "surrogateescape"), Provenance("file", "x"))
    assert odd.to_bytes() == b"\xff\xfe key"
    assert odd.same_value_as(Secret(odd.reveal(), Provenance("env", "Y")))
    assert not odd.same_value_as(SECRET)


def test_a_secret_cannot_be_pickled():
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError):
        copy.deepcopy(SECRET)


def test_only_the_redactor_makes_a_redacted_exchange():
    fields = _FIELDS
    with pytest.raises(TypeError, match="only the redactor"):
        RedactedExchange(seal=object(), **fields)  # type: ignore[arg-type]
    assert not RedactionSeal.is_genuine(object())


def test_the_seal_is_claimed_once_for_all():
    Redactor(SecretRegistry()).redact(Exchange(ExchangeKey("baseline"), 1, REQUEST, ATTEMPT))
    with pytest.raises(RuntimeError, match="claimed already"):
        RedactionSeal()


def test_a_recorded_exchange_shows_its_id_only():
    fields = _FIELDS
    assert repr(RecordedExchange(**fields)) == "<RecordedExchange baseline/1/main/0/1>"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "key",
    [ExchangeKey("baseline"), ExchangeKey("key=a,url=b/c", 2, Step.AUTH, 3, 4)],
)
def test_an_exchange_id_is_read_back(key: ExchangeKey):
    assert ExchangeKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "baseline", "a/1/main/0", "a/x/main/0/1", "a/1/none/0/1"])
def test_what_is_no_exchange_id_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - each kind of mistake has words of its own
        ExchangeKey.parse(text)


def test_a_failed_attempt_shows_how_it_failed():
    failed = Attempt(Timing(0.0, 0.0), failure=Failure(Phase.DNS, "x", "y"))
    assert "dns" in repr(failed)
    assert repr(ATTEMPT) == "<Attempt <Response 401>>"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (EnvSource("A"), "env A"),
        (DotenvSource(".env", "A"), "dotenv .env A"),
        (DotenvSource(".env", "A", "sub"), "dotenv .env A in sub"),
        (DotenvSource(".env", "A", None, search_up=True), "dotenv .env A, or above"),
        (DotenvSource(".env", "A", "sub", search_up=True), "dotenv .env A in sub, or above"),
        (FileSource("a.key"), "file a.key"),
        (FileSource("a.key", "/etc"), "file a.key in /etc"),
        (CommandSource(("pass", "show", "x")), "command pass show x"),
        (PromptSource("key"), "prompt key"),
        (LiteralSource(SECRET), "literal"),
    ],
)
def test_a_source_says_all_that_tells_it_from_others(source: object, shown: str):
    assert str(source) == shown


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (KeyShape(1), "1 character"),
        (
            KeyShape(35, "sk-", "hex", ("trailing LF",), (1, 2, 3, 4, 5, 6), ("sample value",)),
            "35 characters, prefix sk-, trailing LF, non-ASCII at 1, 2, 3, 4, 5, sample value",
        ),
    ],
)
def test_a_shape_in_words(shape: KeyShape, words: str):
    assert str(shape) == words


def test_a_template_is_written_as_it_was():
    parts = ("a $", KeyReference("key"), KeyReference("keys.b", KeyFilter.BASE64))
    assert str(Template(parts)) == "a $$${key}${keys.b|base64}"
    assert Template(parts).references == parts[1:]
    assert Template.of("") == Template(())


AXES = (
    Axis("key", (Level("shell", Patch()), Level("dotenv", Patch(), Place("a.yaml", 1, 1)))),
    Axis("proxy", (Level("none", Patch()), Level("corp", Patch()))),
)


def test_a_variant_is_named_by_what_is_off_the_baseline():
    assert Variant.of(AXES, (0, 0)).id == "baseline"
    both = Variant.of(AXES, (1, 1))
    assert (both.id, both.slug) == ("key=dotenv,proxy=corp", "key-dotenv.proxy-corp")
    assert both.levels == {"key": "dotenv", "proxy": "corp"}


def test_axes_and_levels_are_found_by_name():
    scenario = Scenario("a", Patch(), axes=AXES)
    assert scenario.axis("proxy").level("corp").name == "corp"
    with pytest.raises(KeyError):
        scenario.axis("none")
    with pytest.raises(KeyError):
        AXES[0].level("none")


def test_a_proof_needs_both_directions_but_a_mask_and_a_plan_do_not():
    pair = (CellRun((0,), 1), CellRun((1,), 1))
    changes = ((0, 0, 1),)
    proved, suspected = Confidence.PROVED, Confidence.SUSPECTED
    assert Flip(changes, Outcome.DENIED).confidence is suspected
    assert Flip(changes, Outcome.DENIED, Proof((pair,))).confidence is suspected
    assert Flip(changes, Outcome.DENIED, Proof((pair,), (pair,))).confidence is proved
    assert Flip(changes, Outcome.OTHER, Proof((pair,)), masks=True).confidence is proved
    assert Flip(changes, Outcome.NOT_SENT, static=True).confidence is proved


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_pass_and_denied_are_verdicts(outcome: Outcome):
    assert outcome.is_verdict is (outcome.value in {"pass", "denied"})
