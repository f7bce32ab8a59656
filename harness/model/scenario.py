"""A scenario as read: a baseline, axes, rules of outcome, expectations and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.errors import Place
from harness.model.arrival import Arrival
from harness.model.outcome import Outcome, OutcomeRules
from harness.model.request import Patch

NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Level:
    """One value of an axis: a name and the patch that it makes of the request."""

    name: str
    patch: Patch
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies. `field` names the request field that it replaces, if any.

    The first level is the baseline's.
    """

    name: str
    levels: tuple[Level, ...]
    field: str | None = None
    place: Place = NOWHERE

    def level(self, name: str) -> Level:
        """Return the level called `name`.

        Raises:
            KeyError: there is none.
        """
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Selection:
    """Cells chosen by axis: axis name → level names; an axis not named takes any level."""

    levels: Mapping[str, tuple[str, ...]]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of the cells `when` selects; `code` is the cause expected, if any.

    `arrival` is how a made-up key is to arrive; `outcome` then is what that is searched as.
    """

    when: Selection
    outcome: Outcome
    code: str | None = None
    arrival: Arrival | None = None


class Strategy(StrEnum):
    """How the cells to run are chosen."""

    ISOLATE = "isolate"
    ONE_AT_A_TIME = "one-at-a-time"
    PAIRWISE = "pairwise"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Limits and strategy. `budget` counts every exchange sent, hops and auth steps included.

    `rate_per_second` None means no limit; `deadline_seconds` is the whole run's.
    """

    strategy: Strategy = Strategy.ISOLATE
    concurrency: int = 8
    rate_per_second: float | None = None
    repeat: int = 1
    budget: int = 200
    max_denied: int = 50
    deadline_seconds: float = 300.0


class LabKeyKind(StrEnum):
    """What the lab's servers think of a key."""

    GOOD = "good"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    NO_BALANCE = "no-balance"
    RATE_LIMITED = "rate-limited"
    FORBIDDEN = "forbidden"
    EMPTY = "empty"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class LabKey:
    """The key that one source gives under `--lab`.

    `text` is a fixed value (a placeholder left in place, `undefined` …) and wins over `kind`.
    `same_as` takes the value of another entry; `prefix` and `suffix` go around any value.
    """

    kind: LabKeyKind = LabKeyKind.GOOD
    text: str | None = None
    same_as: str | None = None
    prefix: str = ""
    suffix: str = ""


class LabProvider(StrEnum):
    """Whose answers the lab's origin gives."""

    DEEPSEEK = "deepseek"
    JWT = "jwt"
    HTTP_BEARER = "http-bearer"
    HTTP_BASIC = "http-basic"
    HMAC = "hmac"
    AWS = "aws"
    TENCENT = "tencent"


class LabProxy(StrEnum):
    """What a lab proxy does to the requests that pass through it."""

    HONEST = "honest"
    STRIP_AUTHORIZATION = "strip-authorization"
    REPLACE_AUTHORIZATION = "replace-authorization"
    STRIP_HTTP_ONLY = "strip-http-only"
    DEMAND_CREDENTIALS = "demand-credentials"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class LabRedirect:
    """URLs that start with `origin` are answered `status` with `to` in its place."""

    origin: str
    to: str
    status: int = 307


@dataclass(frozen=True, slots=True)
class LabSettings:
    """The world under `--lab`. Default: every key good, every proxy honest.

    `keys` maps a level of axis `key` (`<name>.<level>` for axis `keys.<name>`; `key` or
    `keys.<name>` when the source does not vary) to its entry; `proxies` a level of axis
    `proxy` (`proxy` when it does not vary).
    """

    provider: LabProvider = LabProvider.DEEPSEEK
    wording: str = "current"
    leeway_seconds: float = 60.0
    keys: Mapping[str, LabKey] = field(default_factory=dict)
    proxies: Mapping[str, LabProxy] = field(default_factory=dict)
    redirects: tuple[LabRedirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `document` is its normalised JSON text, secrets not yet redacted."""

    name: str
    baseline: Patch
    description: str = ""
    axes: tuple[Axis, ...] = ()
    exclude: tuple[Selection, ...] = ()
    include: tuple[Selection, ...] = ()
    outcome: OutcomeRules = OutcomeRules()
    expect: tuple[Expectation, ...] = ()
    search: SearchSettings = SearchSettings()
    cassette: str | None = None
    lab: LabSettings = LabSettings()
    file: str = ""
    document: str = field(default="", repr=False)

    def axis(self, name: str) -> Axis:
        """Return the axis called `name`.

        Raises:
            KeyError: there is none.
        """
        for axis in self.axes:
            if axis.name == name:
                return axis
        raise KeyError(name)
