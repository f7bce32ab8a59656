from dataclasses import replace

import pytest
from diagnosis.flips import (
    NO_HEADER,
    UNKNOWN_KEY,
    URL,
    answer,
    exchange,
    failing,
    flip,
    passing,
    plan,
    refusal,
)

from harness.diagnosis.context import Side
from harness.diagnosis.recognise import diagnose
from harness.model.arrival import Arrival
from harness.model.exchange import NOT_FOLLOWED, PROXY_LOGIN, Failure, Phase, RedactedExchange
from harness.model.key_source import EnvSource
from harness.model.outcome import Outcome
from harness.model.request import (
    HeaderPairs,
    HeaderSign,
    JsonBody,
    JwtSign,
    ProxyRoute,
    RequestPlan,
    SystemProxy,
)
from harness.model.template import Template

PROXY = ProxyRoute("http://proxy.corp:3128")
THROUGH = plan(proxy=PROXY)
CHALLENGE = (("WWW-Authenticate", 'Bearer realm="api"'),)


def _jwt(clock: float = 0.0, **sign: object) -> RequestPlan:
    return plan(headers=(), sign=JwtSign(**sign), clock_seconds=clock)


def _described(text: str) -> RedactedExchange:
    header = f'Bearer error="invalid_token", error_description="{text}"'
    return exchange(response=answer(401, "", headers=(("WWW-Authenticate", header),)))


# proxies


def test_a_denial_for_want_of_a_header_behind_a_proxy_is_p02() -> None:
    found = diagnose(flip(failing(THROUGH, body=NO_HEADER), axis="proxy", field="proxy"))
    assert (found.code, found.also) == ("P02", ())
    assert "http://proxy.corp:3128" in found.fix


def test_a_denial_like_the_one_without_a_credential_is_p02() -> None:
    body = "computer says no"
    context = flip(failing(THROUGH, body=body), without_credential=answer(401, body))
    assert diagnose(context).code == "P02"


def test_a_denial_unlike_the_one_without_a_credential_is_not_p02() -> None:
    context = flip(failing(THROUGH, body="no"), without_credential=answer(401, "who are you?"))
    assert diagnose(context).code == "X01"


def test_a_bare_challenge_behind_a_proxy_is_p02_or_p05() -> None:
    sent = (exchange(response=answer(401, "", headers=CHALLENGE)),)
    found = diagnose(flip(failing(THROUGH, exchanges=sent)))
    assert (found.code, found.also) == ("P02", ("P05",))


def test_a_rejected_key_behind_a_proxy_is_p05() -> None:
    assert diagnose(flip(failing(THROUGH, body=UNKNOWN_KEY))).code == "P05"


