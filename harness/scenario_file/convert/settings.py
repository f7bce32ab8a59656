"""The limits of the search and the world of the lab."""

from __future__ import annotations

from harness.model.scenario import (
    LabKey,
    LabKeyKind,
    LabProvider,
    LabProxy,
    LabRedirect,
    LabSettings,
    SearchSettings,
    Strategy,
)
from harness.scenario_file.convert.fields import seconds
from harness.scenario_file.durations import per_second
from harness.scenario_file.form.lab import LabForm, LabKeyForm
from harness.scenario_file.form.scenario import SearchForm


def search_of(form: SearchForm) -> SearchSettings:
    """Return strategy and limits."""
    return SearchSettings(
        strategy=Strategy(form.strategy),
        concurrency=form.concurrency,
        rate_per_second=per_second(form.rate) if form.rate else None,
        repeat=form.repeat,
        budget=form.budget,
        max_denied=form.max_denied,
        deadline_seconds=seconds(form.deadline),
    )


def lab_of(form: LabForm) -> LabSettings:
    """Return the world under `--lab`."""
    return LabSettings(
        provider=LabProvider(form.provider),
        wording=form.wording,
        leeway_seconds=seconds(form.leeway),
        keys={name: _lab_key(key) for name, key in form.keys.items()},
        proxies={name: LabProxy(kind) for name, kind in form.proxies.items()},
        redirects=tuple(LabRedirect(one.origin, one.to, one.status) for one in form.redirects),
    )


def _lab_key(form: LabKeyForm) -> LabKey:
    return LabKey(LabKeyKind(form.value), form.text, form.same_as, form.prefix, form.suffix)
