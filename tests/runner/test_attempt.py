"""One run of one variant: hops, credentials, what is not sent, what is recorded."""

from __future__ import annotations

import asyncio

import pytest
from support.scenario_texts import bearer_text
from support.scripted_runs import Scripted, answered, failed, header

from harness.errors import LeakError
from harness.model.event import VariantFinished
from harness.model.exchange import Phase
from harness.model.finding import Ended
from harness.model.outcome import Outcome

ONE = "\n  key: {shell: {env: MADE_KEY}}"
URL = "https://api.example.com/v1"


def moving(*targets: str):
    """Redirect to each target in turn, then pass."""
    left = iter(targets)

    def reply(_request):
        target = next(left, None)
        return answered(200) if target is None else answered(307, ("Location", target))

    return reply


def scripted(reply, *, rest: str = "", request: str = "", **fields) -> Scripted:
    text = bearer_text(URL, axes=ONE, rest=rest)
    return Scripted(
        text.replace("axes:", f"{request}\naxes:") if request else text, reply, **fields
    )


def test_each_hop_is_an_exchange():
    run = scripted(moving("/v2", "/v3"))
    run.execute()
    assert run.ids == [f"baseline/1/main/{hop}/1" for hop in range(3)]
    assert run.outcomes == [Outcome.OTHER, Outcome.OTHER, Outcome.PASS]
    assert [request.url[-3:] for request in run.requests] == ["/v1", "/v2", "/v3"]
    assert [exchange.sequence for exchange, _ in run.exchanges] == [1, 2, 3]
    assert dict(run.run.runs) == {(0,): [Outcome.PASS]}


def test_credentials_stay_behind_when_the_origin_changes():
    run = scripted(moving("https://api.example.com/v2", "https://other.example.com/v2"))
    run.execute()
    assert [bool(header(one, "Authorization")) for one in run.requests] == [True, True, False]


def test_credentials_go_along_where_the_scenario_says_so():
    request = "  redirects: {follow: 5, credentials: always}"
    run = scripted(moving("https://other.example.com/"), request=request)
    run.execute()
    assert [bool(header(one, "Authorization")) for one in run.requests] == [True, True]


IN_BODY = '  method: POST\n  json: {secret: "${key}"}'
ELSEWHERE = "https://other.example.com/v1"


def test_a_redirect_that_would_take_a_key_in_the_body_elsewhere_is_the_answer_itself():
    run = scripted(moving("/v2", ELSEWHERE), request=IN_BODY)
    run.execute()
    assert [request.url for request in run.requests] == [URL, "https://api.example.com/v2"]
    assert run.run.runs[0,] == [Outcome.OTHER]
    failures = [exchange.failure for exchange, _ in run.exchanges]
    assert failures[0] is None
    assert failures[1].kind == "not-followed"


def test_what_would_not_be_followed_anyway_is_not_called_held_back():
    run = scripted(moving(ELSEWHERE), request=f"{IN_BODY}\n  redirects: none")
    run.execute()
    assert [exchange.failure for exchange, _ in run.exchanges] == [None]


@pytest.mark.parametrize(("redirects", "sent"), [("none", 1), ("{follow: 2}", 3)])
def test_redirects_are_followed_as_often_as_asked(redirects: str, sent: int):
    run = scripted(moving(*["/again"] * 9), request=f"  redirects: {redirects}")
    run.execute()
    assert len(run.requests) == sent
    assert run.run.runs[0,] == [Outcome.OTHER]


def test_a_limit_in_the_middle_of_a_chain_leaves_the_run_unfinished():
    run = scripted(moving("/v2", "/v3"), rest="search: {budget: 2}")
    run.execute()
    assert run.run.ended is Ended.BUDGET
    assert run.ids == ["baseline/1/main/0/1", "baseline/1/main/1/1"]
    assert not any(run.run.runs.values())


def test_the_hops_count_for_their_variant_only():
    axes = "\n  key: {shell: {env: MADE_KEY}}\n  move: {here: {}, there: {headers: {X-Move: 'y'}}}"

    async def reply(request):
        await asyncio.sleep(0)
        move = header(request, "X-Move") and "/v2" not in request.url
        return answered(307, ("Location", "/v2")) if move else answered(200)

    run = Scripted(bearer_text(URL, axes=axes), reply)
    run.execute()
    told = {e.variant.id: e.requests_sent for e in run.events if isinstance(e, VariantFinished)}
    assert told == {"baseline": 1, "move=there": 2}


def test_a_missing_key_is_recorded_and_not_sent():
    run = scripted(answered, keys={})
    run.execute()
    ((exchange, outcome),) = run.exchanges
    assert (outcome, run.requests, run.run.runner.limits.sent) == (Outcome.NOT_SENT, [], 0)
    assert exchange.failure is not None
    assert exchange.failure.message == "no key: env MADE_KEY is not there"
    assert exchange.headers == ()


def test_what_the_client_refuses_is_not_counted_as_sent():
    run = scripted(
        lambda _request: failed(Phase.NOT_SENT, "unsendable"), keys={"MADE_KEY": "a\r\nb"}
    )
    run.execute()
    assert run.outcomes == [Outcome.NOT_SENT]
    assert run.run.runner.limits.sent == 0


def test_a_url_without_a_value_is_recorded_and_not_sent():
    run = Scripted(bearer_text("{env: BASE}", axes=ONE), answered)
    run.execute()
    ((exchange, outcome),) = run.exchanges
    assert (outcome, exchange.url) == (Outcome.NOT_SENT, "http://unknown.invalid/")
    assert exchange.failure is not None
    assert exchange.failure.message == "environment variable BASE is not set and has no default"


def test_a_missing_key_in_url_query_and_header_leaves_the_rest_to_see():
    text = """\
version: 1
name: asked
request:
  url: "https://api.example.com/${keys.part}/v1"
  keys.part: {env: GONE}
  keys.there: {env: MADE_KEY}
  query: {token: "${keys.part}", page: "1"}
  headers: {X-Api-Key: "${keys.part}", X-Other-Key: "${keys.there}", Accept: a/b}
  body: "${keys.part}"
"""
    run = Scripted(text, answered)
    run.execute()
    ((exchange, _),) = run.exchanges
    assert exchange.url == "https://api.example.com//v1?page=1"
    assert [name for name, _ in exchange.headers] == ["X-Other-Key", "Accept"]
    assert exchange.body == ""
    assert "made-up-key-value" not in repr(exchange)


def test_a_body_that_breaks_off_still_has_its_status():
    def reply(_request):
        whole = answered(401)
        broken = failed(Phase.BODY, "bad-body")
        return type(whole)(whole.timing, (), whole.response, broken.failure)

    run = scripted(reply)
    run.execute()
    assert run.outcomes == [Outcome.DENIED]


def test_a_leak_stops_everything():
    def leak(_exchange):
        raise LeakError(["line 1"])

    run = scripted(moving(), on_record=leak)
    with pytest.raises(LeakError):
        run.execute()
    assert not any(run.run.runs.values())


def test_the_clock_offset_is_in_the_timing():
    text = """\
version: 1
name: asked
request: {url: "https://api.example.com/", key: {env: MADE_KEY}, sign: {jwt: {}}}
axes: {clock: [0s, -10m]}
"""
    run = Scripted(text, moving())
    run.execute()
    offsets = {exchange.timing.clock_offset_seconds for exchange, _ in run.exchanges}
    assert offsets == {0.0, -600.0}
