from __future__ import annotations

import jwt
import pytest

from harness.lab.key_pairs import checking_key, make_private_key
from harness.model.jwt_algorithms import JWT_ALGORITHMS, KeyKind

PAIRED = [name for name, kind in JWT_ALGORITHMS.items() if kind is not KeyKind.SHARED]


@pytest.mark.parametrize("algorithm", PAIRED)
def test_what_a_private_key_signs_its_public_one_checks(algorithm: str) -> None:
    private = make_private_key(algorithm)
    token = jwt.encode({"a": 1}, private, algorithm=algorithm)
    public, algorithms = checking_key(private)
    assert algorithm in algorithms
    assert "PRIVATE" not in public
    assert jwt.decode(token, public, algorithms=list(algorithms)) == {"a": 1}


def test_a_shared_secret_checks_itself() -> None:
    assert checking_key("abc") == ("abc", ("HS256", "HS384", "HS512"))
    with pytest.raises(ValueError, match="shared secret"):
        make_private_key("HS256")
