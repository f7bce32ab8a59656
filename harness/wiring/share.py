"""Make a bundle that strangers may have: shared once more, judged again, looked through, closed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

import harness
from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_format.line import HEADER, encode_line
from harness.cassette_store.bundle import CASSETTE_NAME, bundle_bytes
from harness.cassette_store.place import target_of
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.whole_file import write_whole
from harness.errors import CassetteError
from harness.model.outcome import OutcomeRules
from harness.model.request import Json
from harness.model.result import RunResult
from harness.model.scenario import Scenario
from harness.model.secret import Secret
from harness.redaction.placeholder import find_placeholders
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.share_profile import Bodies, ShareSettings
from harness.redaction.shared_document import SharedDocument
from harness.reports.json_result import document, dump
from harness.reports.markdown import render_markdown, render_recorded
from harness.reports.markdown_text import code
from harness.wiring.closing_gate import check_bundle, proof_of
from harness.wiring.environment_facts import environment_facts
from harness.wiring.known_secrets import KnownSecrets, known_secrets
from harness.wiring.replay import judge_again, recorded_scenario
from harness.wiring.run_facts import read_run_facts

_MAX_PASSES = 4
_FILES = 6
"""The bundle and its five members, as the closing gate counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOptions:
    """What the command line says: where to, what of bodies, which secrets to look for."""

    to: Path | None = None
    bodies: Bodies = Bodies.SHAPE
    env: tuple[str, ...] = ()
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A bundle that was written. `issue` is Markdown for a bug report.

    `missed` says which key sources could not be read again; `weaker` is true when the bundle
    tells less than the recording did.
    """

    path: Path
    issue: str
    proof: str
    missed: tuple[str, ...]
    weaker: bool


def share(
    path: Path,
    options: ShareOptions,
    *,
    environ: Mapping[str, str],
    directory: Path,
    words: Iterable[str] = (),
) -> Shared:
    """Write the bundle of a cassette; `words` are names of this machine and of its user.

    Raises:
        CassetteError: the cassette cannot be read or is a part file, or the place cannot be
            written.
        UsageError: a variable to look for is not set.
        LeakError: a secret was found in the bundle; nothing is left of it.
    """
    recorded = _whole(path)
    scenario, is_lab = _scenario_of(recorded)
    known = known_secrets(
        None if is_lab else scenario,
        options.env,
        trust=options.trust,
        environ=environ,
        directory=directory,
    )
    settings = ShareSettings(
        bodies=options.bodies,
        rules=scenario.outcome if scenario else OutcomeRules(),
        words=tuple(words),
    )
    redactor = _redactor(recorded, known)
    shared = _shared(recorded, redactor, settings)
    target = _target(path, options.to)
    secrets = tuple(redactor.registry)
    proof = proof_of(known.secrets, _FILES)
    result = judge_again(shared, CASSETTE_NAME) if scenario else None
    environment = environment_facts(environ)

    def report(*closing: str) -> str:
        if result is not None:
            return render_markdown([result], environment=environment, closing=closing)
        lines = render_recorded([(one.exchange, one.outcome) for one in shared.records])
        return "\n".join(lines).lstrip("\n") + render_markdown(
            [], environment=environment, closing=closing
        )

    data = bundle_bytes(
        {
            CASSETTE_NAME: _cassette_bytes(shared),
            "environment.json": _as_json(dict(environment)),
            "report.md": report(_proof_words(proof)).encode(),
            "result.json": _result(result),
            "scenario.yaml": _scenario_bytes(shared.run),
        }
    )
    _publish(data, target, secrets)
    return Shared(
        path=target,
        issue=report(_proof_words(proof), _how_to_see_it(target.name)),
        proof=proof,
        missed=known.missed,
        weaker=scenario is not None and _gist(recorded) != _gist(shared),
    )


def _whole(path: Path) -> Cassette:
    hint = f"publish it first: flip401 repair {path}"
    if path.suffix == ".part":
        raise CassetteError(f"{path} is a part of a run that was cut off", hint=hint)
    return read_cassette(path)


def _scenario_of(cassette: Cassette) -> tuple[Scenario | None, bool]:
    """Return the scenario of the run, None where others recorded, and whether it was a lab's."""
    if cassette.run is None:
        return None, False
    facts = read_run_facts(cassette.run, cassette.file)
    return recorded_scenario(facts, cassette.file), facts.lab


