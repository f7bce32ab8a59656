"""What a valid file is read into."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_file.valid_scenarios import CONTRACT, VALID
from support.made_keys import made_key

from harness.errors import Fault, Place, ScenarioError
from harness.model.arrival import Arrival
from harness.model.key_source import (
    DotenvSource,
    EnvSource,
    FileSource,
    LiteralSource,
    PromptSource,
)
from harness.model.outcome import Matcher, MatchKind, Outcome, OutcomeRule, Signal, StatusRange
from harness.model.request import (
    AutoHeaders,
    BasicSign,
    BearerSign,
    Credentials,
    Direct,
    Edit,
    EnvUrl,
    FileBody,
    FormBody,
    HeaderSign,
    JsonBody,
    JwtSign,
    Patch,
    ProxyRoute,
    QuerySign,
    RedirectPolicy,
    Removed,
    SystemProxy,
    TextBody,
    TlsSettings,
)
from harness.model.scenario import (
    LabKey,
    LabKeyKind,
    LabProvider,
    LabProxy,
    LabRedirect,
    LabSettings,
    Scenario,
    SearchSettings,
    Strategy,
)
from harness.model.secret import Secret
from harness.model.template import KeyFilter, KeyReference, Template
from harness.scenario_file.reader import read_scenario

KEY = Template((KeyReference("key"),))
HERE = (("api.example.com:443", "203.0.113.7:8443"), ("[::1]:443", "[2001:db8::7]:443"))


def read(name: str) -> Scenario:
    return read_scenario(VALID[name].encode(), "scenario.yaml")


def patches(scenario: Scenario, axis: str) -> dict[str, Patch]:
    return {level.name: level.patch for level in scenario.axis(axis).levels}


def without_places(value: Any) -> Any:
    """Return a value as nested data in which places and identities of secrets do not count."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Secret):
        return value.reveal()
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {f.name: without_places(getattr(value, f.name)) for f in fields if f.name != "file"}
    if isinstance(value, dict):
        return {name: without_places(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [without_places(inner) for inner in value]
    return value


def test_the_example_of_the_contract_is_read_with_places() -> None:
    scenario = read("contract")
    assert [axis.name for axis in scenario.axes] == ["key", "proxy", "scheme"]
    assert [axis.field for axis in scenario.axes] == ["key", "proxy", None]
    assert scenario.axis("proxy").place == Place("scenario.yaml", 18, 3)
    assert scenario.axis("proxy").level("corp").place == Place("scenario.yaml", 18, 25)
    assert scenario.exclude[0].levels == {"key": ("vault",), "proxy": ("corp",)}
    assert scenario.exclude[0].place == Place("scenario.yaml", 24, 11)
    assert scenario.include[0].levels == {"key": ("dotenv",), "scheme": ("lower",)}
    assert scenario.expect[0].outcome is Outcome.DENIED
    assert scenario.expect[0].code == "H06"
    assert scenario.search == SearchSettings(rate_per_second=5.0)
    assert scenario.cassette == "cassettes/deepseek-401.yaml"
    assert scenario.file == "scenario.yaml"
    assert scenario.lab == LabSettings(
        keys={"dotenv": LabKey(suffix='"')}, proxies={"corp": LabProxy.HONEST}
    )
    auth = KeyReference("key")
    assert scenario.axis("scheme").level("x-api-key").patch == Patch(
        headers=(Edit("Authorization", None), Edit("X-Api-Key", Template((auth,))))
    )


def test_a_minimal_scenario_has_every_default() -> None:
    scenario = read("minimal")
    url = Template.of("https://api.example.com/v1/models")
    assert scenario == Scenario(
        name="minimal",
        baseline=Patch(url=url),
        file="scenario.yaml",
        document=scenario.document,
    )


def test_every_request_field_is_read() -> None:
    scenario = read("fields")
    assert scenario.baseline == Patch(
        method="PUT",
        url=EnvUrl("API_URL", "https://api.example.com/", "/v1/things"),
        query=(
            Edit("page", Template.of("1")),
            Edit("q", Template((KeyReference("key", KeyFilter.URLENCODE),))),
        ),
        headers=(
            Edit("Host", Template.of("api.example.com")),
            Edit("X-Trace", Template.of("a")),
            Edit("x-trace", Template.of("b $5 ${key}")),
        ),
        headers_replace=True,
        body=FormBody(
            (
                ("grant_type", Template.of("client_credentials")),
                ("assertion", Template((KeyReference("keys.gateway", KeyFilter.BASE64),))),
            )
        ),
        keys={
            "key": FileSource("key.txt", "secrets", strip=True),
            "keys.gateway": DotenvSource(".env", "GATEWAY_KEY", "..", search_up=True),
        },
        sign=BasicSign(EnvSource("API_USER"), PromptSource("Password")),
        clock_seconds=-90.0,
        proxy=ProxyRoute("http://proxy.example.com:3128", "me", EnvSource("PROXY_PASSWORD")),
        client="aiohttp",
        redirects=RedirectPolicy(3, Credentials.ALWAYS),
        timeout_seconds=0.3,
    )
    assert scenario.search == SearchSettings(strategy=Strategy.ALL, rate_per_second=0.5, repeat=2)


def test_the_levels_of_a_field_axis_replace_the_field() -> None:
    scenario = read("field-axes")
    one, two, three = Template.of("1"), Template.of("2"), Template.of("3")
    assert patches(scenario, "method") == {"POST": Patch(method="POST"), "PUT": Patch(method="PUT")}
    assert patches(scenario, "query") == {
        "plain": Patch(query=(Edit("b", None), Edit("a", one))),
        "other": Patch(query=(Edit("A", two), Edit("b", three))),
        "bare": Patch(query=(Edit("a", None), Edit("A", None), Edit("b", None))),
    }
    assert patches(scenario, "headers") == {
        "full": Patch(headers=(Edit("X-A", one), Edit("X-B", two)), headers_replace=True),
        "pairs": Patch(headers=(Edit("X-B", one), Edit("X-B", two)), headers_replace=True),
        "bare": Patch(headers_replace=True),
    }
    assert patches(scenario, "json") == {
        "first": Patch(body=JsonBody({"a": [1, 2.5, True, None]})),
        "second": Patch(body=JsonBody("text ${keys.second}")),
        "bare": Patch(body=Removed.REMOVED),
    }
    assert patches(scenario, "clock") == {
        "0s": Patch(clock_seconds=0.0),
        "-10m": Patch(clock_seconds=-600.0),
        "+10m": Patch(clock_seconds=600.0),
    }
    corp = ProxyRoute("http://127.0.0.1:3128/")
    assert patches(scenario, "proxy") == {
        "direct": Patch(proxy=Direct.DIRECT),
        "corp": Patch(proxy=corp),
        "bare": Patch(proxy=Direct.DIRECT),
    }
    assert patches(scenario, "redirects") == {
        "follow": Patch(redirects=RedirectPolicy()),
        "none": Patch(redirects=RedirectPolicy(follow=0)),
        "bare": Patch(redirects=RedirectPolicy()),
    }
    assert patches(scenario, "timeout") == {
        "5s": Patch(timeout_seconds=5.0),
        "10s": Patch(timeout_seconds=10.0),
    }
    assert patches(scenario, "keys.second") == {
        "here": Patch(keys={"keys.second": EnvSource("B_KEY")}),
        "there": Patch(keys={"keys.second": EnvSource("C_KEY")}),
    }


def test_every_signature_is_read() -> None:
    assert {name: patch.sign for name, patch in patches(read("field-axes"), "sign").items()} == {
        "jwt": JwtSign(None, "HS512", 120.0, {"iss": "me"}, {"kid": "1"}, "ms"),
        "own": JwtSign(EnvSource("JWT_SECRET")),
        "bearer": BearerSign(),
        "header": HeaderSign("X-Api-Key", EnvSource("D_KEY")),
        "query": QuerySign("key"),
        "basic": BasicSign("me", EnvSource("PASSWORD")),
        "unsigned": Removed.REMOVED,
    }


def test_a_literal_key_is_a_secret_from_the_first_moment() -> None:
    source = patches(read("field-axes"), "key")["wrong"].keys["key"]
    assert isinstance(source, LiteralSource)
    assert source.value.reveal() == "wrong-on-purpose"
    assert "wrong-on-purpose" not in repr(source)


def test_null_removes_in_a_patch_and_a_default_takes_its_place() -> None:
    scenario = read("patches")
    assert patches(scenario, "region")["none"] == Patch(headers=(Edit("X-Region", None),))
    assert patches(scenario, "paging")["one"] == Patch(query=(Edit("page", None),))
    assert patches(scenario, "paging")["none"] == Patch(
        query=(Edit("page", None), Edit("size", None))
    )
    assert patches(scenario, "model")["b"] == Patch(
        body_merge={"model": "b", "stream": None}, has_body_merge=True
    )
    assert patches(scenario, "route")["reset"] == Patch(
        method="GET",
        clock_seconds=0.0,
        proxy=Direct.DIRECT,
        redirects=RedirectPolicy(),
        timeout_seconds=30.0,
    )
    assert patches(scenario, "route")["unsigned"] == Patch(sign=Removed.REMOVED)


def test_a_star_leaves_the_axis_open() -> None:
    scenario = read("patches")
    assert scenario.exclude[0].levels == {"paging": ("none",), "model": ("b",)}
    assert scenario.expect[0].when.levels == {"region": ("us", "none")}
    assert scenario.expect[1].when.levels == {}


def test_every_body_is_read() -> None:
    scenario = read("bodies")
    assert scenario.baseline.body == TextBody(Template(("plain ", KeyReference("key"))))
    assert {name: patch.body for name, patch in patches(scenario, "kind").items()} == {
        "text": None,
        "form": FormBody((("a", Template.of("b")),)),
        "file": FileBody("body.bin"),
        "json": JsonBody({"a": "b"}),
        "none": Removed.REMOVED,
        "swapped": FormBody((("a", Template.of("c")),)),
    }


def test_the_rules_of_outcome_are_read() -> None:
    rules = read("outcomes").outcome
    assert rules.passing == (
        OutcomeRule(
            statuses=(StatusRange(200, 200), StatusRange(201, 201), StatusRange(300, 399)),
            headers=(("content-type", Matcher(MatchKind.CONTAINS, "json")),),
            json=(
                ("", Matcher(MatchKind.PRESENT, value=True)),
                ("/a~1b", Matcher(MatchKind.EQUALS, 5)),
                ("/c", Matcher(MatchKind.EQUALS, None)),
            ),
            text=(
                Matcher(MatchKind.CONTAINS, "a"),
                Matcher(MatchKind.EQUALS, "b"),
                Matcher(MatchKind.PRESENT, value=False),
            ),
        ),
    )
    assert rules.denied == (OutcomeRule(text=(Matcher(MatchKind.CONTAINS, "nope"),)),)


def test_the_lab_is_read() -> None:
    assert read("lab").lab == LabSettings(
        provider=LabProvider.JWT,
        wording="legacy",
        leeway_seconds=0.0,
        keys={
            "shell": LabKey(LabKeyKind.REVOKED, prefix=" "),
            "dotenv": LabKey(same_as="shell"),
            "gateway.two": LabKey(text="undefined"),
            "keys.fixed": LabKey(LabKeyKind.NO_BALANCE),
        },
        proxies={"proxy": LabProxy.DEAD},
        redirects=(LabRedirect("https://api.example.com/", "https://b.example.com/", 302),),
    )


def test_literals_pass_when_the_request_allows_them() -> None:
    key = made_key("allowed")
    text = VALID["allowed-literals"].replace("not-a-key", key)
    scenario = read_scenario(text.encode(), "scenario.yaml")
    assert scenario.baseline.headers[0].value == Template.of(f"Bearer {key}")


@pytest.mark.parametrize("name", VALID)
def test_the_document_is_json_and_reads_back_to_the_same_scenario(name: str) -> None:
    scenario = read(name)
    json.loads(scenario.document)
    again = read_scenario(scenario.document.encode(), "document")
    assert without_places(again) == without_places(scenario)
    assert again.document == scenario.document


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
PLAIN_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | TEXTS.map(lambda text: text.replace("$", "")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS.map(lambda text: text.replace("$", "")), inner, max_size=4)
    ),
    max_leaves=12,
).filter(lambda document: document is not None)


