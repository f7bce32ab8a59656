"""What the DeepSeek-like gateway says behind the door: models, completions, 400, 404, 405, 422."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.lab.http_message import Request
from harness.lab.providers.json_answer import compact_json
from harness.model.request import HeaderPairs, Json

MODELS = ("deepseek-v4-pro", "deepseek-v4-flash", "deepseek-chat", "deepseek-reasoner")

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
_ROUTES = (
    (re.compile(r"(/v1|/beta)?/chat/completions"), "POST", "chat"),
    (re.compile(r"/anthropic(/v1)?/messages"), "POST", "messages"),
    (re.compile(r"(/v1|/beta|/anthropic(/v1)?)?/models"), "GET", "models"),
)


@dataclass(frozen=True, slots=True)
class ApiReply:
    """An answer of the application; `costs` marks those that an account pays for."""

    status: int
    reason: str
    body: bytes
    content_type: str = _JSON
    costs: bool = False
    headers: HeaderPairs = ()


def api_reply(request: Request, *, created: int, new_id: Callable[[], str]) -> ApiReply:
    """Return what a request with a good key gets."""
    for pattern, method, what in _ROUTES:
        if not pattern.fullmatch(request.path):
            continue
        if request.method != method and (request.method, method) != ("HEAD", "GET"):
            return ApiReply(405, "Method Not Allowed", b"", "", headers=(("Allow", method),))
        if what == "models":
            return _models()
        return _completion(request, what, created=created, new_id=new_id)
    return ApiReply(404, "Not Found", b"404 page not found", _TEXT)


def _models() -> ApiReply:
    data: list[Json] = [
        {"id": model, "object": "model", "owned_by": "deepseek"} for model in MODELS
    ]
    return ApiReply(200, "OK", compact_json({"object": "list", "data": data}))


def _completion(
    request: Request, what: str, *, created: int, new_id: Callable[[], str]
) -> ApiReply:
    document = _document(request)
    if isinstance(document, ApiReply):
        return document
    model = str(document["model"])
    claude = what == "messages" and model.startswith("claude-")  # mapped to a model of its own
    if model not in MODELS and not claude:
        return _unknown_model(model)
    if what == "messages":
        return _message(model, new_id())
    if document.get("stream") is True:
        return _stream(model, created, new_id())
    return _chat(model, created, new_id())


def _document(request: Request) -> dict[str, object] | ApiReply:
    """Return the body as a document that has what a completion needs, or what is wrong."""
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        text = b"Failed to parse the request body as JSON"
        return ApiReply(400, "Bad Request", text, _TEXT)
    if not isinstance(document, dict):
        return _unprocessable("invalid type", request)
    for name, kind in (("messages", list), ("model", str)):
        if name not in document:
            return _unprocessable(f"missing field `{name}`", request)
        if not isinstance(document[name], kind):
            return _unprocessable(f"{name}: invalid type", request)
    return document


def _chat(model: str, created: int, reply_id: str) -> ApiReply:
    choice: Json = {
        "index": 0,
        "message": {"role": "assistant", "content": "pong"},
        "logprobs": None,
        "finish_reason": "stop",
    }
    document = _completion_document("chat.completion", model, created, reply_id, choice)
    document["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return ApiReply(200, "OK", compact_json(document), costs=True)


def _stream(model: str, created: int, reply_id: str) -> ApiReply:
    choice: Json = {
        "index": 0,
        "delta": {"role": "assistant", "content": "pong"},
        "logprobs": None,
        "finish_reason": "stop",
    }
    document = _completion_document("chat.completion.chunk", model, created, reply_id, choice)
    body = b"data: " + compact_json(document) + b"\n\ndata: [DONE]\n\n"
    return ApiReply(200, "OK", body, "text/event-stream; charset=utf-8", costs=True)


def _completion_document(
    kind: str, model: str, created: int, reply_id: str, choice: Json
) -> dict[str, Json]:
    return {
        "id": reply_id,
        "object": kind,
        "created": created,
        "model": model,
        "choices": [choice],
        "system_fingerprint": "fp_flip401_lab",
    }


def _message(model: str, reply_id: str) -> ApiReply:
    document: Json = {
        "id": reply_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": "pong"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    return ApiReply(200, "OK", compact_json(document), costs=True)


def _unknown_model(model: str) -> ApiReply:
    names = f"{', '.join(MODELS[:-1])} or {MODELS[-1]}"
    error: Json = {
        "message": f"The supported API model names are {names}, but you passed {model}.",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_request_error",
    }
    return ApiReply(400, "Bad Request", compact_json({"error": error}), costs=True)


def _unprocessable(fault: str, request: Request) -> ApiReply:
    place = f"line 1 column {len(request.body)}"
    text = f"Failed to deserialize the JSON body into the target type: {fault} at {place}"
    return ApiReply(422, "Unprocessable Entity", text.encode(), _TEXT)
