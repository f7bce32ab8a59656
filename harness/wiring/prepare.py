"""Everything before the first request of a run: agreed to, readable, writable, keys read."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import harness
from harness.cassette_store.writer import CassetteWriter
from harness.judge.search_space import all_sources
from harness.keys.facts import key_facts
from harness.keys.notes import notes_of
from harness.keys.resolve import ResolvedKeys, resolve_keys
from harness.keys.shadows import shadows_of
from harness.keys.system_reader import SystemKeyReader
from harness.keys.trust_store import TrustStore
from harness.lab.world import LabWorld
from harness.matrix.trust_table import trust_table
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource
from harness.model.scenario import Scenario
from harness.model.secret import Secret
from harness.redaction.redactor import Redactor
from harness.scenario_file.template import parse_template
from harness.wiring.lab_names import lab_key_pairs, lab_proxies, lab_sources
from harness.wiring.options import RunOptions, cassette_path, load_scenario
from harness.wiring.preflight import (
    check_body_files,
    check_outcome_headers,
    check_tls_files,
    check_url_variables,
    refuse_over_budget,
)
from harness.wiring.run_facts import RunFacts
from harness.wiring.scenarios import FoundScenario
from harness.wiring.surroundings import Surroundings
from harness.wiring.trust import require_trust


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSending:
    """A scenario that can be sent: its keys are read. `lab` is None for the network as it is."""

    found: FoundScenario
    scenario: Scenario
    redactor: Redactor
    resolved: ResolvedKeys
    facts: Mapping[KeySource, KeyFacts]
    lab: LabWorld | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun(PreparedSending):
    """A run of which nothing was sent yet, and the place where it will be recorded."""

    writer: CassetteWriter
    run_facts: RunFacts


def validate(found: FoundScenario, options: RunOptions, surroundings: Surroundings) -> Scenario:
    """Return the scenario with the options laid over it, checked as far as nobody is asked.

    Raises:
        UsageError: it is not in order.
    """
    scenario = load_scenario(found, options)
    refuse_over_budget(scenario)
    check_body_files(scenario, found)
    check_outcome_headers(scenario)
    check_tls_files(scenario, found)
    if not options.lab:
        check_url_variables(scenario, surroundings.describe_url)
    return scenario


def agree(
    found: FoundScenario, scenario: Scenario, options: RunOptions, surroundings: Surroundings
) -> None:
    """See to it that keys go only where a person agreed.

    Raises:
        TrustError: nobody did.
    """
    if options.lab or found.shipped:
        return
    store = TrustStore.at_home(surroundings.environ)
    table = trust_table(scenario, surroundings.describe_url, parse_template)
    if options.trust:
        store.keep(table.hash)
    else:
        require_trust(table, store, surroundings.confirm)


def prepare(
    found: FoundScenario, scenario: Scenario, options: RunOptions, surroundings: Surroundings
) -> PreparedRun:
    """Make sure of the cassette's place, then read the keys, prompts first.

    Raises:
        UsageError: the place cannot be written, or the lab's settings contradict themselves.
    """
    lab = _lab(scenario, options)
    redactor = surroundings.new_redactor()
    now = surroundings.clock()
    path = cassette_path(scenario, options, surroundings.directory)
    run_id = new_run_id(now)
    writer = CassetteWriter.open(path, run_id, redactor=redactor, append=options.append)
    resolved, facts = _keys(scenario, surroundings, redactor, lab)
    run_facts = RunFacts.of(
        scenario,
        tool=harness.__version__,
        started_at_utc=now,
        lab=options.lab,
        sources=tuple(facts.values()),
        run_id=run_id,
        append=options.append,
    )
    writer.describe(run_facts.document())
    return PreparedRun(
        found=found,
        scenario=scenario,
        writer=writer,
        redactor=redactor,
        resolved=resolved,
        facts=facts,
        run_facts=run_facts,
        lab=lab,
    )


def prepare_sending(
    found: FoundScenario, scenario: Scenario, options: RunOptions, surroundings: Surroundings
) -> PreparedSending:
    """Read the keys, prompts first, for requests that are recorded nowhere.

    Raises:
        UsageError: the lab's settings contradict themselves.
    """
    lab = _lab(scenario, options)
    redactor = surroundings.new_redactor()
    resolved, facts = _keys(scenario, surroundings, redactor, lab)
    return PreparedSending(
        found=found, scenario=scenario, redactor=redactor, resolved=resolved, facts=facts, lab=lab
    )


def new_run_id(now: float) -> str:
    """Return an id for the part file: the time in UTC and four random letters."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    return f"{stamp}-{uuid.uuid4().hex[:4]}"


def _lab(scenario: Scenario, options: RunOptions) -> LabWorld | None:
    if not options.lab:
        return None
    sources, proxies = lab_sources(scenario), lab_proxies(scenario)
    pairs = lab_key_pairs(scenario)
    return LabWorld(scenario.lab, sources=sources, proxies=proxies, pairs=pairs)


def _keys(
    scenario: Scenario, surroundings: Surroundings, redactor: Redactor, lab: LabWorld | None
) -> tuple[ResolvedKeys, Mapping[KeySource, KeyFacts]]:
    """Read each source; the facts are in the order of `all_sources`."""
    sources = all_sources(scenario)
    environ, directory = surroundings.environ, surroundings.directory
    reader = lab.key_reader if lab else SystemKeyReader(environ, directory, surroundings.ask)
    resolved = resolve_keys(sources, reader)
    ids = {
        source: redactor.registry.add(resolved.secrets[source])
        for source in sources
        if source in resolved.secrets
    }

    def rivals(source: KeySource, secret: Secret) -> tuple[str, ...]:
        return () if lab else shadows_of(source, secret, environ, directory)

    def notes(source: KeySource, secret: Secret) -> tuple[str, ...]:
        return () if lab else notes_of(source, secret, environ, directory)

    return resolved, key_facts(sources, resolved, ids, rivals, notes)
