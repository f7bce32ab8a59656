"""What every test may use: golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The suite draws the same examples each time, so that a red run is the change's own doing; the
# soak lane draws others: pytest --hypothesis-profile soak.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.register_profile("soak", derandomize=False, deadline=None, max_examples=5_000)
settings.load_profile("suite")

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="write what was seen into the golden files; read the diff in review",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare text with a golden file, or write it with `--golden-update`."""
    update = bool(request.config.getoption("--golden-update"))

    def check(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists():
            pytest.fail(f"no golden file {path}: write it with --golden-update")
        assert path.read_text(encoding="utf-8") == text

    return check
