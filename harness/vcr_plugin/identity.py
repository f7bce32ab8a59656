"""Which secret is which between a request that is made and the redacted ones of a cassette."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.redaction.placeholder import NO_ID, Placeholder

_ATTRIBUTE = "_flip401_mark"


class Session:
    """One cassette in use: which live secret each placeholder turned out to stand for.

    A placeholder that no name tells of is taken for the first secret of its form that is met
    where all else agrees, and for no other one from then on.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._recorded_by_live: dict[str, tuple[str, object]] = {}
        self._ids_by_name: dict[str, set[str]] = {}

    def learn(self, secret_ids: Mapping[str, str]) -> None:
        """Take what the cassette says of its secrets: ids by name."""
        for name, secret_id in secret_ids.items():
            self._ids_by_name.setdefault(name, set()).add(secret_id)

    def names(self, secret_id: str) -> frozenset[str]:
        """Return the names that the cassette gives to a secret."""
        return frozenset(name for name, ids in self._ids_by_name.items() if secret_id in ids)

    def knows(self, names: Iterable[str]) -> bool:
        """Tell whether the cassette has a secret of one of these names."""
        return any(name in self._ids_by_name for name in names)

    def bind(self, pairs: Mapping[str, str], maker: object) -> bool:
        """Take recorded ids by live ids for the same secrets; False when some are others.

        What the same request was taken for before, in the same search, may change: another
        matcher said no to that.
        """
        if len(set(pairs.values())) < len(pairs):
            return False
        others = {
            live: recorded
            for live, (recorded, by) in self._recorded_by_live.items()
            if by is not maker or live not in pairs
        }
        taken = {recorded: live for live, recorded in others.items()}
        for live, recorded in pairs.items():
            if others.get(live, recorded) != recorded or taken.get(recorded, live) != live:
                return False
        for live, recorded in pairs.items():
            if live not in others:
                self._recorded_by_live[live] = recorded, maker
        return True


@dataclass(frozen=True, slots=True)
class Mark:
    """What a request of a cassette carries: its session, and the secrets that it names."""

    session: Session
    secret_ids: Mapping[str, str]

    def put_on(self, request: Any) -> None:
        """Mark the request; copies of it keep the mark."""
        self.session.learn(self.secret_ids)
        setattr(request, _ATTRIBUTE, self)

    @staticmethod
    def on(request: Any) -> Mark | None:
        """Return the mark of a request that was loaded."""
        mark = getattr(request, _ATTRIBUTE, None)
        return mark if isinstance(mark, Mark) else None

    @staticmethod
    def ids_of(request: Any) -> Mapping[str, str]:
        """Return the secrets that a loaded request names; none for one that was made."""
        mark = Mark.on(request)
        return mark.secret_ids if mark else {}

    def __deepcopy__(self, memo: object) -> Mark:
        """Stay the same: vcrpy copies requests, and the session is one."""
        del memo
        return self


def same_form(live: Placeholder, recorded: Placeholder) -> bool:
    """Tell whether two placeholders say the same of their secrets, ids apart."""
    return replace(live, id=NO_ID) == replace(recorded, id=NO_ID)
