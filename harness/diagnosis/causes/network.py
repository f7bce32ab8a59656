"""Causes on the way: URL, redirects, proxies, no connection, a client that refuses."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

NETWORK_CAUSES = (
    Cause(
        code="U02",
        title="the path of the URL is wrong",
        explanation="{url} gives {status}, {good_url} gives {good_status}. The server said {says}.",
        fix="use {good_url}",
        source="https://github.com/posit-dev/positron/issues/12974",
    ),
    Cause(
        code="U05",
        title="http:// is redirected to https://, and the credential is lost on the way",
        explanation="{hops}: the second request goes to another origin, so the credential does "
        "not go along, and the server sees none. It said {says}.",
        fix="use {final_url} from the start",
        source="https://github.com/tiylabs/tiygate/issues/26",
    ),
    Cause(
        code="U07",
        title="the key stands in the wrong part of the request",
        explanation="With {bad} the key is sent as {bad_form}, with {good} as {good_form}. "
        "The server said {says}.",
        fix="send {good_form}, not {bad_form}",
        source="https://github.com/can1357/oh-my-pi/issues/449",
    ),
    Cause(
        code="R01",
        title="a redirect to another origin drops the credential",
        explanation="{hops}: the last request was sent without the credential, as clients do "
        "when host, port or scheme change. The server said {says}.",
        fix="send the request to {final_url} from the start",
        source="https://github.com/whatwg/fetch/issues/944",
    ),
    Cause(
        code="R06",
        title="a redirect leads to another origin, and the key in the body may not go along",
        explanation="{hops}: a client that follows sends the body, and the key in it, to "
        "whoever is there. The redirect was not followed.",
        fix="send the request to {final_url} from the start, if that is the API; or follow with "
        "`redirects: {{credentials: always}}`",
        source="https://www.rfc-editor.org/rfc/rfc9110#section-15.4",
    ),
    Cause(
        code="P01",
        title="the proxy wants credentials of its own",
        explanation="{proxy_denial}: the key was never looked at.",
        fix="{proxy_remedy}, or go around it with NO_PROXY",
        source="https://github.com/postmanlabs/postman-app-support/issues/3869",
    ),
    Cause(
        code="P02",
        title="the proxy takes the credential out of the request",
        explanation="With {good} {good_fate}. Through {proxy} the API answers "
        "as it does to a request with no credential: it said {says}.",
        fix="let the proxy {proxy} pass the credential header on to this host, or go around it "
        "with NO_PROXY",
        source="https://github.com/kubernetes/kubernetes/issues/38775",
    ),
    Cause(
        code="P05",
        title="the proxy or gateway sends another key than yours",
        explanation="With {good} {good_fate}. Through {proxy} the API rejects a key, "
        "so one arrives, but not yours. The server said {says}.",
        fix="give {proxy} the key that it should send on, or go around it with NO_PROXY",
        source="https://github.com/cline/cline/issues/1766",
    ),
    Cause(
        code="P09",
        title="the credential is taken out on the way",
        explanation="With {good} {good_fate}; with {bad} none arrives, although it was sent. "
        "The server said {says}.",
        fix="find what takes the header out with {bad}: a gateway, a rewrite, a redirect on the "
        "other side; or stay with {good}",
        source="https://github.com/liberapay/liberapay.com/issues/717",
    ),
    Cause(
        code="P10",
        title="another credential arrives than the one that was sent",
        explanation="With {good} {good_fate}; with {bad} another key arrives in its place. "
        "The server said {says}.",
        fix="find what puts its own key in with {bad}, and give it the right one; or stay with "
        "{good}",
        source="https://github.com/cline/cline/issues/1766",
    ),
    Cause(
        code="P11",
        title="the credential is altered on the way",
        explanation="With {good} {good_fate}; with {bad} it arrives changed: cut, in another "
        "case, or with something added. The server said {says}.",
        fix="find what rewrites the header with {bad}, or stay with {good}",
        source=MEASURED,
    ),
    Cause(
        code="L02",
        title="the client refuses to send this request",
        explanation="Nothing left the machine: {failure}. Some SDKs report this as a connection "
        "error.",
        fix="{send_remedy}",
        source=MEASURED,
    ),
    Cause(
        code="N01",
        title="the host cannot be reached",
        explanation="With {bad} there is no answer: {failure}. Nothing can be said of the key.",
        fix="check the host in {url}, and DNS and the route to it",
        source=MEASURED,
    ),
    Cause(
        code="N02",
        title="the proxy cannot be reached",
        explanation="With {bad} there is no answer: {failure}. Nothing can be said of the key.",
        fix="check that {proxy} is right and running, or go around it",
        source=MEASURED,
    ),
    Cause(
        code="N05",
        title="the proxy does not let the request through",
        explanation="{proxy_refusal}. The key was never looked at.",
        fix="have {proxy} allow this host, or go around it with NO_PROXY",
        source=MEASURED,
    ),
    Cause(
        code="N06",
        title="the proxy does not speak as its URL says",
        explanation="With {bad} there is no answer: {failure}. Nothing can be said of the key.",
        fix="check the scheme and the port of {proxy} (http, https, socks5 or socks5h) and the "
        "certificate that it shows, or go around it",
        source=MEASURED,
    ),
    Cause(
        code="N03",
        title="no encrypted connection can be made",
        explanation="With {bad} TLS fails: {failure}. The key was not sent.",
        fix="trust the certificate authority that signed for {url}, or go around what intercepts",
        source=MEASURED,
    ),
    Cause(
        code="N04",
        title="the answer does not come, or breaks off",
        explanation="With {bad} there is no whole answer: {failure}. Nothing can be said of the "
        "key.",
        fix="try again with a longer timeout; if it stays, look at what stands between here and "
        "{url}",
        source=MEASURED,
    ),
)