def test_a_challenge_may_tell_a_replaced_key_from_none_where_the_words_do_not() -> None:
    error = (("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"'),)
    rejected, bare = answer(401, "no", headers=error), answer(401, "no", headers=CHALLENGE)
    sent = (exchange(response=rejected),)
    for without, code in ((bare, "P05"), (rejected, "P02"), (None, "P05")):
        context = flip(failing(THROUGH, exchanges=sent), without_credential=without)
        assert diagnose(context).code == code


def test_a_401_of_the_proxy_itself_to_a_wrong_login_is_p01() -> None:
    logged_in = plan(proxy=ProxyRoute("http://proxy.corp:3128", username="me"))
    basic = (("Server", "tinyproxy/1.11.1"), ("WWW-Authenticate", 'Basic realm="Tinyproxy"'))
    good = passing(exchanges=(exchange(response=answer(200, headers=(("Server", "nginx"),))),))
    refused = (exchange(response=answer(401, "", headers=basic)),)
    found = diagnose(flip(failing(logged_in, exchanges=refused), good))
    assert (found.code, found.also) == ("P01", ("P02",))
    assert diagnose(flip(failing(THROUGH, exchanges=refused), good)).code == "P02"
    of_the_api = (exchange(response=answer(401, "", headers=(("Server", "nginx"), basic[1]))),)
    assert diagnose(flip(failing(logged_in, exchanges=of_the_api), good)).code == "P02"


def test_a_proxy_that_both_sides_use_is_not_blamed() -> None:
    for body in (NO_HEADER, UNKNOWN_KEY):
        context = flip(failing(THROUGH, body=body), passing(plan(proxy=PROXY)))
        assert diagnose(context).code == "X01"


def test_going_without_a_proxy_is_not_p02() -> None:
    assert diagnose(flip(failing(plan(), body=NO_HEADER), passing(THROUGH))).code == "X01"


def test_a_proxy_that_strips_on_http_alone_is_p02_of_both_axes() -> None:
    url = "http://api.example.com/chat/completions"
    bad = failing(
        plan(proxy=PROXY, url=Template.of(url)),
        exchanges=(exchange(response=answer(401, NO_HEADER), url=url, proxy=PROXY.url),),
    )
    found = diagnose(flip(bad, axis="proxy", field="proxy", more=("url",)))
    assert found.code == "P02"
    assert found.explanation.startswith("It takes proxy=bad and url=bad together.")


def test_a_407_is_p01() -> None:
    found = diagnose(flip(failing(THROUGH, status=407, outcome=Outcome.PROXY_DENIED)))
    assert found.code == "P01"
    assert "http://proxy.corp:3128" in found.fix


def test_a_proxy_that_refuses_credentials_is_told_from_one_that_got_none() -> None:
    asked = failing(THROUGH, status=407, outcome=Outcome.PROXY_DENIED)
    assert "give the proxy http://proxy.corp:3128 a user name" in diagnose(flip(asked)).fix
    route = ProxyRoute("http://proxy.corp:3128", "me", EnvSource("PROXY_PASSWORD"))
    refused = failing(plan(proxy=route), status=407, outcome=Outcome.PROXY_DENIED)
    assert diagnose(flip(refused)).fix.startswith("correct the user name and the password")


def test_a_401_through_a_proxy_is_not_p01() -> None:
    assert diagnose(flip(failing(THROUGH, status=401, body=NO_HEADER))).code == "P02"


# nobody reached


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        (Phase.DNS, "N01"),
        (Phase.CONNECT, "N01"),
        (Phase.PROXY, "N02"),
        (Phase.TLS, "N03"),
        (Phase.HEADERS, "N04"),
        (Phase.BODY, "N04"),
        (Phase.TIMEOUT, "N04"),
    ],
)
def test_no_answer_is_told_by_how_far_it_got(phase: Phase, code: str) -> None:
    sent = (exchange(failure=refusal(phase, "it went wrong")),)
    found = diagnose(flip(failing(outcome=Outcome.UNREACHABLE, exchanges=sent)))
    assert found.code == code
    assert "it went wrong" in found.explanation


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("proxy-unreachable", "N02"),
        ("timeout", "N02"),
        ("name-not-resolved", "N02"),
        ("not-http", "N06"),
        ("not-socks", "N06"),
        ("tls-failed", "N06"),
        ("certificate-not-trusted", "N06"),
        ("disconnected", "N06"),
        ("proxy-refused", "N05"),
    ],
)
def test_what_went_wrong_with_a_proxy_is_told_apart(kind: str, code: str) -> None:
    failure = Failure(Phase.PROXY, kind, "the proxy said so")
    bad = failing(THROUGH, outcome=Outcome.UNREACHABLE, exchanges=(exchange(failure=failure),))
    found = diagnose(flip(bad))
    assert found.code == code
    assert "said so" in found.explanation


def test_a_login_that_socks_refuses_is_p01() -> None:
    failure = Failure(Phase.PROXY, PROXY_LOGIN, "the proxy wants a user name and a password")
    bad = failing(THROUGH, outcome=Outcome.PROXY_DENIED, exchanges=(exchange(failure=failure),))
    found = diagnose(flip(bad))
    assert found.code == "P01"
    assert found.explanation.startswith("The proxy http")
    assert "wants a user name" in found.explanation


