"""Hand-made results: the shapes that a report must read well in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.model.arrival import Arrival, outcome_of_arrival
from harness.model.finding import (
    Confidence,
    Diagnosis,
    Evidence,
    Finding,
    NamedFix,
    Verdict,
)
from harness.model.key_facts import KeyFacts, KeyShape
from harness.model.outcome import Outcome, Signal
from harness.model.result import AttemptResult, RunResult, VariantResult
from harness.model.secret_relation import SecretRelation
from harness.model.variant import Variant

Axes = tuple[tuple[str, tuple[str, ...]], ...]

SHELL = KeyFacts("env DEEPSEEK_API_KEY", "DEEPSEEK_API_KEY", "s1", KeyShape(35, "sk-", "hex"))
DOTENV = KeyFacts(
    "dotenv .env DEEPSEEK_API_KEY",
    ".env:3 DEEPSEEK_API_KEY",
    "s2",
    KeyShape(36, "sk-", "hex", edges=("trailing double quote",)),
)
QUOTES = Diagnosis(
    code="K08",
    title="the key has quotes in it",
    explanation="The key from .env:3 DEEPSEEK_API_KEY has 36 characters, prefix sk-, trailing "
    "double quote; the one that passes has 35 characters, prefix sk-. Whatever loads it keeps the "
    "quotes as part of the value, as docker --env-file does.",
    fix="remove the trailing double quote from .env:3 DEEPSEEK_API_KEY",
)
HEADER_NAME = Diagnosis(
    code="H06",
    title="the key is sent under the wrong header name",
    explanation="With scheme=x-api-key the key goes out as `X-Api-Key: <key>`; the server reads "
    '`Authorization: Bearer <key>` and looks nowhere else. It said "Authentication Fails '
    '(governor)".',
    fix="send `Authorization: Bearer <key>`, not `X-Api-Key: <key>`",
)
PROXY_DEAD = Diagnosis(
    code="N02",
    title="the proxy cannot be reached",
    explanation="With proxy=old there is no answer: cannot connect to the proxy: connection "
    "refused. Nothing can be said of the key.",
    fix="check that http://10.0.0.9:3128 is right and running, or go around it",
)
AXES: Axes = (
    ("key", ("shell", "dotenv")),
    ("proxy", ("direct", "corp")),
    ("scheme", ("bearer", "lower", "x-api-key")),
)


def row(
    axes: Axes,
    off: Mapping[str, str],
    outcome: Outcome,
    status: int | None = None,
    **fields: object,
) -> VariantResult:
    levels = {name: off.get(name, names[0]) for name, names in axes}
    name = ",".join(f"{axis}={level}" for axis, level in off.items()) or "baseline"
    failure = str(fields.pop("failure", ""))
    expected = fields.pop("expected", Outcome.PASS)
    attempts = fields.pop("attempts", None)
    if attempts is None:
        attempts = (
            (AttemptResult(f"{name}/1/main/0/1", "main", 0, outcome, status, failure),)
            if outcome is not Outcome.NOT_SENT
            else ()
        )
    cell = tuple(names.index(levels[axis]) for axis, names in axes)
    return VariantResult(Variant(cell, name, levels), outcome, expected, status, attempts, **fields)


def passed(axes: Axes, **off: str) -> VariantResult:
    return row(axes, off, Outcome.PASS, 200)


def denied(axes: Axes, **off: str) -> VariantResult:
    return row(axes, off, Outcome.DENIED, 401)


def finding(
    diagnosis: Diagnosis,
    flip: Mapping[str, tuple[str, str]],
    *,
    to: Outcome = Outcome.DENIED,
    pairs: int = 2,
    confidence: Confidence = Confidence.PROVED,
) -> Finding:
    bad = ",".join(f"{axis}={new}" for axis, (_, new) in flip.items())
    ids = ("baseline/1/main/0/1", f"{bad}/1/main/0/1")
    pair = ids if to is not Outcome.PASS else (ids[1], ids[0])
    again = tuple(item.replace("/1/main", "/2/main") for item in pair)
    both = ((pair,), (again,), ())
    return Finding(
        flip,
        to,
        both[0] if pairs else (),
        both[1] if pairs > 1 else (),
        confidence,
        diagnosis,
    )


def run(**fields: object) -> RunResult:
    defaults: dict[str, object] = {
        "scenario": "deepseek-401",
        "strategy": "isolate",
        "lab": False,
        "exit_code": 1,
        "verdict": Verdict.FLIP,
        "evidence": Evidence.PARTIAL,
        "requests_sent": 9,
        "rounds": 2,
        "axes": AXES,
        "variants": (),
    }
    return RunResult(**(defaults | fields))


def one_cause() -> RunResult:
    return run(
        lab=True,
        description="Which key source is wrong, and does the proxy matter?",
        variants=(
            passed(AXES),
            denied(AXES, key="dotenv"),
            passed(AXES, proxy="corp", scheme="lower"),
        ),
        findings=(finding(QUOTES, {"key": ("shell", "dotenv")}),),
        fixes=(NamedFix("key=dotenv", {"key": "shell"}, ("baseline/1/main/0/1",)),),
        irrelevant=("proxy", "scheme"),
        rule="denied in the 1 cell sent when key is dotenv",
        keys={"key=shell": SHELL, "key=dotenv": DOTENV},
        clock_skew_seconds=(-0.4, 0.3),
        cassette="cassettes/deepseek-401.lab.yaml",
    )


def related_keys() -> RunResult:
    told = SecretRelation("s2", "s1", "= {} + double quote")
    other = SecretRelation("s3", "s1", "= upper({})")
    return replace(one_cause(), relations=(told, other))


def several_causes() -> RunResult:
    axes: Axes = (
        ("key", ("shell", "dotenv", "vault", "wallet")),
        ("proxy", ("direct", "corp", "old")),
        ("scheme", ("bearer", "lower", "x-api-key")),
    )
    vault = KeyFacts(
        "command pass show deepseek", error="`pass` is not installed", hint="install it"
    )
    wallet = KeyFacts("file wallet", "wallet", "s1", SHELL.shape, same_as=SHELL.source)
    missing = Diagnosis(
        "K01",
        "there is no key at that source",
        "Nothing could be sent for key=vault: `pass` is not installed.",
        "put the key into the output of `pass show deepseek`; or take the key from the environment "
        "variable DEEPSEEK_API_KEY, which passes",
    )
    return run(
        variants=(
            passed(axes),
            denied(axes, key="dotenv"),
            row(axes, {"key": "vault"}, Outcome.NOT_SENT, reason="`pass` is not installed"),
            row(axes, {"key": "wallet"}, Outcome.PASS, 200, same_as="baseline"),
            passed(axes, proxy="corp"),
            row(
                axes,
                {"proxy": "old"},
                Outcome.UNREACHABLE,
                failure="cannot connect to the proxy: connection refused",
            ),
            passed(axes, scheme="lower"),
            row(axes, {"scheme": "x-api-key"}, Outcome.DENIED, 401, expected=Outcome.DENIED),
            denied(axes, key="dotenv", scheme="x-api-key"),
        ),
        findings=(
            finding(PROXY_DEAD, {"proxy": ("direct", "old")}, to=Outcome.UNREACHABLE, pairs=1),
            finding(missing, {"key": ("shell", "vault")}, to=Outcome.NOT_SENT, pairs=0),
            finding(QUOTES, {"key": ("shell", "dotenv")}),
            finding(
                HEADER_NAME,
                {"scheme": ("bearer", "x-api-key")},
                pairs=1,
                confidence=Confidence.SUSPECTED,
            ),
        ),
        fixes=(
            NamedFix("key=dotenv,scheme=x-api-key", {"key": "shell", "scheme": "bearer"}),
            NamedFix("key=dotenv", {"key": "shell"}),
        ),
        untested=({"key": "vault", "proxy": "corp", "scheme": "bearer"},),
        rule="denied in all 4 cells sent when key is dotenv or scheme is x-api-key",
        keys={"key=shell": SHELL, "key=dotenv": DOTENV, "key=vault": vault, "key=wallet": wallet},
        unmet=("key=dotenv: expected pass, came denied",),
        cassette="cassettes/deepseek-401.yaml",
    )


def denied_baseline() -> RunResult:
    stale = KeyFacts(
        "env DEEPSEEK_API_KEY",
        "DEEPSEEK_API_KEY",
        "s1",
        KeyShape(35, "sk-", "hex"),
        shadows=(".env:3 has another value, which the environment hides",),
    )
    good = KeyFacts(
        "dotenv .env DEEPSEEK_API_KEY", ".env:3 DEEPSEEK_API_KEY", "s2", KeyShape(35, "sk-", "hex")
    )
    diagnosis = Diagnosis(
        "K07",
        "a stale key hides the good one",
        "The environment variable DEEPSEEK_API_KEY has a key that is denied: .env:3 has another "
        "value, which the environment hides.",
        "remove or update the environment variable DEEPSEEK_API_KEY, or let the loader override it",
        also=("K21", "A01"),
    )
    return run(
        variants=(denied(AXES), passed(AXES, key="dotenv"), denied(AXES, proxy="corp")),
        findings=(finding(diagnosis, {"key": ("shell", "dotenv")}, to=Outcome.PASS),),
        fixes=(NamedFix("baseline", {"key": "dotenv"}),),
        irrelevant=("proxy",),
        keys={"key=shell": stale, "key=dotenv": good},
    )


def interaction() -> RunResult:
    axes: Axes = (("proxy", ("direct", "corp")), ("url", ("https", "http")))
    diagnosis = Diagnosis(
        "P02",
        "the proxy takes the credential out of the request",
        "It takes proxy=corp and url=http together. Through http://127.0.0.1:3128 the API answers "
        'as it does to a request with no credential: it said "Authentication Fails (governor)".',
        "let the proxy http://127.0.0.1:3128 pass the credential header on to this host, or go "
        "around it with NO_PROXY",
        also=("P05",),
    )
    flip = {"proxy": ("direct", "corp"), "url": ("https", "http")}
    return run(
        axes=axes,
        variants=(
            passed(axes),
            passed(axes, proxy="corp"),
            passed(axes, url="http"),
            denied(axes, proxy="corp", url="http"),
        ),
        findings=(finding(diagnosis, flip),),
        evidence=Evidence.CERTIFIED,
    )


def nothing_flips() -> RunResult:
    return run(
        exit_code=0,
        verdict=Verdict.NONE,
        evidence=Evidence.CERTIFIED,
        requests_sent=2,
        rounds=1,
        variants=(passed(AXES), passed(AXES, key="dotenv", proxy="corp", scheme="lower")),
        irrelevant=("key", "proxy", "scheme"),
    )


def all_denied() -> RunResult:
    axes: Axes = (("key", ("shell", "dotenv")),)
    everything = Diagnosis(
        "X03",
        "everything that was sent is denied",
        "All 2 variants that were sent are denied, so no axis here decides it: the key itself, the "
        'account or the provider does, or something not varied yet. The server said "Authentication'
        ' Fails, Your api key: ****<last 4 of s1> is invalid".',
        "add to the scenario: a freshly made key as one more level of `key`, an axis `proxy` with "
        "`none` and the network's own and an axis `url` with the provider's other addresses; and "
        "look at the account in the provider's console",
    )
    quotes = Diagnosis(
        "K08",
        "perhaps: the key has quotes in it",
        "Nothing passed, so this is not proved; but the key from .env:3 DEEPSEEK_API_KEY has 36 "
        "characters, prefix sk-, trailing double quote.",
        QUOTES.fix,
    )
    return run(
        axes=axes,
        verdict=Verdict.ALL_DENIED,
        variants=(denied(axes), denied(axes, key="dotenv")),
        observations=(everything, quotes),
        keys={"key=shell": SHELL, "key=dotenv": DOTENV},
        requests_sent=2,
        rounds=1,
    )


def all_denied_without_words() -> RunResult:
    axes: Axes = (("key", ("shell",)),)
    return run(axes=axes, verdict=Verdict.ALL_DENIED, variants=(denied(axes),))


def unreachable() -> RunResult:
    axes: Axes = (("key", ("shell", "dotenv")),)
    failure = "the name of api.deepseek.example:443 (or of its proxy) cannot be resolved"
    nobody = Diagnosis(
        "N01",
        "the host cannot be reached",
        f"With baseline there is no answer: {failure}. Nothing can be said of the key.",
        "check the host in https://api.deepseek.example/, and DNS and the route to it",
    )
    return run(
        axes=axes,
        exit_code=3,
        verdict=Verdict.NO_VERDICT,
        evidence=Evidence.INCONCLUSIVE,
        variants=(
            row(axes, {}, Outcome.UNREACHABLE, failure=failure),
            row(axes, {"key": "dotenv"}, Outcome.UNREACHABLE, failure=failure),
        ),
        observations=(nobody,),
        requests_sent=2,
        rounds=1,
    )


def flaky() -> RunResult:
    axes: Axes = (("key", ("shell", "dotenv")),)
    nodes = Diagnosis(
        "V01",
        "equal requests get different answers",
        "baseline was repeated without a change and gave pass 2 times and denied once: some "
        "node of the server denies what another accepts.",
        "repeat the request on a denial, and send the provider the exchanges listed here",
    )
    return run(
        axes=axes,
        exit_code=5,
        verdict=Verdict.NONE,
        evidence=Evidence.INCONCLUSIVE,
        variants=(
            row(axes, {}, Outcome.PASS, 200, flaky={"pass": 2, "denied": 1}),
            row(axes, {"key": "dotenv"}, Outcome.DENIED, 401, flaky={"pass": 1, "denied": 2}),
        ),
        observations=(nodes,),
        notes=("every cell was sent 3 times",),
    )


def interrupted() -> RunResult:
    axes: Axes = (("key", ("shell", "dotenv")), ("proxy", ("direct", "corp")))
    return run(
        axes=axes,
        exit_code=130,
        verdict=Verdict.NO_VERDICT,
        evidence=Evidence.INTERRUPTED,
        variants=(row(axes, {}, Outcome.NOT_SENT, reason="interrupted"),),
        ended="interrupted by Ctrl-C",
        untested=tuple({"key": f"level{n}", "proxy": "corp"} for n in range(12)),
        cassette="cassettes/deepseek-401.yaml.8f2c.part",
        requests_sent=1,
        rounds=1,
    )


def replayed() -> RunResult:
    first = one_cause()
    return run(
        lab=True,
        replayed=True,
        variants=first.variants,
        findings=first.findings,
        irrelevant=first.irrelevant,
        untested=({"key": "shell", "proxy": "direct", "scheme": "bearer"},),
    )


def many_axes() -> RunResult:
    names = ("key", "proxy", "scheme", "client", "redirects", "clock", "base-url", "content-type")
    axes: Axes = tuple((name, ("baseline-level", f"another-{name}-level")) for name in names)
    rows = [passed(axes)] + [
        row(axes, {name: f"another-{name}-level"}, Outcome.PASS, 200) for name in names
    ]
    off = {name: f"another-{name}-level" for name in names}
    rows.append(row(axes, off, Outcome.PROXY_DENIED, 407))
    return run(axes=axes, verdict=Verdict.NONE, variants=tuple(rows), requests_sent=10)


def unrecognised() -> RunResult:
    axes: Axes = (("client", ("aiohttp", "raw")),)
    unknown = Diagnosis(
        "X01",
        "client decides it; the cause behind it is not recognised",
        "With client=aiohttp the request passes, with client=raw it is denied (401 Unauthorized), "
        "and nothing else differs. The server said nothing more.",
        "use client=aiohttp; to learn why, compare the headers that both clients sent, as the "
        "cassette has them",
    )
    return run(
        axes=axes,
        variants=(passed(axes), denied(axes, client="raw")),
        findings=(
            finding(
                unknown,
                {"client": ("aiohttp", "raw")},
                pairs=1,
                confidence=Confidence.SUSPECTED,
            ),
        ),
        ended="the budget of 9 requests is used up",
    )


def hostile() -> RunResult:
    axes: Axes = (("key", ("shell", "dotenv")),)
    nasty = 'gone \x1b[31mred\x1b[0m \u202eright to left\u202c zero\u200bwidth \x07 "quoted"'
    diagnosis = Diagnosis(
        "K21",
        "it is another key, and the server does not know it",
        f"The server said {nasty}. \u672a\u6536\u5230Authorization\u53c2\u6570\uff0c"
        "\u65e0\u6cd5\u8fdb\u884c\u8eab\u4efd\u9a8c\u8bc1\u3002",
        f"look at https://example.com/{'a-very-long-path/' * 12}",
        also=("A01",),
    )
    return run(
        axes=axes,
        scenario="hostile\x1b]0;title\x07",
        variants=(
            passed(axes),
            row(axes, {"key": "dotenv"}, Outcome.UNREACHABLE, failure=f"broken: {nasty}"),
        ),
        findings=(finding(diagnosis, {"key": ("shell", "dotenv")}),),
        notes=(nasty, "line\nbreak\tand tab"),
    )


def flip_without_finding() -> RunResult:
    return run(variants=(passed(AXES), denied(AXES, key="dotenv")), evidence=Evidence.INCONCLUSIVE)


def masks_only() -> RunResult:
    return run(
        variants=(passed(AXES),),
        findings=(
            finding(PROXY_DEAD, {"proxy": ("direct", "old")}, to=Outcome.UNREACHABLE, pairs=1),
        ),
    )


STRIPPED = Diagnosis(
    code="P02",
    title="the proxy takes the credential out of the request",
    explanation="With proxy=direct a made-up key arrives as it was sent. Through "
    "http://10.0.0.9:3128 the API answers as it does to a request with no credential: it said "
    '"Authentication Fails (governor)".',
    fix="let the proxy http://10.0.0.9:3128 pass the credential header on to this host, or go "
    "around it with NO_PROXY",
)
CANARY = KeyFacts(
    "canary sk-… 32",
    "made up for this run",
    "s1",
    KeyShape(35, "sk-", "hex"),
    notes=("wrong on purpose: no server knows it, and no key is at risk",),
)
PATH_AXES: Axes = (("proxy", ("direct", "corp", "gateway", "gone")), ("url", ("models", "v1")))


def arrives(arrival: Arrival, expected: Arrival | None = None, **off: str) -> VariantResult:
    outcome = outcome_of_arrival(arrival)
    wanted = Outcome.PASS if expected is None else outcome_of_arrival(expected)
    fields = {"arrival": arrival, "expected_arrival": expected, "expected": wanted}
    return row(PATH_AXES, off, outcome, 401, **fields)


def canary(**fields: object) -> RunResult:
    shared = {
        "scenario": "canary-path",
        "signal": Signal.ARRIVAL,
        "axes": PATH_AXES,
        "keys": {"key": CANARY},
    }
    return run(**(shared | fields))


def arrivals() -> RunResult:
    found = finding(STRIPPED, {"proxy": ("direct", "corp")})
    return canary(
        variants=(
            arrives(Arrival.INTACT),
            arrives(Arrival.ABSENT, proxy="corp"),
            arrives(Arrival.REPLACED, Arrival.ALTERED, proxy="gateway"),
            row(PATH_AXES, {"proxy": "gone"}, Outcome.UNREACHABLE, failure="refused"),
            arrives(Arrival.UNKNOWN, url="v1"),
        ),
        findings=(replace(found, arrivals=(Arrival.INTACT, Arrival.ABSENT)),),
        rule="not intact exactly when proxy is corp",
    )


def arrivals_mended() -> RunResult:
    found = finding(STRIPPED, {"proxy": ("direct", "corp")}, to=Outcome.PASS)
    return canary(
        variants=(arrives(Arrival.ALTERED), arrives(Arrival.INTACT, proxy="corp")),
        findings=(replace(found, arrivals=(Arrival.ALTERED, Arrival.INTACT)),),
    )


def several_arrivals() -> RunResult:
    corp = finding(STRIPPED, {"proxy": ("direct", "corp")})
    gateway = finding(STRIPPED, {"proxy": ("direct", "gateway")})
    return canary(
        variants=(
            arrives(Arrival.INTACT),
            arrives(Arrival.ABSENT, proxy="corp"),
            arrives(Arrival.REPLACED, proxy="gateway"),
        ),
        findings=(
            replace(corp, arrivals=(Arrival.INTACT, Arrival.ABSENT)),
            replace(gateway, arrivals=(Arrival.INTACT, Arrival.REPLACED)),
        ),
    )


def arrives_nowhere() -> RunResult:
    return canary(
        verdict=Verdict.ALL_DENIED,
        variants=(arrives(Arrival.ABSENT), arrives(Arrival.ABSENT, url="v1")),
        observations=(
            Diagnosis(
                code="X05",
                title="the made-up key arrives intact nowhere",
                explanation="In none of the 2 variants that were sent does it arrive as it was "
                "sent, so no axis here decides it.",
                fix="add a way that is known to be clean",
            ),
        ),
    )


def arrival_not_told() -> RunResult:
    return canary(verdict=Verdict.NO_VERDICT, variants=(arrives(Arrival.UNKNOWN),))


def arrives_everywhere() -> RunResult:
    both = (arrives(Arrival.INTACT), arrives(Arrival.INTACT, proxy="corp"))
    return canary(verdict=Verdict.NONE, exit_code=0, variants=both)


SAMPLES = {
    sample.__name__: sample
    for sample in (
        one_cause,
        related_keys,
        several_causes,
        denied_baseline,
        interaction,
        nothing_flips,
        all_denied,
        all_denied_without_words,
        unreachable,
        flaky,
        interrupted,
        replayed,
        many_axes,
        unrecognised,
        hostile,
        flip_without_finding,
        masks_only,
        arrivals,
        arrivals_mended,
        several_arrivals,
        arrives_nowhere,
        arrival_not_told,
        arrives_everywhere,
    )
}
