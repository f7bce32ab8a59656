from __future__ import annotations

import base64

from redaction.samples import made_up, secret

from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.places import Place, find
from harness.leak_scan.searcher import Searcher

KEY, OTHER = made_up(1), made_up(2)
SEARCHER = Searcher(KnownSecrets.of([secret(KEY), secret(OTHER)]))


def places(octets: bytes, **start: int) -> list[str]:
    return [f"{place} {hit.form}" for place, hit in find(octets, SEARCHER, **start).hits]


def test_each_line_is_told() -> None:
    text = f"{KEY}\nfine\n\n{base64.b64encode(OTHER.encode()).decode()} {KEY}\n".encode()
    assert places(text, line=10) == ["line 10 raw", "line 13 raw", "line 13 in base64"]


def test_what_stands_in_several_lines_is_told_with_all_of_them() -> None:
    wrapped = base64.encodebytes(b"user: somebody, the password is: " + KEY.encode() + b"x" * 60)
    assert places(b"fine\nfine\n" + wrapped + b"fine\n") == ["lines 3-4 in base64 in joined lines"]
    pieces = b"\n".join(KEY[at : at + 5].encode() for at in range(0, 35, 5))
    split = b"fine\n" + pieces + b"\nfine\n"
    assert places(split) == ["lines 2-8 in joined lines"]


def test_binary_files_have_bytes() -> None:
    filler = bytes(5000)
    assert places(filler + KEY.encode() + filler, byte=100) == ["byte 5100 raw"]
    encoded = base64.b64encode(KEY.encode())
    assert places(filler + encoded + filler) == ["bytes 4096-8191 in base64"]


def test_a_clean_text_has_no_place() -> None:
    found = find(b"fine\n" * 1000, SEARCHER)
    assert (found.hits, found.not_scanned) == ((), ())


def test_how_a_place_is_written() -> None:
    assert str(Place("line", 3, 3)) == "line 3"
    assert str(Place("byte", 0, 4095)) == "bytes 0-4095"
