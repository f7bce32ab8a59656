"""A known secret is found wherever it stands, and through any three encodings in reach."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from leak_scan.encodings import COMPRESSED, ENCODINGS, SPLIT, encode, in_reach
from redaction.samples import BASE62, HEX, made_up, secret

from harness.leak_scan.gate import find_leaks
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.public_values import why_not_looked_for
from harness.leak_scan.scan import Scan
from harness.leak_scan.searcher import Searcher

SECRETS = {
    "a key": made_up(1),
    "letters of both cases": made_up(2, 40, BASE62, ""),
    "a password": "a\"b\\c/d+7x<9&%41='z",
    "a phrase": "correct horse battery 7",
    "a UUID": "0b1c2d3e-4f50-4617-a8b9-cadbecfd0e1f",
    "other letters": "pässwörd-€-7ß1",
}
CONTAINERS: dict[str, Callable[[bytes], bytes]] = {}


def _container(make: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    CONTAINERS[make.__name__.strip("_")] = make
    return make


@_container
def _file(content: bytes) -> bytes:
    return content


@_container
def _zip(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.txt", content)
    return made.getvalue()


@_container
def _tar(content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("inner/a.txt")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


@_container
def _tgz(content: bytes) -> bytes:
    return COMPRESSED["gzip"](_tar(content))


@_container
def _zip_in_tbz2(content: bytes) -> bytes:
    return COMPRESSED["bz2"](_tar(_zip(content)))


@_container
def _xz(content: bytes) -> bytes:
    return COMPRESSED["xz"](content)


def scanned(value: str, content: bytes, name: str = "a") -> list[str]:
    scan = Scan(Searcher(KnownSecrets.of([secret(value)])))
    scan.file(scan.name(name), name, io.BytesIO(content))
    assert not scan.report.not_scanned
    return [leak.file for leak in scan.report.leaks if leak.number]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("name", ENCODINGS)
def test_each_kind_of_secret_is_found_in_each_encoding_and_container(
    name: str, kind: str, container: str
) -> None:
    value = SECRETS[kind]
    content = b'fine\n{"a": "' + encode(value.encode(), (name,)) + b'"}\nfine\n'
    assert scanned(value, CONTAINERS[container](content))


@pytest.mark.parametrize("container", CONTAINERS)
def test_what_holds_no_secret_is_clean(container: str) -> None:
    content = b"fine\n" + encode(made_up(5).encode(), ("base64",))
    assert scanned(made_up(1), CONTAINERS[container](content)) == []


VALUES = st.one_of(
    st.text(HEX, min_size=24, max_size=40).map(lambda text: f"sk-{text}"),
    st.text(BASE62, min_size=16, max_size=60),
    st.text(BASE62 + "+/=-_.!$%&<>\"'\\;:@", min_size=16, max_size=40),
    st.uuids().map(str),
)
SURROUNDINGS = st.sampled_from(
    [
        (b"", b""),
        (b'{"a": "', b'"}\n'),
        (b"x: ", b"\nfine\n"),
        (b"GET /?k=", b"&b=1 HTTP/1.1\r\n"),
        (b"one\ntwo <", b"> three"),
    ]
)
CHAINS = st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=3).map(tuple)
FIRST = st.sampled_from([str, str.upper, str.lower, str.swapcase, lambda text: text[::-1]])


@settings(max_examples=max(500, settings.default.max_examples))
@given(VALUES, FIRST, CHAINS, SURROUNDINGS)
def test_a_secret_is_found_through_three_encodings_anywhere(
    value: str,
    first: Callable[[str], str],
    chain: tuple[str, ...],
    around: tuple[bytes, bytes],
) -> None:
    assume(in_reach(chain) and not why_not_looked_for(value))
    assume(not {*chain} & {*SPLIT} or value.isalnum())  # signs at a cut are anybody's guess
    written = encode(first(value).encode(), chain)
    leaks = find_leaks(around[0] + written + around[1], [secret(value)])
    assert any("secret 1" in leak for leak in leaks)
    assert value.islower() or not any(value in leak for leak in leaks)
