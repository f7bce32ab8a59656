"""What a cassette says of its run: enough to judge it again with no key and no network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from harness.errors import CassetteError
from harness.model.finding import Ended, Finding
from harness.model.key_facts import KeyFacts, KeyShape
from harness.model.scenario import Scenario

FORMAT = 1


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What a finding came to: the flip, the outcome that it leads to, the code of its cause."""

    flip: Mapping[str, tuple[str, str]]
    to: str
    code: str

    @classmethod
    def of(cls, finding: Finding) -> FindingFacts:
        """Return the facts of a finding."""
        return cls(finding.flip, finding.to.value, finding.diagnosis.code)

    def __str__(self) -> str:
        """Render like `K08: key shell -> dotenv, to denied`."""
        changes = ", ".join(f"{axis} {start} -> {end}" for axis, (start, end) in self.flip.items())
        return f"{self.code}: {changes}, to {self.to}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """The run facts, kept under `harness.run` of the first exchange.

    `scenario` is the scenario's document; `strategy`, `repeat` and `concurrency` are what the
    run used in its place. `sources` are the facts of its key sources, in the order of
    `all_sources`. `ended` says why the run sent no more and `findings` what it found; they are
    None in a part file, whose run did not come to its end. `append` is whether the run was to be
    added to its cassette. Files of early versions lack `id`, `append` and `findings`.
    """

    tool: str
    started_at_utc: float
    lab: bool
    scenario: dict[str, Any]
    strategy: str
    repeat: int
    concurrency: int
    sources: Sequence[KeyFacts]
    ended: Ended | None = None
    id: str = ""
    append: bool = False
    findings: Sequence[FindingFacts] | None = None

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        *,
        tool: str,
        started_at_utc: float,
        lab: bool,
        sources: Sequence[KeyFacts],
        run_id: str = "",
        append: bool = False,
    ) -> RunFacts:
        """Return the facts of a run that begins."""
        search = scenario.search
        return cls(
            tool=tool,
            started_at_utc=started_at_utc,
            lab=lab,
            scenario=json.loads(scenario.document),
            strategy=search.strategy.value,
            repeat=search.repeat,
            concurrency=search.concurrency,
            sources=sources,
            id=run_id,
            append=append,
        )

    def document(self) -> dict[str, Any]:
        """Return the facts as plain JSON values: lists too, for the redactor looks into those."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return {"format": FORMAT, **plain}


def read_run_facts(document: object, file: str) -> RunFacts:
    """Read the facts back.

    Raises:
        CassetteError: they are missing or of a form that this version does not know.
    """
    if document is None:
        raise CassetteError(
            f"{file} holds no run of a scenario, so there is nothing to judge again",
            hint="what it holds can be compared (`diff`), served (`serve`), searched for secrets"
            " (`scan`) and shared (`share`)",
        )
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CassetteError(
            f"{file} has no run facts that this version can read",
            hint="only cassettes that flip401 recorded can be replayed",
        )
    try:
        return RunFacts(
            tool=str(document["tool"]),
            started_at_utc=float(document["started_at_utc"]),
            lab=bool(document["lab"]),
            scenario=dict(document["scenario"]),
            strategy=str(document["strategy"]),
            repeat=int(document["repeat"]),
            concurrency=int(document["concurrency"]),
            sources=tuple(_key_facts(entry) for entry in document["sources"]),
            ended=None if document["ended"] is None else Ended(document["ended"]),
            id=str(document.get("id", "")),
            append=bool(document.get("append", False)),
            findings=_findings(document.get("findings")),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CassetteError(f"{file} has damaged run facts in its first exchange") from None


def _findings(entries: Any) -> tuple[FindingFacts, ...] | None:
    if entries is None:
        return None
    return tuple(
        FindingFacts(
            {str(axis): (str(start), str(end)) for axis, (start, end) in one["flip"].items()},
            str(one["to"]),
            str(one["code"]),
        )
        for one in entries
    )


def _key_facts(entry: Mapping[str, Any]) -> KeyFacts:
    shape = entry["shape"]
    return KeyFacts(
        source=str(entry["source"]),
        place=str(entry["place"]),
        secret_id=str(entry["secret_id"]),
        shape=None if shape is None else _key_shape(shape),
        same_as=str(entry["same_as"]),
        shadows=tuple(map(str, entry["shadows"])),
        error=str(entry["error"]),
        hint=str(entry["hint"]),
        notes=tuple(map(str, entry.get("notes", ()))),
    )


def _key_shape(shape: Mapping[str, Any]) -> KeyShape:
    return KeyShape(
        length=int(shape["length"]),
        prefix=str(shape["prefix"]),
        charset=str(shape["charset"]),
        edges=tuple(map(str, shape["edges"])),
        non_ascii=tuple(map(int, shape["non_ascii"])),
        marks=tuple(map(str, shape["marks"])),
    )
