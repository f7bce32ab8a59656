"""Tokens signed with a private key, from the scenario to the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.product import Product

from harness.model.jwt_algorithms import JWT_ALGORITHMS


@pytest.mark.parametrize("algorithm", ["RS256", "PS512", "ES256", "ES512", "EdDSA", "HS384"])
def test_a_clock_that_is_wrong_flips_whatever_signs(algorithm: str, tmp_path: Path) -> None:
    assert algorithm in JWT_ALGORITHMS
    scenario = {
        "request": {
            "url": "https://api.example.com/v1/me",
            "key": {"file": "key.pem"},
            "sign": {"jwt": {"alg": algorithm}},
        },
        "axes": {"clock": ["0s", "-10m"]},
        "lab": {"provider": "jwt"},
    }
    ran = Product(tmp_path, {}).run(scenario, "--lab")
    assert ran.outcomes == {"baseline": "pass", "clock=-10m": "denied"}
    (found,) = ran.findings
    assert (found["code"], found["confidence"]) == ("C03", "proved")
    text = (tmp_path / str(ran.run["cassette"])).read_text()
    assert "PRIVATE KEY" not in text