@settings(deadline=None)
@given(document=PLAIN_JSON)
def test_any_json_body_survives_the_document(document: Any) -> None:
    scenario_text = {
        "version": 1,
        "name": "t",
        "request": {"url": "https://a.example.com/", "json": document, "allow_literals": True},
    }
    text = json.dumps(scenario_text)
    scenario = read_scenario(text.encode(), "scenario.yaml")
    assert scenario.baseline.body == JsonBody(document)
    again = read_scenario(scenario.document.encode(), "document")
    assert again.baseline.body == JsonBody(document)


PIECES = st.sampled_from(
    [
        *("version: 1\n", "name: t\n", "request:\n", "axes:\n", "  url: https://a.b/\n", "  key:"),
        *(" {env: A}\n", "${", "}", "{", "[", "]", ",", "*a", "&a ", "!!int ", "- ", ": ", "\n"),
        *("  ", "\t", '"', "'", "|\n", "off", "0x1", "null", "<<: ", "---\n", "#", "%", "@"),
        *("  proxy: {a: none, b: 5}\n", "exclude: [{a: b}]\n", "lab: {keys: {a: {same_as: a}}}\n"),
        *("outcome: {pass: [{status: [", "expect: [{when: {proxy: [a]}, outcome: x}]\n", "\u202e"),
        *("  headers: {Authorization: x}\n", "  sign: {jwt: {claims: {a: 1}}}\n", "\\UFFFFFFFF"),
    ]
)


