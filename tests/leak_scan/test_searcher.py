from __future__ import annotations

import base64

from redaction.samples import made_up, secret

from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.searcher import Searcher, Unknown

KEY = made_up(1)
NAME = "env DEEPSEEK_API_KEY"


def searcher(*values: str, unknown: Unknown = Unknown.PROVIDER_KEYS) -> Searcher:
    return Searcher(KnownSecrets.of(map(secret, values)), unknown)


def told(found: Searcher, text: str) -> list[tuple[str, str]]:
    return [(hit.what, hit.form) for hit in found.search(text.encode()).hits]


def test_a_hit_says_whose_and_how() -> None:
    encoded = base64.b64encode(KEY[::-1].encode()).decode()
    assert told(searcher(KEY), f"%22{encoded}%22") == [(NAME, "reversed, in base64")]
    assert told(searcher(KEY), KEY.replace("-", "%2d")) == [
        (NAME, "in percent-encoding"),
    ]


def test_a_plain_secret_is_told_once_though_every_reading_shows_it() -> None:
    text = f'{{\\"a\\": \\"{KEY}\\",\n\\"b\\": 1}}\n'
    assert told(searcher(KEY), text) == [(NAME, "raw")]


def test_a_pattern_is_not_told_of_a_known_secret() -> None:
    other = made_up(2)
    assert told(searcher(KEY), f"{KEY} {other}") == [(NAME, "raw"), ("an OpenAI-like key", "raw")]


def test_credentials_are_searched_for_on_demand() -> None:
    text = f"password: {made_up(3, prefix='')}"
    assert told(searcher(), text) == []
    assert told(searcher(unknown=Unknown.CREDENTIALS_TOO), text) == [
        ("a credential by its name", "raw")
    ]
    named = f"api_key={made_up(3)}"
    assert told(searcher(unknown=Unknown.CREDENTIALS_TOO), named) == [("an OpenAI-like key", "raw")]


def test_words_of_two_lines_are_no_key_but_wrapped_base64_may_hold_one() -> None:
    assert told(searcher(), "see sk-learn\nabcd1234efgh5678ijkl") == []
    wrapped = base64.encodebytes(b"words " * 9 + made_up(2).encode()).decode()
    assert told(searcher(), wrapped) == [("an OpenAI-like key", "in base64 in joined lines")]


def test_a_plain_search_decodes_nothing() -> None:
    text = f"{KEY} {base64.b64encode(KEY.encode()).decode()}".encode()
    assert [(hit.form, hit.start) for hit in searcher(KEY).search_plainly(text)] == [("raw", 0)]


def test_the_place_is_told_where_it_is_known() -> None:
    text = f"ab {KEY} {base64.b64encode(made_up(2).encode()).decode()}".encode()
    found = searcher(KEY, made_up(2)).search(text)
    assert sorted(hit.start for hit in found.hits) == [-1, 3]
