from support.matrices import BEARER, URL, axis, header, key_axis, scenario

from harness.matrix.trust_table import origin_of, trust_table
from harness.model.key_source import CommandSource, DotenvSource, EnvSource, LiteralSource
from harness.model.request import (
    Credentials,
    Edit,
    EnvUrl,
    FileBody,
    Patch,
    ProxyRoute,
    RedirectPolicy,
    SystemProxy,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.signature import OAuth2Sign
from harness.model.template import Template
from harness.scenario_file.template import parse_template


def table(made, resolve=lambda url: url.default or ""):
    return trust_table(made, resolve, parse_template)


def rows(made) -> dict[str, tuple[str, ...]]:
    return {row.source: row.origins for row in table(made).rows}


def test_each_source_names_the_origins_that_it_reaches():
    made = scenario(
        key_axis("shell", "dotenv"),
        axis("url", "url", one=Patch(url=URL), two=Patch(url=Template.of("http://b.test:81/x"))),
    )
    both = ("http://b.test:81", "https://api.example.com:443")
    assert rows(made) == {"env SHELL": both, "env DOTENV": both}


def test_a_source_that_nothing_uses_is_not_in_the_table():
    made = scenario(baseline=Patch(url=URL, keys={"key": EnvSource("K")}))
    assert rows(made) == {}


def test_an_excluded_cell_sends_nothing():
    made = scenario(key_axis("shell", "dotenv"))
    from harness.model.scenario import Selection

    made = scenario(*made.axes, exclude=(Selection({"key": ("dotenv",)}),))
    assert list(rows(made)) == ["env SHELL"]


def test_a_command_is_shown_with_its_arguments():
    source = CommandSource(("pass", "show", "deepseek"))
    made = scenario(baseline=Patch(url=URL, headers=(Edit("A", BEARER),), keys={"key": source}))
    (row,) = table(made).rows
    assert row.command == ("pass", "show", "deepseek")


def test_a_literal_needs_no_trust():
    source = LiteralSource(Secret("wrong", Provenance("literal", "")))
    made = scenario(baseline=Patch(url=URL, headers=(Edit("A", BEARER),), keys={"key": source}))
    assert table(made).rows == ()


def test_proxy_credentials_go_to_the_proxy():
    proxy = ProxyRoute("http://proxy.test:3128", EnvSource("USER"), DotenvSource(".env", "PASS"))
    made = scenario(baseline=Patch(url=URL, proxy=proxy))
    assert rows(made) == {
        "env USER": ("http://proxy.test:3128",),
        "dotenv .env PASS": ("http://proxy.test:3128",),
    }


def test_a_proxy_reads_what_is_not_https():
    plain = Template.of("http://api.example.com/v1")
    proxy = axis("proxy", "proxy", none=Patch(), corp=Patch(proxy=ProxyRoute("http://p.test:3128")))
    made = scenario(key_axis("shell", "dotenv"), proxy)
    assert rows(made)["env SHELL"] == ("https://api.example.com:443",)
    keyed = Patch(url=plain, headers=(Edit("A", BEARER),), keys={"key": EnvSource("K")})
    both = scenario(proxy, baseline=keyed)
    assert rows(both)["env K"] == ("http://api.example.com:80", "http://p.test:3128")
    assert table(both).hash != table(scenario(baseline=keyed)).hash


def test_the_systems_proxy_is_named_where_it_reads_the_request():
    plain = Patch(
        url=Template.of("http://a.test/"),
        headers=(Edit("A", BEARER),),
        keys={"key": EnvSource("K")},
        proxy=SystemProxy(),
    )
    assert "the proxy that the environment names" in rows(scenario(baseline=plain))["env K"]


def test_a_file_that_is_sent_is_in_the_table():
    made = scenario(baseline=Patch(url=URL, body=FileBody("secret.txt")))
    assert rows(made) == {"body_file secret.txt": ("https://api.example.com:443",)}


def test_in_a_large_matrix_plain_http_names_every_proxy():
    axes = [axis(f"x{n}", off=Patch(), on=header(f"X-{n}", "1")) for n in range(12)]
    urls = axis("url", "url", a=Patch(url=URL), b=Patch(url=Template.of("http://b.test/x")))
    proxy = axis("proxy", "proxy", none=Patch(), corp=Patch(proxy=ProxyRoute("http://p.test:3128")))
    made = scenario(key_axis("shell", "dotenv"), urls, proxy, *axes)
    assert "http://p.test:3128" in rows(made)["env SHELL"]


def test_credentials_that_follow_redirects_wander():
    always = RedirectPolicy(5, Credentials.ALWAYS)
    wandering = Patch(
        url=URL, headers=(Edit("A", BEARER),), keys={"key": EnvSource("K")}, redirects=always
    )
    assert table(scenario(baseline=wandering)).rows[0].wanders is True


def test_a_url_from_the_environment_counts_as_what_it_holds_now():
    made = scenario(
        baseline=Patch(
            url=EnvUrl("BASE", "https://c.test", "/v1"),
            headers=(Edit("A", BEARER),),
            keys={"key": EnvSource("K")},
        )
    )
    assert rows(made) == {"env K": ("https://c.test:443",)}


def test_a_url_variable_that_is_not_set_is_named():
    made = scenario(
        baseline=Patch(
            url=EnvUrl("BASE"), headers=(Edit("A", BEARER),), keys={"key": EnvSource("K")}
        )
    )
    assert rows(made) == {"env K": ("the URL in $BASE",)}


def test_the_hash_depends_on_the_rows_only():
    one = scenario(key_axis("shell", "dotenv"))
    extra = axis("extra", none=Patch(), some=header("X-A", "1"))
    assert table(one).hash == table(scenario(*one.axes, extra)).hash
    assert table(one).hash != table(scenario(key_axis("shell", "other"))).hash


def test_a_large_matrix_names_every_origin_for_every_source():
    axes = [axis(f"x{n}", off=Patch(), on=header(f"X-{n}", "1")) for n in range(12)]
    urls = axis("url", "url", one=Patch(url=URL), two=Patch(url=Template.of("http://b.test/x")))
    made = scenario(key_axis("shell", "dotenv"), urls, *axes)
    both = ("http://b.test:80", "https://api.example.com:443")
    assert rows(made) == {"env SHELL": both, "env DOTENV": both}


def test_an_origin_writes_the_default_port_out():
    assert origin_of("https://a.test/x?y") == "https://a.test:443"
    assert origin_of("http://a.test:8080") == "http://a.test:8080"


def test_a_detour_or_an_unchecked_certificate_is_another_place_to_trust():
    base = {"url": URL, "headers": (Edit("A", BEARER),), "keys": {"key": EnvSource("K")}}
    plain = scenario(baseline=Patch(**base))
    detour = Patch(
        **base,
        resolve=(("api.example.com:443", "203.0.113.7:443"),),
        tls=TlsSettings(verify=False, ca="own.pem", sni="x.test"),
    )
    assert rows(scenario(baseline=detour)) == {
        "env K": (
            (
                "https://api.example.com:443 (api.example.com:443 at 203.0.113.7:443, "
                "certificate not checked, certificate by own.pem, certificate for x.test)"
            ),
        )
    }
    assert table(plain).hash != table(scenario(baseline=detour)).hash
    named = Patch(**{**base, "url": EnvUrl("U")}, tls=TlsSettings(verify=False))
    assert rows(scenario(baseline=named)) == {"env K": ("the URL in $U (certificate not checked)",)}


def test_a_token_endpoint_and_a_proxy_are_reached_by_the_detour_too():
    tls = TlsSettings(verify=False, sni="x.test")
    login = "https://login.test/t"
    sign = OAuth2Sign(token_url=login, client_id="me", client_secret=EnvSource("S"))
    detour = {"sign": sign, "tls": tls, "resolve": (("login.test:443", "203.0.113.7:443"),)}
    note = "login.test:443 at 203.0.113.7:443, certificate not checked"
    elsewhere = f"https://login.test:443 ({note})"
    named = f"https://login.test:443 ({note}, certificate for x.test)"
    assert rows(scenario(baseline=Patch(url=URL, **detour)))["env S"][1] == elsewhere
    assert rows(scenario(baseline=Patch(url=EnvUrl("U"), **detour)))["env S"][0] == named
    proxy = ProxyRoute("http://p.test:3128", "me", EnvSource("P"))
    proxied = Patch(url=URL, proxy=proxy, tls=tls, resolve=(("p.test:3128", "127.0.0.1:1"),))
    assert rows(scenario(baseline=proxied)) == {
        "env P": ("http://p.test:3128 (p.test:3128 at 127.0.0.1:1)",)
    }


def test_a_proxy_reads_https_whose_certificate_is_not_checked_as_usual():
    for tls in (TlsSettings(verify=False), TlsSettings(ca="corp.pem")):
        made = scenario(
            baseline=Patch(
                url=URL,
                headers=(Edit("A", BEARER),),
                keys={"key": EnvSource("K")},
                proxy=ProxyRoute("http://p.test:3128"),
                tls=tls,
            )
        )
        assert "http://p.test:3128" in rows(made)["env K"]
