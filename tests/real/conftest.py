"""Servers written by others, each started once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.made_keys import made_key
from support.product import Product

from real.components.apache import apache
from real.components.httpbin import httpbin
from real.components.jwt_api import issuer, jwt_api
from real.components.nginx import Nginx, nginx

KEY = made_key("real parts")
"""The one key that nginx and Apache take."""


@pytest.fixture
def product(tmp_path: Path) -> Product:
    return Product(tmp_path, {"API_KEY": KEY})


@pytest.fixture(scope="session")
def nginx_server() -> Iterator[Nginx]:
    with nginx(KEY) as server:
        yield server


@pytest.fixture(scope="session")
def apache_url() -> Iterator[str]:
    with apache(KEY) as url:
        yield url


@pytest.fixture(scope="session")
def httpbin_url() -> Iterator[str]:
    with httpbin() as url:
        yield url


@pytest.fixture(scope="session")
def issuer_url() -> Iterator[str]:
    with issuer() as url:
        yield url


@pytest.fixture(scope="session")
def jwt_api_url(issuer_url: str) -> Iterator[str]:
    with jwt_api(issuer_url) as url:
        yield url
