"""What the lane says when a part is missing; needs no part, so it runs with the other tests."""

from __future__ import annotations

import json

import pytest

from real import install, places


def test_a_missing_program_is_an_error_that_says_how_to_get_it():
    with pytest.raises(places.MissingPartError, match=r"no-such-server .*tests/real/install\.py"):
        places.program("no-such-server")


def test_every_npm_package_has_one_exact_version():
    versions = json.loads(places.NPM_MANIFEST.read_text())["dependencies"].values()
    assert all(version[0].isdigit() for version in versions)


def test_the_installer_names_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    there = {"nginx": "/usr/sbin/nginx", "npm": "/usr/bin/npm"}
    monkeypatch.setattr(install, "find_program", there.get)
    monkeypatch.setattr(install, "find_faketime", lambda: None)
    assert set(install.missing_packages()) == {*install.PROGRAM_OF, "faketime"} - {"nginx"}
