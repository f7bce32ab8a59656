"""What every shipped scenario plants in the lab: its exit code, flips and their causes."""

from __future__ import annotations

DEMO = "deepseek-401"

# Name: exit code, and (flip, code) of every finding.
DECLARED: dict[str, tuple[int, set[tuple[str, str]]]] = {
    DEMO: (1, {("key: shell -> dotenv", "K08")}),
    "account": (
        0,
        {
            ("key: in-order -> no-balance", "A02"),
            ("key: in-order -> too-many", "V06"),
            ("key: in-order -> revoked", "K21"),
        },
    ),
    "base-url": (
        0,
        {
            ("url: root -> doubled", "U02"),
            ("url: root -> misspelt", "U02"),
            ("url: root -> base-only", "U02"),
            ("url: root -> wrong-dialect", "U02"),
            ("key: right -> wrong", "K31"),
        },
    ),
    "basic-auth": (
        0,
        {("sign: basic -> bearer", "H04"), ("sign: basic -> wrong-password", "K31")},
    ),
    "canary-path": (
        0,
        {("proxy: direct -> inspecting", "P02"), ("proxy: direct -> gateway", "P05")},
    ),
    "clock-hmac": (
        0,
        {("clock: 0s -> -10m", "C01"), ("clock: 0s -> +10m", "C01")},
    ),
    "clock-jwt": (
        0,
        {
            ("clock: 0s -> -1h", "C03"),
            ("clock: 0s -> -10m", "C03"),
            ("clock: 0s -> +10m", "C02"),
            ("clock: 0s -> +1h", "C02"),
        },
    ),
    "curl-vs-app": (1, {("key: terminal -> app", "K03")}),
    "dotenv-not-loaded": (1, {("key: dotenv -> variable", "K06")}),
    "forbidden": (
        0,
        {("key: allowed -> not-allowed", "A08"), ("key: allowed -> unknown", "K31")},
    ),
    "header-name": (
        0,
        {
            ("carrier: authorization -> api-key", "H06"),
            ("carrier: authorization -> in-query", "U07"),
            (
                "url: anthropic-style -> openai-style, carrier: authorization -> x-api-key",
                "H06",
            ),
        },
    ),
    "key-bytes": (
        0,
        {
            ("key: clean -> word-after", "H11"),
            ("key: clean -> line-feed", "H12"),
            ("key: clean -> carriage-return", "K09"),
            ("key: clean -> quotes", "K08"),
            ("key: clean -> zero-width-space", "H13"),
            ("key: clean -> no-break-space", "H13"),
        },
    ),
    "key-placeholder": (
        0,
        {
            ("key: real -> undefined", "K03"),
            ("key: real -> none-of-python", "K03"),
            ("key: real -> sample", "K05"),
            ("key: real -> shell-name", "K04"),
            ("key: real -> template-name", "K04"),
            ("template: filled -> dollar-left", "H10"),
        },
    ),
    "key-presence": (
        0,
        {
            ("key: set -> empty", "H02"),
            ("key: set -> unset", "K01"),
            ("carrier: present -> absent", "H01"),
        },
    ),
    "key-typed": (1, {("key: stored -> typed", "K21")}),
    "key-wrong": (
        0,
        {
            ("key: right -> cut-off", "K21"),
            ("key: right -> revoked", "K21"),
            ("key: right -> foreign", "K22"),
        },
    ),
    "model-400": (
        0,
        {
            ("content: right -> foreign-model", "V05"),
            ("content: right -> no-messages", "V05"),
            ("content: right -> not-json", "V05"),
            ("key: right -> wrong", "K31"),
        },
    ),
    "proxy-http-only": (0, {("url: https -> http, proxy: direct -> corporate", "P02")}),
    "proxy-kinds": (0, {("proxy: direct -> socks-anonymous", "P01")}),
    "proxy-login": (
        0,
        {
            ("proxy: direct -> anonymous", "P01"),
            ("proxy: direct -> wrong-password", "P01"),
            ("proxy: direct -> gone", "N02"),
        },
    ),
    "proxy-strips": (
        0,
        {("proxy: direct -> inspecting", "P02"), ("proxy: direct -> gateway", "P05")},
    ),
    "redirect": (0, {("url: final -> plain-http", "U05"), ("url: final -> old-host", "R01")}),
    "required-headers": (0, set()),
    "scheme": (
        0,
        {
            ("scheme: bearer -> none", "H03"),
            ("scheme: bearer -> glued", "H04"),
            ("scheme: bearer -> colon", "H04"),
            ("scheme: bearer -> token", "H04"),
            ("scheme: bearer -> twice", "H05"),
            ("scheme: bearer -> quoted", "K08"),
        },
    ),
    "stale-shell-key": (1, {("key: shell -> dotenv", "K07")}),
    "token-times": (
        0,
        {("sign: fresh -> kept-too-long", "C03"), ("sign: fresh -> milliseconds", "C05")},
    ),
}
