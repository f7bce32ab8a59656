"""Ask before keys travel: the trust table is shown and agreed to, once per table."""

from __future__ import annotations

from collections.abc import Callable

from harness.errors import TrustError
from harness.keys.trust_store import TrustStore
from harness.matrix.trust_table import TrustTable

Confirm = Callable[[str], bool]
"""Shows a text at the terminal and asks yes or no."""


def require_trust(table: TrustTable, store: TrustStore, confirm: Confirm | None) -> None:
    """Return when the table is agreed to, now or earlier.

    `confirm` is None off a terminal.

    Raises:
        TrustError: it is not, and nobody can be asked, or the answer was no.
    """
    if not table.rows or store.holds(table.hash):
        return
    if confirm is None:
        raise TrustError(
            f"this scenario is not trusted yet on this machine\n{table_text(table)}",
            hint="look at where the keys go, then run again with --trust",
        )
    if not confirm(table_text(table)):
        raise TrustError("not trusted, nothing was sent")
    store.keep(table.hash)


def table_text(table: TrustTable) -> str:
    """Return the table as lines: which key goes where, and which commands would run."""
    lines = []
    for row in table.rows:
        lines.append(f"  {row.source} goes to {', '.join(row.origins)}")
        if row.command:
            lines.append(f"    and runs the command: {' '.join(row.command)}")
        if row.wanders:
            lines.append("    and to wherever a redirect leads (credentials: always)")
    return "\n".join(lines) or "  no key is read"
