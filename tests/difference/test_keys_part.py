from difference.samples import ONE, TWO, answer, aside, redacted, told

from harness.difference.difference import Part, Weight
from harness.difference.keys_part import KnownKeys, compare_keys, compare_tokens, fresh_ids
from harness.difference.likeness import ANOTHER, OPEN, OPEN_SHAPELESS, SHAPELESS, Scope
from harness.model.exchange import TokenFacts
from harness.model.key_facts import KeyFacts, KeyShape

NOTHING = KnownKeys()
K2 = (("Authorization", "Bearer RDX~s2.sk.L36.Chex.wtlf1~"),)
SIGNED = {"headers": (), "headers_sent": ()}
SHORT = KeyFacts("env A", secret_id="s1", shape=KeyShape(35, "sk-"))
LONG = KeyFacts("dotenv .env B", secret_id="s2", shape=KeyShape(36, "sk-", edges=("trailing LF",)))


def test_keys_are_shown_as_they_stand_in_the_request() -> None:
    left, right = redacted(), redacted(headers=K2, headers_sent=K2, secret_ids={"key": "s2"})
    assert told(compare_keys(left, right, ONE, NOTHING)) == [
        (
            "key",
            "RDX~s1.sk.L35.Chex~",
            "RDX~s2.sk.L36.Chex.wtlf1~",
            "36 characters in place of 35, a line feed at its end",
        )
    ]


def test_where_a_key_came_from_is_shown_and_is_no_difference() -> None:
    left, right = redacted(), redacted(headers=K2, headers_sent=K2, secret_ids={"key": "s2"})
    known = KnownKeys({"s1": SHORT}, {"s2": LONG})
    ((_, one, other, _),) = told(compare_keys(left, right, ONE, known))
    assert (one, other) == (
        "RDX~s1.sk.L35.Chex~ from env A",
        "RDX~s2.sk.L36.Chex.wtlf1~ from dotenv .env B",
    )
    known = KnownKeys({"s1": SHORT}, {"s1": LONG})
    assert list(compare_keys(left, left, ONE, known)) == []


def test_a_key_that_only_signs_is_told_by_the_facts_of_the_run() -> None:
    left, right = redacted(**SIGNED), redacted(**SIGNED, secret_ids={"key": "s2"})
    ((*_, words),) = told(compare_keys(left, right, ONE, NOTHING))
    assert words == SHAPELESS
    known = KnownKeys({"s1": SHORT}, {"s2": LONG})
    ((*_, words),) = told(compare_keys(left, right, ONE, known))
    assert words == "36 characters, prefix sk-, trailing LF in place of 35 characters, prefix sk-"


def test_another_form_proves_another_key_across_cassettes() -> None:
    left, right = redacted(**SIGNED), redacted(**SIGNED)
    (found,) = compare_keys(left, right, TWO, NOTHING)
    assert (found.weight, found.words) == (Weight.UNDECIDED, OPEN_SHAPELESS)
    (found,) = compare_keys(left, right, TWO, KnownKeys({"s1": SHORT}, {"s1": SHORT}))
    assert found.weight is Weight.UNDECIDED
    (found,) = compare_keys(left, right, TWO, KnownKeys({"s1": SHORT}, {"s1": LONG}))
    assert found.weight is Weight.DIFFERS
    bare = KeyFacts("env A", secret_id="s1")
    (found,) = compare_keys(left, right, TWO, KnownKeys({"s1": SHORT}, {"s1": bare}))
    assert found.weight is Weight.UNDECIDED


def test_a_key_on_one_side_is_a_difference() -> None:
    left, right = redacted(), redacted(secret_ids={"proxy.password": "s9"})
    assert told(compare_keys(left, right, ONE, NOTHING)) == [
        ("key", "RDX~s1.sk.L35.Chex~", None, ""),
        ("proxy.password", None, "RDX~s9~", ""),
    ]


def test_one_value_under_one_id_is_no_difference() -> None:
    assert list(compare_keys(redacted(), redacted(), ONE, NOTHING)) == []
    (found,) = compare_keys(redacted(), redacted(), TWO, NOTHING)
    assert (found.weight, found.words) == (Weight.UNDECIDED, OPEN)


def test_tails_and_encodings_are_not_taken_for_the_key() -> None:
    headers = (("X", "RDX~s1.t4~"), ("Y", "RDX~s1.eb64~"), ("Z", "RDX~s1.L35~"))
    left, right = redacted(headers=headers, headers_sent=()), redacted(secret_ids={})
    ((_, shown, _, _),) = told(compare_keys(left, right, ONE, NOTHING))
    assert shown == "RDX~s1.L35~"


def test_tokens_that_were_issued_or_signed_here_are_fresh_and_keys_are_not() -> None:
    token = TokenFacts("s2", "HS256")
    assert fresh_ids(redacted(tokens=(token,))) == {"s2"}
    assert fresh_ids(redacted(tokens=(token,), secret_ids={"key": "s2"})) == set()
    issued = redacted(secret_ids={"key": "s1", "oauth2.access_token": "s3"})
    assert fresh_ids(issued) == {"s3"}


def test_what_stands_in_the_answer_alone_is_fresh() -> None:
    made = answer(401, "****RDX~s1.t4~ RDX~s7.L20~", headers=(("Set-Cookie", "a=RDX~s1.L35~"),))
    assert fresh_ids(redacted(response=made)) == {"s7"}
    assert fresh_ids(redacted(response=None)) == set()


def test_an_issued_token_of_one_shape_is_set_aside() -> None:
    headers = tuple((("Authorization", f"Bearer RDX~s{number}.L40~"),) for number in (3, 4))
    left, right = (
        redacted(headers_sent=one, secret_ids={"oauth2.access_token": f"s{number}"})
        for one, number in zip(headers, (3, 4), strict=True)
    )
    scope = Scope(one_cassette=True, fresh_left=fresh_ids(left), fresh_right=fresh_ids(right))
    assert list(aside(compare_keys(left, right, scope, NOTHING))) == ["oauth2.access_token"]
    assert next(iter(told(compare_keys(left, right, ONE, NOTHING))))[3] == ANOTHER


def test_tokens_are_compared_by_their_headers_and_claims() -> None:
    left = TokenFacts("s2", "HS256", "JWT", None, {"iat": 1_795_000_000, "iss": "a", "aud": ["b"]})
    right = TokenFacts("s3", "RS256", "JWT", 8, {"iat": 1_795_000_300, "iss": "c", "aud": ["b"]})
    scope = Scope(one_cassette=True, sent_at=(1_795_000_000.0, 1_795_000_300.0))
    found = list(compare_tokens((left,), (right, right), scope))
    assert {one.part for one in found} == {Part.CREDENTIALS}
    assert told(found)[:3] == [
        ("token alg", "HS256", "RS256", ""),
        ("token claim iss", "a", "c", ""),
        ("token length of kid", None, "8", ""),
    ]
    assert told(found)[3][0] == "token 2 alg"
    assert list(aside(found)) == ["token claim iat"]
