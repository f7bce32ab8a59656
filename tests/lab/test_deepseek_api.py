from __future__ import annotations

import json

import pytest
from lab.wire import request

from harness.lab.providers.deepseek_api import MODELS, ApiReply, api_reply


def ask(target: str, method: str = "GET", document: object = None, body: bytes = b"") -> ApiReply:
    raw = body or (b"" if document is None else json.dumps(document).encode())
    asked = request(target, method=method, body=raw)
    return api_reply(asked, created=1, new_id=lambda: "an-id")


def chat(**fields: object) -> dict[str, object]:
    return {"model": "deepseek-chat", "messages": [{"role": "user", "content": "hi"}], **fields}


@pytest.mark.parametrize("target", ["/models", "/v1/models", "/beta/models", "/anthropic/models"])
def test_models_are_listed_under_every_base(target: str) -> None:
    reply = ask(target)
    assert (reply.status, reply.costs) == (200, False)
    assert [entry["id"] for entry in json.loads(reply.body)["data"]] == list(MODELS)


@pytest.mark.parametrize(
    "target",
    ["/", "/chat/completions/", "//models", "/v2/models", "/anthropic/chat/completions", "/v1"],
)
def test_any_other_path_is_not_found(target: str) -> None:
    assert ask(target, "POST", chat()).status == 404


@pytest.mark.parametrize(
    ("target", "method", "allowed"),
    [("/chat/completions", "GET", "POST"), ("/models", "POST", "GET")],
)
def test_a_wrong_method_is_named(target: str, method: str, allowed: str) -> None:
    reply = ask(target, method)
    assert (reply.status, reply.headers) == (405, (("Allow", allowed),))


def test_head_is_as_good_as_get() -> None:
    assert ask("/models", "HEAD").status == 200


def test_a_chat_is_completed() -> None:
    reply = ask("/chat/completions", "POST", chat())
    document = json.loads(reply.body)
    assert (reply.status, reply.costs, document["model"]) == (200, True, "deepseek-chat")
    assert document["choices"][0]["message"] == {"role": "assistant", "content": "pong"}


def test_a_stream_ends_with_done() -> None:
    reply = ask("/chat/completions", "POST", chat(stream=True))
    first, last, end = reply.body.split(b"\n\n")
    assert json.loads(first.removeprefix(b"data: "))["object"] == "chat.completion.chunk"
    assert (last, end) == (b"data: [DONE]", b"")
    assert reply.content_type.startswith("text/event-stream")


@pytest.mark.parametrize("model", ["deepseek-chat", "claude-anything"])
def test_a_message_is_answered_in_the_other_dialect(model: str) -> None:
    reply = ask("/anthropic/v1/messages", "POST", chat(model=model))
    assert (reply.status, json.loads(reply.body)["type"]) == (200, "message")


@pytest.mark.parametrize("target", ["/chat/completions", "/anthropic/messages"])
def test_an_unknown_model_is_a_400_that_looks_like_no_auth_failure(target: str) -> None:
    reply = ask(target, "POST", chat(model="gpt-4o-mini"))
    error = json.loads(reply.body)["error"]
    assert reply.status == 400
    assert error["message"].startswith("The supported API model names are deepseek-v4-pro, ")
    assert error["message"].endswith(", but you passed gpt-4o-mini.")


def test_claude_models_exist_in_their_own_dialect_only() -> None:
    assert ask("/chat/completions", "POST", chat(model="claude-x")).status == 400


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "invalid type"),
        ({"model": "deepseek-chat"}, "missing field `messages`"),
        ({"messages": []}, "missing field `model`"),
        ({"messages": "hi", "model": "deepseek-chat"}, "messages: invalid type"),
        ({"messages": [], "model": None}, "model: invalid type"),
    ],
)
def test_a_body_of_the_wrong_shape_is_unprocessable(document: object, fault: str) -> None:
    reply = ask("/chat/completions", "POST", document)
    column = len(json.dumps(document))
    assert (reply.status, reply.reason) == (422, "Unprocessable Entity")
    assert reply.body.decode() == (
        "Failed to deserialize the JSON body into the target type: "
        f"{fault} at line 1 column {column}"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_a_bad_request(body: bytes) -> None:
    assert ask("/chat/completions", "POST", body=body).status == 400
