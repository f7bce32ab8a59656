from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import example, given
from hypothesis import strategies as st

from harness.lab.dotenv_file import dotenv_text
from harness.model.secret import Provenance, Secret


def secret(value: str) -> Secret:
    return Secret(value, Provenance("dotenv", ".env"))


@example(value="key\r")
@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_loader_gives_back_the_value(value: str) -> None:
    text = dotenv_text({"A": secret(value), "B": secret("last")})
    assert dotenv_values(stream=io.StringIO(text), interpolate=False) == {"A": value, "B": "last"}


@pytest.mark.parametrize("value", ["plain", 'kept"', "$HOME", "${HOME}", "a b#c", "two\nlines"])
def test_a_shell_gives_back_the_value_too(value: str, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(dotenv_text({"A": secret(value)}))
    command = ["sh", "-c", '. "$1"; printf %s "$A"', "sh", str(file)]
    shown = subprocess.run(command, capture_output=True, check=True, env={"HOME": "/nowhere"})
    assert shown.stdout.decode() == value
