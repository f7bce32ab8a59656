"""flip401: why is it 401? The one public door of the package.

What a test suite needs for its own `vcr.VCR` is imported when it is asked for:
`CassettePlugin`, `Secret`, `Provenance` and `LeakError`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.errors import CassetteError, LeakError
    from harness.model.secret import Provenance, Secret
    from harness.vcr_plugin.plugin import CassettePlugin

__version__ = "0.1.0"

__all__ = ["CassetteError", "CassettePlugin", "LeakError", "Provenance", "Secret", "__version__"]

_HOMES = {
    "CassetteError": "harness.errors",
    "CassettePlugin": "harness.vcr_plugin.plugin",
    "LeakError": "harness.errors",
    "Provenance": "harness.model.secret",
    "Secret": "harness.model.secret",
}


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