def test_an_origin_whose_name_is_not_known_here_is_n01_behind_a_proxy_too() -> None:
    """With `socks5` the origin's name is resolved on this side."""
    sent = (exchange(failure=refusal(Phase.DNS)),)
    bad = failing(THROUGH, outcome=Outcome.UNREACHABLE, exchanges=sent)
    assert diagnose(flip(bad)).code == "N01"
    assert diagnose(flip(bad, passing(THROUGH))).code == "N01"


def test_an_answer_of_the_proxy_in_place_of_the_origin_is_n05() -> None:
    sent = (exchange(response=answer(403, "Access Denied", from_proxy=True)),)
    bad = failing(THROUGH, outcome=Outcome.UNREACHABLE, exchanges=sent)
    assert diagnose(flip(bad)).code == "N05"


def test_unreachable_without_an_exchange_is_not_explained() -> None:
    bad = failing(THROUGH, outcome=Outcome.UNREACHABLE, exchanges=())
    assert diagnose(flip(bad)).code == "X01"


# redirects


def _hops(*urls: str, last_headers: HeaderPairs = ()) -> tuple[RedactedExchange, ...]:
    *first, last = urls
    moved = [exchange(hop=hop, url=url, response=answer(307)) for hop, url in enumerate(first)]
    end = exchange(hop=len(first), url=last, headers=last_headers, response=answer(401, NO_HEADER))
    return (*moved, end)


def test_http_to_https_that_loses_the_credential_is_u05() -> None:
    hops = _hops("http://api.example.com/v1", "https://api.example.com/v1")
    found = diagnose(flip(failing(exchanges=hops), axis="url", field="url"))
    assert found.code == "U05"
    assert found.fix == "use https://api.example.com/v1 from the start"
    assert "http://api.example.com/v1 -> 307 -> https://api.example.com/v1" in found.explanation


@pytest.mark.parametrize("end", ["https://other.example.com/v1", "https://api.example.com:8443/v1"])
def test_a_redirect_to_another_origin_that_loses_the_credential_is_r01(end: str) -> None:
    hops = _hops("https://api.example.com/v1", end)
    assert diagnose(flip(failing(exchanges=hops), axis="url", field="url")).code == "R01"


def test_a_redirect_that_keeps_the_credential_is_not_r01() -> None:
    kept = (("Authorization", "Bearer RDX~s1~"),)
    hops = _hops("http://api.example.com/v1", "https://api.example.com/v1", last_headers=kept)
    assert diagnose(flip(failing(exchanges=hops))).code == "X01"


def test_a_redirect_of_a_request_without_a_credential_is_not_r01() -> None:
    first = exchange(url="http://a/", headers=(), response=answer(307))
    last = exchange(url="https://a/", headers=(), hop=1, response=answer(401))
    assert diagnose(flip(failing(exchanges=(first, last)))).code == "X01"


@pytest.mark.parametrize("outcome", [Outcome.OTHER, Outcome.DENIED])
def test_a_redirect_that_was_held_back_for_the_key_in_the_body_is_r02(outcome: Outcome) -> None:
    moved = answer(308, headers=(("Location", "https://api.example.com/v1"),))
    held = Failure(Phase.REDIRECT, NOT_FOLLOWED, "it was held back")
    last = exchange(url="http://api.example.com/v1", response=moved, failure=held)
    found = diagnose(flip(failing(outcome=outcome, exchanges=(last,)), axis="url", field="url"))
    assert found.code == "R06"
    assert "http://api.example.com/v1 -> 308 -> https://api.example.com/v1" in found.explanation
    assert "https://api.example.com/v1" in found.fix


def test_a_second_attempt_is_not_a_second_hop() -> None:
    twice = (exchange(response=answer(401)), exchange(headers=(), response=answer(401, "no")))
    assert diagnose(flip(failing(exchanges=twice))).code == "X01"


