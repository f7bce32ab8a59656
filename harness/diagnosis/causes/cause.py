"""What a cause is: a code and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model.finding import Diagnosis

MEASURED = "measured"
"""The source of a cause that was reproduced on loopback and read nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause. `title`, `explanation` and `fix` are `str.format` templates over named facts.

    `source` is a public URL that shows the cause in the field, or `MEASURED`. `also` are codes
    that nobody outside the server can tell from this one.
    """

    code: str
    title: str
    explanation: str
    fix: str
    source: str
    also: tuple[str, ...] = ()

    def diagnosis(
        self,
        facts: Mapping[str, str],
        *,
        also: tuple[str, ...] = (),
        exchanges: tuple[str, ...] = (),
    ) -> Diagnosis:
        """Fill the words in with facts.

        Raises:
            KeyError: a template names a fact that is not there.
        """
        return Diagnosis(
            code=self.code,
            title=self.title.format_map(facts),
            explanation=self.explanation.format_map(facts),
            fix=self.fix.format_map(facts),
            also=tuple(dict.fromkeys((*self.also, *also))),
            exchanges=exchanges,
        )