def _redactor(cassette: Cassette, known: KnownSecrets) -> Redactor:
    """Return a redactor that knows the secrets and numbers on where the cassette left off."""
    lines = [encode_line(one.exchange, one.outcome) for one in cassette.records]
    texts = (*lines, json.dumps(cassette.run))
    ids = {found.id for text in texts for found in find_placeholders(text)}
    ids |= {one for record in cassette.records for one in record.exchange.secret_ids.values()}
    numbers = (int(one.rpartition(".")[2][1:]) for one in ids if one[-1].isdigit())
    redactor = Redactor(SecretRegistry(after=max(numbers, default=0)))
    for secret in known.secrets:
        redactor.registry.add(secret)
    return redactor


def _shared(cassette: Cassette, redactor: Redactor, settings: ShareSettings) -> Cassette:
    """Apply the profile; again while that teaches new secrets, which may stand further up."""
    profile = redactor.share_profile(settings)

    def once() -> Cassette:
        run = redactor.document(SharedDocument(profile).run(cassette.run))
        records = tuple(
            Record(redactor.readmit(profile.exchange(one.exchange, one.outcome)), one.outcome)
            for one in cassette.records
        )
        return Cassette(CASSETTE_NAME, run, records)

    for _ in range(_MAX_PASSES):
        before = redactor.registry.version
        shared = once()
        if redactor.registry.version == before:
            break
    return shared


def _cassette_bytes(cassette: Cassette) -> bytes:
    lines = [
        encode_line(record.exchange, record.outcome, None if index else cassette.run)
        for index, record in enumerate(cassette.records)
    ]
    return (HEADER + "".join(lines)).encode("ascii")


def _scenario_bytes(run: Json) -> bytes:
    scenario = run.get("scenario") if isinstance(run, dict) else None
    if scenario is None:
        return b"# recorded without a scenario\n"
    text: str = yaml.safe_dump(scenario, sort_keys=False, width=2**31 - 1)
    return text.encode()


def _result(result: RunResult | None) -> bytes:
    results = [] if result is None else [result]
    code_of_all = 0 if result is None else result.exit_code
    return dump(document(results, code_of_all, harness.__version__)).encode()


def _as_json(value: Json) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def _gist(cassette: Cassette) -> tuple[object, ...]:
    """Return what a replay must not lose: outcomes, and causes with their flips."""
    result = judge_again(cassette, CASSETTE_NAME)
    variants = tuple((one.variant.id, one.outcome) for one in result.variants)
    causes = tuple((one.flip, one.to, one.diagnosis.code) for one in result.findings)
    observed = tuple(one.code for one in result.observations)
    return variants, causes, observed, result.exit_code


def _target(path: Path, to: Path | None) -> Path:
    target = target_of(to or path.with_name(f"{path.stem}.share.zip"))
    if target == path.absolute() or (target.exists() and target.samefile(path)):
        raise CassetteError(f"cannot write the bundle {to}: it is the cassette itself")
    return target


def _publish(data: bytes, target: Path, secrets: tuple[Secret, ...]) -> None:
    """Write beside the target, read that back and look through it, and put it in place."""

    def check(fresh: Path) -> None:
        check_bundle(fresh.read_bytes(), target.name, secrets, _FILES)
        read_cassette(fresh)

    write_whole(data, target, check=check)


def _proof_words(proof: str) -> str:
    return f"Checked before it was written: {proof}."


def _how_to_see_it(name: str) -> str:
    return f"See it without a network: {code(f'flip401 replay {name}')}."