def test_a_header_of_the_scenario_s_own_is_a_credential_too() -> None:
    own = plan(headers=(), sign=HeaderSign("X-Token"))
    hops = (
        exchange(url="http://a/x", headers=(("X-Token", "RDX~s1~"),), response=answer(307)),
        exchange(url="https://a/x", headers=(), hop=1, response=answer(401)),
    )
    assert diagnose(flip(failing(own, exchanges=hops), passing(own))).code == "U05"


def test_a_literal_under_a_credential_s_name_is_a_credential_too() -> None:
    own = plan(headers=(("X-Auth-Token", Template.of("literal")),))
    hops = (
        exchange(url="http://a/x", headers=(("X-Auth-Token", "RDX~s1~"),), response=answer(307)),
        exchange(url="http://b/x", headers=(), hop=1, response=answer(401)),
    )
    assert diagnose(flip(failing(own, exchanges=hops), passing(own))).code == "R01"


# URLs


def _at(url: str, *, status: int = 401, **fields: object) -> Side:
    sent = (exchange(url=url, response=answer(status)),)
    return failing(plan(url=Template.of(url)), exchanges=sent, **fields)


def test_another_host_that_denies_the_same_key_is_k23() -> None:
    found = diagnose(flip(_at("https://api.example.org/chat/completions"), axis="url"))
    assert found.code == "K23"
    assert URL in found.fix


def test_another_host_with_another_key_is_not_k23() -> None:
    bad = _at("https://api.example.org/chat/completions", keys={})
    assert diagnose(flip(bad)).code == "K23"
    other = failing(keys={"key": passing().keys["key"]}).keys["key"]
    changed = type(other)(source="file b", shape=other.shape)
    bad = _at("https://api.example.org/x", keys={"key": changed})
    assert diagnose(flip(bad, more=("key",))).code == "X02"


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, Outcome.OTHER), (405, Outcome.OTHER), (401, Outcome.DENIED)]
)
def test_another_path_that_is_not_found_or_denied_is_u02(status: int, outcome: Outcome) -> None:
    bad = _at("https://api.example.com/v1/v1", status=status, outcome=outcome)
    found = diagnose(flip(bad, axis="url", field="url"))
    assert (found.code, found.fix) == ("U02", f"use {URL}")


def test_a_404_at_the_same_url_is_not_u02() -> None:
    assert diagnose(flip(_at(URL, status=404, outcome=Outcome.OTHER))).code == "X01"


def test_another_scheme_alone_is_not_u02() -> None:
    assert diagnose(flip(_at("http://api.example.com/chat/completions"))).code == "X01"


# clocks


@pytest.mark.parametrize(
    ("offset", "code", "words"),
    [(600.0, "C02", "10 minutes ahead"), (-3600.0, "C03", "1 hour behind")],
)
def test_the_sign_of_the_offset_tells_what_is_wrong_with_a_token(
    offset: float, code: str, words: str
) -> None:
    found = diagnose(flip(failing(_jwt(offset), body=""), passing(_jwt()), axis="clock"))
    assert found.code == code
    assert words in found.explanation


@pytest.mark.parametrize(
    ("offset", "text", "code"),
    [
        (600.0, "'iat' claim timestamp check failed", "C02"),
        (600.0, "the token has expired", "C03"),
        (-600.0, "'exp' claim timestamp check failed", "C03"),
        (-600.0, "the token is not yet valid", "C02"),
    ],
)
def test_the_server_s_words_win_over_the_sign(offset: float, text: str, code: str) -> None:
    bad = failing(_jwt(offset), exchanges=(_described(text),))
    assert diagnose(flip(bad, passing(_jwt()))).code == code


def test_a_denied_baseline_that_a_later_clock_heals_was_behind() -> None:
    assert diagnose(flip(failing(_jwt(0.0), body=""), passing(_jwt(600.0)))).code == "C03"


