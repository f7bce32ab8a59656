"""Keep TLS inside TLS, with an origin through an https proxy, from hanging when it breaks.

Before Python 3.11.8 and 3.12.2 the transport of the outer TLS cannot be told to close by the
inner one: a TypeError takes the place of the reason, and who waits for it is never woken
(python/cpython#113214).
"""

from __future__ import annotations

import asyncio
import sys

IS_BROKEN = sys.version_info < (3, 11, 8) or (3, 12) <= sys.version_info < (3, 12, 2)


def let_inner_close(outer: asyncio.BaseTransport) -> None:
    """Make this one transport close when the TLS inside it fails; nothing else is changed."""
    if IS_BROKEN and outer.get_extra_info("ssl_object") is not None:
        assert isinstance(outer, asyncio.Transport)
        aborting = outer.abort

        def force_close(_error: BaseException | None) -> None:
            aborting()

        outer._force_close = force_close  # type: ignore[attr-defined]  # noqa: SLF001 - the bug