def assert_only_a_scenario_error(data: bytes) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        read_scenario(data, "fuzz.yaml")
    except ScenarioError as error:
        faults = error.faults or (Fault(Place("none"), ""),)
    assert all(fault.message and fault.render() for fault in faults)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_mixture_of_pieces_gives_anything_but_a_scenario_error(text: str) -> None:
    assert_only_a_scenario_error(text.encode())


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_give_anything_but_a_scenario_error(data: bytes) -> None:
    assert_only_a_scenario_error(data)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(VALID)),
    start=st.floats(0, 1),
    length=st.integers(0, 12),
    piece=PIECES,
)
def test_no_mutation_of_a_valid_file_gives_anything_but_a_scenario_error(
    name: str, start: float, length: int, piece: str
) -> None:
    text = VALID[name]
    at = int(start * len(text))
    assert_only_a_scenario_error((text[:at] + piece + text[at + length :]).encode())


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(sorted(VALID)), data=st.data())
def test_no_change_of_a_value_gives_anything_but_a_scenario_error(
    name: str, data: st.DataObject
) -> None:
    document = json.loads(read(name).document)
    strange = st.none() | st.booleans() | st.integers() | TEXTS | st.just([]) | st.just({})
    holder, key = data.draw(st.sampled_from(list(_slots(document))))
    holder[key] = data.draw(strange)
    assert_only_a_scenario_error(json.dumps(document).encode())