def test_a_clock_that_both_sides_share_is_not_blamed() -> None:
    bad = failing(_jwt(600.0), body="")
    assert diagnose(flip(bad, passing(_jwt(600.0)))).code == "X01"


def test_a_clock_that_meets_a_server_fault_is_not_blamed() -> None:
    bad = failing(_jwt(600.0), status=500, outcome=Outcome.OTHER)
    assert diagnose(flip(bad, passing(_jwt()))).code == "V07"


def test_a_signature_out_of_its_window_is_c01() -> None:
    text = "Signature expired: 20261122T070000Z is now earlier than 20261122T071500Z"
    bad = failing(_jwt(-1200.0), exchanges=(_described(text),))
    assert diagnose(flip(bad, passing(_jwt()))).code == "C01"


def test_a_clock_of_something_that_is_no_token_is_c01() -> None:
    signed = plan(headers=(), sign=HeaderSign("X-Signature"), clock_seconds=600.0)
    good = plan(headers=(), sign=HeaderSign("X-Signature"))
    assert diagnose(flip(failing(signed), passing(good))).code == "C01"


def test_times_in_another_unit_are_c05() -> None:
    found = diagnose(flip(failing(_jwt(unit="ms")), passing(_jwt()), axis="sign"))
    assert (found.code, found.fix) == (
        "C05",
        "write the signed times (of a token: iat, nbf and exp) in seconds",
    )


def test_the_same_unit_on_both_sides_is_not_c05() -> None:
    bad = failing(_jwt(unit="ms", claims={"aud": "b"}), body="")
    assert diagnose(flip(bad, passing(_jwt(unit="ms")))).code == "X01"


def test_a_life_that_is_over_is_c03() -> None:
    bad = failing(_jwt(ttl_seconds=-60.0), exchanges=(_described("the token has expired"),))
    found = diagnose(flip(bad, passing(_jwt()), axis="sign"))
    assert found.code == "C03"
    assert "a life of -60 seconds" in found.explanation


def test_an_end_of_its_own_that_is_over_is_c03() -> None:
    bad = failing(_jwt(claims={"exp": 1}), exchanges=(_described("the token has expired"),))
    found = diagnose(flip(bad, passing(_jwt()), axis="sign"))
    assert found.code == "C03"
    assert "an exp of its own" in found.explanation


def test_an_end_of_its_own_that_is_not_over_is_not_c03() -> None:
    bad = failing(_jwt(claims={"exp": 1}), exchanges=(_described("the audience is invalid"),))
    assert diagnose(flip(bad, passing(_jwt()), axis="sign")).code == "X01"


def test_a_shorter_life_that_is_not_over_is_not_c03() -> None:
    bad = failing(_jwt(ttl_seconds=30.0), exchanges=(_described("the audience is invalid"),))
    assert diagnose(flip(bad, passing(_jwt()), axis="sign")).code == "X01"


def test_a_token_that_meets_another_fault_is_not_c05() -> None:
    bad = failing(_jwt(unit="ms"), status=418, outcome=Outcome.OTHER)
    assert diagnose(flip(bad, passing(_jwt()))).code == "X01"


# look-alikes


@pytest.mark.parametrize(
    ("status", "code"), [(402, "A02"), (403, "A08"), (429, "V06"), (500, "V07"), (529, "V07")]
)
def test_a_status_that_is_no_denial_has_its_own_cause(status: int, code: str) -> None:
    assert diagnose(flip(failing(status=status, outcome=Outcome.OTHER))).code == code


@pytest.mark.parametrize("status", [402, 403, 429])
def test_a_status_that_the_scenario_calls_denied_is_not_a_look_alike(status: int) -> None:
    assert diagnose(flip(failing(status=status, body=""))).code == "X01"


def test_a_denial_that_speaks_of_the_rate_is_v03() -> None:
    assert diagnose(flip(failing(body='{"code":"RATE_LIMITED"}'))).code == "V03"


