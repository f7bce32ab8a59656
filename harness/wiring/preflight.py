"""What is found out before the first request, so that nothing is sent in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness.errors import UsageError
from harness.isolation.search import fixed_cells
from harness.judge.search_space import search_space
from harness.matrix.compose import plan_of
from harness.model.outcome import MatchKind
from harness.model.request import EnvUrl, FileBody, Patch, ProxyRoute, TlsSettings
from harness.model.scenario import Scenario
from harness.redaction.allowed_names import header_may_stay
from harness.scenario_file.template import parse_template
from harness.scenario_file.web_address import is_web_address, userinfo_of
from harness.signing.flow import is_shared, usual_requests
from harness.transport.tls_contexts import TlsFileError, make_context
from harness.wiring.scenarios import FoundScenario

_KEPT_IN_PART = frozenset({"www-authenticate", "proxy-authenticate", "location"})
"""Headers of which all is kept but nonces and secrets."""


def check_body_files(scenario: Scenario, found: FoundScenario) -> None:
    """Find out before the first request whether every `body_file` can be read.

    Raises:
        UsageError: one cannot.
    """
    for patch in _patches(scenario):
        if isinstance(patch.body, FileBody):
            try:
                (found.directory / patch.body.path).read_bytes()
            except OSError as error:
                raise UsageError(
                    f"cannot read body_file {patch.body.path}: {(error.strerror or '').lower()}",
                    hint="it is relative to the scenario file",
                ) from None


def check_outcome_headers(scenario: Scenario) -> None:
    """Find out whether every header that a rule compares will be there to be compared.

    Rules judge what the cassette keeps, so that a replay judges alike, and of a header that
    nobody vouched for it keeps the name only.

    Raises:
        UsageError: the value of one is not kept.
    """
    for rule in (*scenario.outcome.denied, *scenario.outcome.passing):
        for name, matcher in rule.headers:
            kept = header_may_stay(name) or name in _KEPT_IN_PART
            if matcher.kind is not MatchKind.PRESENT and not kept:
                raise UsageError(
                    f"outcome: the value of the header {name} is not kept, so no rule can compare "
                    "it",
                    hint="ask whether it is `present`, or compare `status`, `json` or `text`",
                )


def check_tls_files(scenario: Scenario, found: FoundScenario) -> None:
    """Find out before the first request whether every file of `tls` can be used.

    Raises:
        UsageError: one cannot.
    """

    def path_of(name: str | None) -> str | None:
        return name and str(found.directory / name)

    for field, tls in _tls_settings(scenario):
        wanted = replace(tls, ca=path_of(tls.ca), cert=path_of(tls.cert), key=path_of(tls.key))
        try:
            make_context(wanted)
        except TlsFileError as error:
            name = {"ca": tls.ca, "cert": tls.cert}[error.field]
            raise UsageError(
                f"{field}.{error.field} {name} {error.reason}",
                hint="the files of `tls` are PEM and relative to the scenario file",
            ) from None


def check_url_variables(scenario: Scenario, describe_url: Callable[[EnvUrl], str]) -> None:
    """Find out whether the variables that hold a base URL hold one; unset ones are no fault.

    Raises:
        UsageError: one holds something else; what it holds may be a secret and is not shown.
    """
    for patch in _patches(scenario):
        if isinstance(patch.url, EnvUrl):
            url = describe_url(patch.url)
            if url and not is_web_address(url):
                raise UsageError(
                    f"the environment variable {patch.url.name} holds no http or https URL",
                    hint="write it like https://api.example.com",
                )
            if url and userinfo_of(url):
                raise UsageError(
                    f"the environment variable {patch.url.name} holds a URL with a user name",
                    hint="take it out, and name the credential with `key` and `sign: {basic: …}`",
                )


def refuse_over_budget(scenario: Scenario) -> None:
    """Refuse a fixed plan that cannot fit: finding out half way would waste the requests.

    Raises:
        UsageError: the strategy's cells, with what their signatures send first, are more than
            the budget.
    """
    search = scenario.search
    found = search_space(scenario, {}, parse_template)
    most = search.budget // search.repeat
    cells = fixed_cells(found.space, search.strategy, limit=most)
    if cells is None:
        return
    times = f", {search.repeat} times each" if search.repeat > 1 else ""
    if len(cells) > most:
        needs = f"more than {most} variants{times}"
    else:
        signs = [plan_of(scenario, found.to_scenario(cell)).sign for cell in cells]
        needed = sum(map(usual_requests, signs)) * search.repeat + any(map(is_shared, signs))
        needs = f"{needed} requests, some variants more than one"
        if needed <= search.budget:
            return
    raise UsageError(
        f"strategy {search.strategy} needs {needs}: more than the budget of {search.budget} "
        "requests",
        hint="a large matrix is what `strategy: isolate` is for; or raise `search.budget`",
    )


def refuse_shared_places(paths: Iterable[Path]) -> None:
    """Refuse two runs that would record to one file: the second would replace the first.

    Raises:
        UsageError: they would.
    """
    seen: set[Path] = set()
    for path in paths:
        if path in seen:
            raise UsageError(
                f"two scenarios would record to {path.name}, and the second replace the first",
                hint="give each its own `record.cassette`, or add to one with `--append`",
            )
        seen.add(path)


def _tls_settings(scenario: Scenario) -> Iterator[tuple[str, TlsSettings]]:
    """Yield every setting that is not the default, with the name of its field."""
    for patch in _patches(scenario):
        if patch.tls is not None and patch.tls != TlsSettings():
            yield "tls", patch.tls
        if isinstance(patch.proxy, ProxyRoute) and patch.proxy.tls != TlsSettings():
            yield "proxy.tls", patch.proxy.tls


def _patches(scenario: Scenario) -> Iterator[Patch]:
    yield scenario.baseline
    yield from (level.patch for axis in scenario.axes for level in axis.levels)