def _slots(node: Any) -> Any:
    for key in node if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _slots(node[key])


HOSTILE = {
    "nested-lists": "[" * 500_000,
    "nested-maps": "{a: " * 200_000,
    "block-nesting": "\n".join(" " * n + "- " for n in range(900)),
    "many-values": "[" + "a," * 400_000 + "]",
    "many-documents": "---\n" * 200_000,
    "many-anchors": "".join(f"- &a{n} x\n" for n in range(60_000)),
    "one-huge-word": "name: " + "x" * 500_000,
    "key-like-noise": "name: " + "aB1" * 150_000,
    "many-duplicates": "a: b\n" * 200_000,
    "huge-number": "a: " + "9" * 500_000,
    "huge-tag": "!" + "a" * 450_000 + " b",
    "too-large": "#" * (1 << 21),
    "question-marks": "? " * 300_000,
    "huge-template": CONTRACT.replace("ping", '"' + "${" * 400_000 + '"'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_in_time(name: str) -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError):
        read_scenario(HOSTILE[name].encode(), "hostile.yaml")
    assert time.process_time() - started < 2.0


def test_many_faults_end_the_reading() -> None:
    text = VALID["minimal"] + "".join(f"unknown{n}: x\n" for n in range(500))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text.encode(), "scenario.yaml")
    assert len(caught.value.faults) == 101
    assert caught.value.faults[-1].message == "there may be more; the reader stops here"


def test_a_document_that_aliases_make_too_large_is_refused() -> None:
    long = "x" * 30_000
    aliases = ", ".join(["*a"] * 90)
    text = f"version: 1\nname: t\nrequest: {{url: 'https://a.b/', json: [&a {long}, {aliases}]}}"
    with pytest.raises(ScenarioError, match="larger than 1024 KiB when aliases are written out"):
        read_scenario(text.encode(), "scenario.yaml")


