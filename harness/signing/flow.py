"""The requests of one run of a variant, in order: a generator that does no I/O.

It yields a request and is sent what came of it, until the last one is answered. Most signatures
take one request; a token and a digest challenge take one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace

from harness.matrix.uses import proxy_sources, sign_sources, template_sources
from harness.model.exchange import ExchangeKey, Response, Step
from harness.model.key_source import KeySource
from harness.model.request import (
    HeaderPairs,
    RedirectPolicy,
    RequestPlan,
    Sign,
    SignedRequest,
)
from harness.model.secret import Secret
from harness.model.signature import DigestSign, OAuth2Sign
from harness.scenario_file.template import parse_template
from harness.signing.build import World, build, named_secrets
from harness.signing.challenge import digest_challenges
from harness.signing.digest import DigestAccount, chosen, digest_authorization
from harness.signing.draft import Draft
from harness.signing.oauth2 import access_token, has_token, token_request, tokens_in
from harness.signing.sign import secret_of, text_of

UNAUTHORIZED = 401
DIGEST_ATTEMPTS = 2
"""The challenge is answered twice at most: a nonce may be stale when the answer arrives."""


def _nothing(response: Response) -> Mapping[str, Secret]:
    """Most answers hold no secret that was not known."""
    del response
    return {}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sending:
    """A request to send: which step it is, and the secrets that it is built from, by name.

    `born` finds the secrets in an answer: they must be known before it is recorded. The answer
    to a shared one serves every run that would send the same request.
    """

    step: Step
    request: SignedRequest
    secrets: Mapping[str, Secret]
    attempt: int = 1
    born: Callable[[Response], Mapping[str, Secret]] = field(default=_nothing)
    is_shared: bool = False

    def __repr__(self) -> str:
        """Name the step only."""
        return f"<Sending {self.step}>"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it: the last hop's answer, if any; `hop` counts the redirects followed."""

    response: Response | None
    hop: int = 0


Flow = Generator[Sending, Answered, None]


def sign_flow(
    plan: RequestPlan, secrets: Mapping[KeySource, Secret], world: World, now: Callable[[], float]
) -> Flow:
    """Yield the requests of the plan, each signed at the time at which it is asked for.

    Where an answer ends the flow early, the step that failed decides the variant's outcome.

    Raises:
        SourceError: the request cannot be signed with what there is.
    """
    named = named_secrets(plan, secrets)
    match plan.sign:
        case OAuth2Sign():
            yield from _oauth2(plan, plan.sign, named, lambda: build(plan, secrets, world, now()))
        case DigestSign():
            yield from _digest(plan, plan.sign, named, build(plan, secrets, world, now()))
        case _:
            request = build(plan, secrets, world, now())
            yield Sending(step=Step.MAIN, request=request, secrets=named)


def is_shared(sign: Sign | None) -> bool:
    """Tell whether the first request serves all that would send the same."""
    return isinstance(sign, OAuth2Sign) and sign.share


def usual_requests(sign: Sign | None) -> int:
    """Return how many requests a flow sends when all goes well, without a shared one."""
    return 2 if isinstance(sign, OAuth2Sign | DigestSign) and not is_shared(sign) else 1


def goes_on(sign: Sign | None, key: ExchangeKey, status: int, headers: HeaderPairs) -> bool:
    """Tell whether the flow has another request to send, or to refuse, after this answer."""
    match sign, key.step:
        case OAuth2Sign(), Step.AUTH:
            return has_token(status)
        case DigestSign(), Step.PREFLIGHT:
            return _asks_for_digest(status, headers)
        case DigestSign(), Step.MAIN:
            wants = key.attempt < DIGEST_ATTEMPTS and key.hop == 0
            return wants and _asks_for_digest(status, headers) and _says_stale(headers)
        case _:
            return False


def _asks_for_digest(status: int, headers: HeaderPairs) -> bool:
    return status == UNAUTHORIZED and bool(digest_challenges(headers))


def _says_stale(headers: HeaderPairs) -> bool:
    """Tell whether the server takes the password and wants a newer nonce (RFC 7616, 3.3)."""
    return any(challenge.stale for challenge in digest_challenges(headers))


def _oauth2(
    plan: RequestPlan,
    sign: OAuth2Sign,
    named: Mapping[str, Secret],
    unsigned: Callable[[], SignedRequest],
) -> Flow:
    client_id = text_of(sign.client_id, named, "client_id")
    client_secret = secret_of(named, "client_secret")
    on_the_way = tuple(proxy_sources(plan))
    answered = yield Sending(
        step=Step.AUTH,
        request=token_request(sign, unsigned(), client_id, client_secret),
        secrets=_those(named, *sign_sources(plan), *on_the_way),
        born=lambda response: tokens_in(response, sign),
        is_shared=sign.share,
    )
    response = answered.response
    if response is None or not has_token(response.status):
        return
    token = access_token(response, sign)
    yield Sending(
        step=Step.MAIN,
        request=_authorized(unsigned(), f"Bearer {token.reveal()}"),
        secrets={
            **_those(named, *template_sources(plan, parse_template), *on_the_way),
            "oauth2.access_token": token,
        },
    )


def _digest(
    plan: RequestPlan, sign: DigestSign, named: Mapping[str, Secret], unsigned: SignedRequest
) -> Flow:
    username = text_of(sign.username, named, "username")
    account = DigestAccount(username, secret_of(named, "password"))
    used = (*template_sources(plan, parse_template), *proxy_sources(plan))
    answered = yield Sending(
        step=Step.PREFLIGHT,
        request=replace(unsigned, redirects=RedirectPolicy(follow=0)),
        secrets=_those(named, *used),
    )
    key = ExchangeKey("", step=Step.PREFLIGHT)
    for attempt in range(1, DIGEST_ATTEMPTS + 1):
        response = answered.response
        if response is None or not goes_on(sign, key, response.status, response.headers):
            return
        challenge = chosen(digest_challenges(response.headers))
        value = digest_authorization(unsigned, account, challenge)
        request = _authorized(unsigned, value)
        answered = yield Sending(step=Step.MAIN, request=request, secrets=named, attempt=attempt)
        key = ExchangeKey("", step=Step.MAIN, hop=answered.hop, attempt=attempt)


def _those(named: Mapping[str, Secret], *names: str) -> dict[str, Secret]:
    return {name: named[name] for name in names}


def _authorized(request: SignedRequest, value: str) -> SignedRequest:
    draft = Draft(request.url, request.headers, request.body, request.credential_headers)
    signed = draft.with_header("Authorization", value)
    return replace(request, headers=signed.headers, credential_headers=signed.credentials)
