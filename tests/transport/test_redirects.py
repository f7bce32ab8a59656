import pytest

from harness.model.exchange import Response
from harness.model.request import Credentials, RedirectPolicy, SignedRequest, TlsSettings
from harness.transport.redirects import held_back, next_request

HEADERS = (
    ("Authorization", "Bearer x"),
    ("X-Api-Key", "x"),
    ("Content-Type", "a/b"),
    ("Host", "api.test"),
    ("X-Plain", "1"),
)


def request(url="https://api.test/v1/x?a=1", **fields) -> SignedRequest:
    return SignedRequest(
        **{
            "method": "POST",
            "url": url,
            "headers": HEADERS,
            "body": b"body",
            "proxy": None,
            "client": "aiohttp",
            "redirects": RedirectPolicy(),
            "timeout_seconds": 5.0,
            "credential_headers": frozenset({"authorization", "x-api-key"}),
            **fields,
        }
    )


def moved(status: int, location: str, **fields) -> Response:
    headers = (("Date", "x"), ("location", location))
    return Response(status, "Moved", headers, b"", **fields)


def names(sent: SignedRequest | None) -> list[str]:
    assert sent is not None
    return [name for name, _ in sent.headers]


@pytest.mark.parametrize(
    ("status", "method", "after", "body"),
    [
        (301, "POST", "GET", None),
        (302, "POST", "GET", None),
        (303, "POST", "GET", None),
        (303, "PUT", "GET", None),
        (303, "HEAD", "HEAD", b"body"),
        (301, "PUT", "PUT", b"body"),
        (307, "POST", "POST", b"body"),
        (308, "POST", "POST", b"body"),
    ],
)
def test_the_method_changes_as_in_rfc_9110(status, method, after, body):
    following = next_request(request(method=method), moved(status, "/y"))
    assert following is not None
    assert (following.method, following.body) == (after, body)
    assert ("Content-Type" in names(following)) is (body is not None)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/y", "https://api.test/y"),
        ("y", "https://api.test/v1/y"),
        ("?b=2", "https://api.test/v1/x?b=2"),
        ("//other.test/y", "https://other.test/y"),
        ("http://api.test/y", "http://api.test/y"),
        (" https://api.test/%2Fy ", "https://api.test/%2Fy"),
    ],
)
def test_the_location_is_resolved_against_the_request(location, url):
    following = next_request(request(), moved(307, location))
    assert following is not None
    assert following.url == url


@pytest.mark.parametrize(
    "location",
    ["http://api.test/y", "https://other.test/y", "https://api.test:444/y", "//sub.api.test/"],
)
def test_credentials_do_not_leave_the_origin(location):
    following = next_request(request(), moved(307, location))
    assert names(following) == ["Content-Type", "X-Plain"]


@pytest.mark.parametrize("location", ["/y", "https://API.test:443/y"])
def test_credentials_stay_on_the_origin(location):
    assert names(next_request(request(), moved(307, location))) == [n for n, _ in HEADERS]


def test_credentials_go_anywhere_only_when_the_scenario_says_so():
    always = request(redirects=RedirectPolicy(5, Credentials.ALWAYS))
    following = next_request(always, moved(307, "https://other.test/"))
    assert names(following) == ["Authorization", "X-Api-Key", "Content-Type", "X-Plain"]


OTHER = "https://other.test/"


def with_key(**fields) -> SignedRequest:
    return request(has_credential_body=True, **fields)


@pytest.mark.parametrize(("status", "method"), [(307, "POST"), (308, "POST"), (302, "PUT")])
@pytest.mark.parametrize("location", [OTHER, "http://api.test/y", "https://api.test:444/"])
def test_a_credential_in_the_body_does_not_leave_the_origin(status, method, location):
    sent = with_key(method=method)
    assert next_request(sent, moved(status, location)) is None
    failure = held_back(sent, moved(status, location))
    assert failure is not None
    assert (failure.phase.value, failure.kind) == ("redirect", "not-followed")
    assert "body" in failure.message


@pytest.mark.parametrize(
    ("sent", "status", "location"),
    [
        (with_key(), 307, "/y"),
        (with_key(), 303, OTHER),
        (with_key(), 302, OTHER),
        (with_key(body=b""), 307, OTHER),
        (with_key(redirects=RedirectPolicy(5, Credentials.ALWAYS)), 307, OTHER),
        (request(), 307, OTHER),
    ],
)
def test_a_redirect_that_takes_no_credential_along_or_may_is_followed(sent, status, location):
    following = next_request(sent, moved(status, location))
    assert following is not None
    assert held_back(sent, moved(status, location)) is None


def test_nothing_is_held_back_where_there_is_nothing_to_follow():
    for answered in (moved(307, ""), Response(200, "OK", (), b""), moved(307, "ftp://other.test/")):
        assert held_back(with_key(), answered) is None


@pytest.mark.parametrize(
    "location",
    [
        "",
        "file:///etc/passwd",
        "ftp://x/",
        "https://[::1",
        "javascript:1",
        "https://a b/",
        "https://[1.2.3.4]/",
        "https://\ud800/",
    ],
)
def test_only_http_locations_are_followed(location):
    assert next_request(request(), moved(302, location)) is None


def test_other_answers_are_final():
    assert next_request(request(), moved(300, "/y")) is None
    assert next_request(request(), moved(304, "/y")) is None
    assert next_request(request(), Response(302, "Found", (), b"")) is None
    assert next_request(request(), moved(302, "/y", from_proxy=True)) is None


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "0xa9.254.43518",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[::ffff:169.254.169.254]",
        "\uff11\uff16\uff19.254.169.254",
        "169\u3002254\u3002169\u3002254",
        "169\uff61254\uff61169.254",
        "\u2460\u2465\u2468.254.169.254",
    ],
)
def test_a_redirect_to_a_link_local_address_is_not_followed(host):
    assert next_request(request(), moved(307, f"http://{host}/latest/meta-data/")) is None


def test_from_one_link_local_address_to_another_it_is():
    sent = request(url="http://169.254.169.254/a")
    following = next_request(sent, moved(307, "http://169.254.170.2/b"))
    assert following is not None
    assert following.url == "http://169.254.170.2/b"


@pytest.mark.parametrize("host", ["169.253.0.1", "localhost", "[::1]", "1.1"])
def test_other_addresses_are_followed(host):
    assert next_request(request(), moved(307, f"http://{host}/")) is not None


def test_the_name_for_tls_and_a_client_certificate_stay_on_their_origin():
    tls = TlsSettings(verify=False, ca="ca", cert="c", key="k", sni="x.test", min="1.2")
    here = next_request(request(tls=tls), moved(307, "/y"))
    assert here is not None
    assert here.tls == tls
    there = next_request(request(tls=tls), moved(307, "https://other.test/"))
    assert there is not None
    assert there.tls == TlsSettings(verify=False, ca="ca", min="1.2")
    always = request(tls=tls, redirects=RedirectPolicy(5, Credentials.ALWAYS))
    anywhere = next_request(always, moved(307, "https://other.test/"))
    assert anywhere is not None
    assert (anywhere.tls.cert, anywhere.tls.key, anywhere.tls.sni) == ("c", "k", None)