@pytest.mark.parametrize("text", ["hunter2", "sk-hunter2hunter2hunter", "12345678", "'hun ter2'"])
@pytest.mark.parametrize(
    "where",
    [
        *("request: {{key: {}}}", "request: {{keys.a: {}}}", "axes: {{key: [{}]}}"),
        *("axes: {{key: {{a: {}}}}}", "request: {{sign: {{bearer: {{key: {}}}}}}}"),
        *("request: {{headers: {{Authorization: {}}}}}", "request: {{query: {{token: {}}}}}"),
        *("request: {{headers: [[X-Api-Key, {}]]}}", "request: {{key: {{literal: {}, x: 1}}}}"),
        *('request: {{key: {{env: "{}-"}}}}', "request: {{proxy: {{url: a, password: {}}}}}"),
        *("request: {{form: {{client_secret: {}}}}}", "reqest: {{key: {}}}"),
        *("request: {{key: {{envv: x}}, key: {}}}", "request: {{key: {}: }}"),
    ],
)
def test_no_fault_shows_what_stands_where_a_secret_goes(where: str, text: str) -> None:
    source = "version: 1\nname: t\n" + where.format(text) + "\n"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(source.encode(), "scenario.yaml")
    shown = caught.value.render() + str(caught.value) + repr(caught.value.faults)
    assert text.strip("'") not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_run_searches_by_arrival_when_all_its_keys_are_made_up():
    assert read("canaries").outcome.signal is Signal.ARRIVAL
    assert read("sources").outcome.signal is Signal.OUTCOME
    assert read("minimal").outcome.signal is Signal.OUTCOME
    first, second = read("canaries").expect
    assert (first.arrival, first.outcome) == (Arrival.REPLACED, Outcome.DENIED)
    assert (second.arrival, second.outcome) == (None, Outcome.UNREACHABLE)


def test_the_key_of_a_signature_counts_too():
    signed = VALID["canaries"].replace(
        '  headers: {Authorization: "Bearer ${key}"}', "  sign: {bearer: {key: {env: REAL}}}"
    )
    text = signed.replace("  key: {canary: true}\n", "").partition("expect:")[0]
    assert read_scenario(text.encode(), "s.yaml").outcome.signal is Signal.OUTCOME


def test_each_new_source_is_read_as_it_is_written():
    keys = {level.name: level.patch.keys["key"] for level in read("sources").axes[0].levels}
    assert {name: str(source) for name, source in keys.items()} == {
        "keyring": "keyring deepseek me",
        "netrc": "netrc api.example.com",
        "netrc-of": "netrc api.example.com me",
        "pid": "process 1234 API_KEY",
        "program": "process gunicorn API_KEY",
        "unit": "unit my-app@1.service API_KEY",
        "canary": "canary sk-… 32",
        "styled": "canary sk-ant-… 40",
        "shell": "dotenv .env (shell) API_KEY",
        "docker": "dotenv .env (docker) API_KEY",
        "plain": "dotenv .env API_KEY",
    }


def test_the_systems_proxy_is_read_with_whose_habits_count():
    assert patches(read("proxies"), "proxy") == {
        "env": Patch(proxy=SystemProxy()),
        "direct": Patch(proxy=Direct.DIRECT),
        "as-curl": Patch(proxy=SystemProxy("curl")),
        "tls": Patch(
            proxy=ProxyRoute("https://proxy.example.com", tls=TlsSettings(ca="proxy.pem"))
        ),
        "tor": Patch(proxy=ProxyRoute("socks5h://127.0.0.1:9050/")),
        "socks": Patch(proxy=ProxyRoute("socks5://[::1]:1080", "me", EnvSource("PROXY_PASSWORD"))),
    }


def test_the_fields_of_the_connection_are_read():
    scenario = read_scenario(VALID["connection"].encode(), "scenario.yaml")
    base = scenario.baseline
    assert (base.client, base.auto_headers, base.http) == ("raw", AutoHeaders.NONE, "1.0")
    assert base.resolve == HERE
    assert base.tls == TlsSettings(
        verify=False, ca="ca.pem", cert="c.pem", key="k.pem", sni="x.test", min="1.2", max="1.3"
    )
    assert [edit.name for edit in base.headers] == ["Authorization", "authorization", "X A "]
    assert str(base.headers[2].value) == "1\r\nX-Injected: 1"
    levels = {axis.name: [level.patch for level in axis.levels] for axis in scenario.axes}
    assert [patch.http for patch in levels["http"]] == ["1.0", "1.1"]
    assert [patch.resolve for patch in levels["resolve"]] == [HERE, ()]
    assert [patch.tls for patch in levels["edge"]] == [None, TlsSettings(), TlsSettings(max="1.2")]