def test_a_denial_with_nothing_left_of_the_rate_is_v03() -> None:
    spent = answer(401, "", headers=(("X-RateLimit-Remaining", "0"),))
    assert diagnose(flip(failing(exchanges=(exchange(response=spent),)))).code == "V03"


def test_a_denial_with_some_of_the_rate_left_is_not_v03() -> None:
    left = answer(401, "", headers=(("X-RateLimit-Remaining", "9"),))
    assert diagnose(flip(failing(exchanges=(exchange(response=left),)))).code == "X01"


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_complaint_of_the_model_is_v05(status: int) -> None:
    body = '{"error":{"message":"The supported API model names are a, but you passed b."}}'
    found = diagnose(flip(failing(status=status, body=body, outcome=Outcome.OTHER)))
    assert found.code == "V05"
    assert "you passed b" in found.explanation


def test_another_body_that_the_server_cannot_read_is_v05() -> None:
    bad = failing(plan(body=JsonBody({"a": 1})), status=422, body="", outcome=Outcome.OTHER)
    assert diagnose(flip(bad)).code == "V05"


def test_a_400_of_the_same_body_is_not_v05() -> None:
    assert diagnose(flip(failing(status=400, body="", outcome=Outcome.OTHER))).code == "X01"


# nothing fits


def test_an_unknown_cause_names_the_axis_what_was_said_and_the_next_check() -> None:
    bad = failing(status=401, body="computer says no")
    found = diagnose(flip(bad, axis="client", field="client"))
    assert found.code == "X01"
    assert found.title == "client decides it; the cause behind it is not recognised"
    assert '"computer says no"' in found.explanation
    assert "compare the headers that both clients sent" in found.fix


def test_an_unknown_cause_of_two_axes_is_x02() -> None:
    found = diagnose(flip(failing(body=""), axis="a", more=("b",)))
    assert (found.code, found.title.split(";")[0]) == ("X02", "a and b decide it together")
    assert "a=bad and b=bad" in found.explanation


def test_changes_that_were_not_narrowed_down_are_given_no_cause():
    several = replace(flip(failing(), more=("url",)), narrowed=False)
    found = diagnose(several)
    assert found.code == "X04"
    assert "not known yet" in found.title
    assert diagnose(replace(flip(failing()), narrowed=False)).code != "X04"


@pytest.mark.parametrize(
    ("arrival", "through_proxy", "elsewhere"),
    [
        (Arrival.ABSENT, "P02", "P09"),
        (Arrival.REPLACED, "P05", "P10"),
        (Arrival.ALTERED, "P11", "P11"),
    ],
)
def test_what_became_of_a_made_up_key_wins_over_mere_words(
    arrival: Arrival, through_proxy: str, elsewhere: str
) -> None:
    good = passing(arrival=Arrival.INTACT)
    found = diagnose(flip(failing(THROUGH, body="no", arrival=arrival), good))
    assert found.code == through_proxy
    assert "a made-up key arrives as it was sent" in found.explanation
    found = diagnose(flip(failing(plan(), body="no", arrival=arrival), good))
    assert found.code == elsewhere


def test_a_made_up_key_that_is_masked_has_no_cause_by_its_arrival() -> None:
    bad = failing(arrival=Arrival.UNKNOWN, outcome=Outcome.OTHER, status=500)
    assert diagnose(flip(bad, passing(arrival=Arrival.INTACT))).code == "V07"


def test_the_systems_proxy_is_blamed_only_where_there_is_one() -> None:
    route = plan(proxy=SystemProxy())
    direct = failing(route, body=NO_HEADER)
    assert diagnose(flip(direct)).code == "X01"
    sent = (exchange(response=answer(401, NO_HEADER), proxy="http://10.0.0.9:3128"),)
    found = diagnose(flip(failing(route, exchanges=sent)))
    assert found.code == "P02"
    assert "http://10.0.0.9:3128" in found.fix
    unsent = failing(route, exchanges=(), arrival=Arrival.ABSENT)
    assert diagnose(flip(unsent, passing(arrival=Arrival.INTACT))).code == "P09"
