"""What is found out before the first request, so that nothing is sent in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness.errors import UsageError
from harness.isolation.search import fixed_cells
from harness.judge.search_space import search_space
from harness.model.outcome import MatchKind
from harness.model.request import EnvUrl, FileBody, Patch, TlsSettings
from harness.model.scenario import Scenario
from harness.redaction.allowed_names import header_may_stay
from harness.scenario_file.template import parse_template
from harness.scenario_file.web_address import is_web_address, userinfo_of
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

    for patch in _patches(scenario):
        tls = patch.tls
        if tls is None or tls == TlsSettings():
            continue
        wanted = replace(tls, ca=path_of(tls.ca), cert=path_of(tls.cert), key=path_of(tls.key))
        try:
            make_context(wanted)
        except TlsFileError as error:
            name = {"ca": tls.ca, "cert": tls.cert}[error.field]
            raise UsageError(
                f"tls.{error.field} {name} {error.reason}",
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
        UsageError: the strategy's cells are more than the budget.
    """
    search = scenario.search
    space = search_space(scenario, {}, parse_template).space
    most = search.budget // search.repeat
    cells = fixed_cells(space, search.strategy, limit=most)
    if cells is not None and len(cells) > most:
        times = f", {search.repeat} times each" if search.repeat > 1 else ""
        raise UsageError(
            f"strategy {search.strategy} needs more than {most} variants{times}: more than the "
            f"budget of {search.budget} requests",
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


def _patches(scenario: Scenario) -> Iterator[Patch]:
    yield scenario.baseline
    yield from (level.patch for axis in scenario.axes for level in axis.levels)
