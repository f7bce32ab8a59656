"""Scenarios of which each level plants one cause in the lab; beside those that ship."""

from __future__ import annotations

from textwrap import indent

PROMPT = "A question that is nobody else's business"
KEYS: dict[str, tuple[str, str]] = {
    # level: the lab's entry for it, and the cause that it plants
    "line-feed": (r'{same_as: good, suffix: "\n"}', "H12"),
    "crlf": (r'{same_as: good, suffix: "\r\n"}', "H12"),
    "tab": (r'{same_as: good, suffix: "\tx"}', "H11"),
    "zero-width": (r'{same_as: good, suffix: "\u200B"}', "H13"),
    "zero-width-joiner": (r'{same_as: good, prefix: "\u200D"}', "H13"),
    "bom": (r'{same_as: good, prefix: "\uFEFF"}', "H13"),
    "no-break-space": (r'{same_as: good, suffix: "\u00A0"}', "H13"),
    "smart-quotes": (r'{same_as: good, prefix: "\u201C", suffix: "\u201D"}', "H13"),
    "double-quotes": (r"""{same_as: good, prefix: '"', suffix: '"'}""", "K08"),
    "single-quotes": (r"""{same_as: good, prefix: "'", suffix: "'"}""", "K08"),
    "backticks": (r'{same_as: good, prefix: "`", suffix: "`"}', "K08"),
    "bearer-inside": (r'{same_as: good, prefix: "Bearer "}', "H05"),
    "name-inside": (r'{same_as: good, prefix: "DEEPSEEK_API_KEY="}', "K29"),
    "export-inside": (r'{same_as: good, prefix: "export DEEPSEEK_API_KEY="}', "K29"),
    "comment": (r'{same_as: good, suffix: "#laptop"}', "K10"),
    "variable": (r'{text: "$DEEPSEEK_API_KEY"}', "K04"),
    "braced": (r'{text: "${DEEPSEEK_API_KEY}"}', "K04"),
    "variable-name": ("{text: DEEPSEEK_API_KEY}", "K04"),
    "none-of-python": ('{text: "None"}', "K03"),
    "undefined": ("{text: undefined}", "K03"),
    "sample": ("{text: sk-your-api-key-here}", "K05"),
    "a-path": ("{text: /run/secrets/deepseek.key}", "K29"),
    "json-file": (r"""{text: '{"api_key":"none"}'}""", "K29"),
    "masked": ('{text: "sk-****************abcd"}', "K29"),
    "swapped": ("{value: unknown}", "K21"),
    "openrouter": ("{text: sk-or-v1-0123456789abcdef0123456789abcdef}", "K22"),
    "groq": ("{text: gsk_0123456789abcdefghij0123456789abcdefghij0123}", "K22"),
    "empty": ("{value: empty}", "H02"),
    "missing": ("{value: missing}", "K01"),
    "revoked": ("{value: revoked}", "K21"),
}


def scenario_of_keys(levels: list[str]) -> str:
    """A scenario with a good key and these bad ones."""
    axis = "\n".join(f"{name}: {{command: [print-key, {name}]}}" for name in levels)
    entries = "\n".join(f"{name}: {KEYS[name][0]}" for name in levels)
    return f"""\
version: 1
name: planted-keys
request:
  url: https://api.deepseek.com/chat/completions
  headers: {{Authorization: "Bearer ${{key}}"}}
  json:
    model: deepseek-v4-flash
    messages: [{{role: user, content: {PROMPT}}}]
    max_tokens: 1
axes:
  key:
    good: {{env: DEEPSEEK_API_KEY}}
{indent(axis, "    ")}
search: {{max_denied: 200}}
lab:
  provider: deepseek
  keys:
{indent(entries, "    ")}
"""
