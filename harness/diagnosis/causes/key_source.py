"""Causes in the source of the key: which value was read, from where."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

KEY_SOURCE_CAUSES = (
    Cause(
        code="K01",
        title="there is no key at that source",
        explanation="Nothing could be sent for {bad}: {key_error}.",
        fix="{key_remedy}; or take the key from {good_where}, which has one",
        source=MEASURED,
    ),
    Cause(
        code="K02",
        title="an empty variable hides the key",
        explanation="{where} is set but empty, and an empty value is a value: {rival}. "
        "The server said {says}.",
        fix="unset {where}, or set it to the key",
        source="https://github.com/QwenLM/qwen-code/pull/6284",
        also=("H02",),
    ),
    Cause(
        code="K03",
        title="the word for an unset variable was sent as the key",
        explanation="The value from {where} has {shape}: a program wrote its word for "
        "'no value' where the key belongs.",
        fix="set {where} to the key, and let the program stop when it is unset",
        source="https://github.com/continuedev/continue/issues/10019",
    ),
    Cause(
        code="K04",
        title="the name of a variable was sent instead of its value",
        explanation="The value from {where} has {shape}: nobody expanded it, since "
        "not every loader fills in variables.",
        fix="write the key itself into {where}, or load it with something that expands variables",
        source="https://github.com/szczyglis-dev/py-gpt/issues/112",
    ),
    Cause(
        code="K05",
        title="the sample value is still in place of the key",
        explanation="The value from {where} has {shape}: it is the text that a template or a "
        "README puts there.",
        fix="put your own key into {where}",
        source="https://github.com/FullStackPlayer/claude-code-launcher/issues/3",
    ),
    Cause(
        code="K06",
        title="the .env file is not loaded into the environment",
        explanation="{good_where} has a key that passes, {where} has none ({key_error}): the "
        "program that reads the variable never loads the file, or looks in another directory.",
        fix="load {good_where} before the variable is read, or export the variable",
        source="https://github.com/garrytan/gbrain/pull/1912",
        also=("K01",),
    ),
    Cause(
        code="K07",
        title="a stale key hides the good one",
        explanation="{where} has a key that is denied: {rival}. Loaders of .env files leave "
        "variables alone that are set already. Both keys look right ({shape}; {good_shape}), "
        "only the value differs.",
        fix="remove or update {where}, or let the loader override it",
        source="https://github.com/TauricResearch/TradingAgents/issues/641",
        also=("K21", "A01"),
    ),
    Cause(
        code="K08",
        title="the key has quotes in it",
        explanation="The key from {where} has {shape}; the one that passes has {good_shape}. "
        "Whatever loads it keeps the quotes as part of the value, as docker --env-file does.",
        fix="remove the {edges} from {where}",
        source="https://github.com/topoteretes/cognee/issues/1721",
    ),
    Cause(
        code="K09",
        title="the key ends in a carriage return",
        explanation="The key from {where} has {shape}; the one that passes has {good_shape}. "
        "A file with Windows line ends was read by something that only knows the line feed.",
        fix="remove the {edges} from {where}: save the file with LF line ends",
        source="https://github.com/opendev-to/opendev/issues/6",
        also=("H12",),
    ),
    Cause(
        code="K10",
        title="a comment is part of the key",
        explanation="The value from {where} has {shape}: what follows the # was meant as a "
        "comment, but without a space before it loaders keep it.",
        fix="put a space before the # in {where}, or remove the comment",
        source=MEASURED,
    ),
    Cause(
        code="K15",
        title="the process still has the key from before the change",
        explanation="A process keeps the environment that it was started with: {where} has a key "
        "that is denied, {good_where} was changed since and has one that passes. "
        "The server said {says}.",
        fix="restart the process, so that {where} is set anew",
        source="https://github.com/datawhalechina/hello-agents/pull/91",
        also=("K21",),
    ),
    Cause(
        code="K19",
        title="the key is base64-encoded once too often",
        explanation="The value from {where} has {shape}; the one that passes has {good_shape}. "
        "It decodes to plain text: a secret store encoded what was encoded already.",
        fix="decode the value in {where} once before it is stored",
        source="https://github.com/exekube/exekube/issues/44",
    ),
    Cause(
        code="K21",
        title="it is another key, and the server does not know it",
        explanation="The key from {where} is clean ({shape}), and so is the one from "
        "{good_where} ({good_shape}), but they differ{length_note}. A typo, a revoked key and a "
        "deleted one look the same from outside. The server said {says}.{shadow_note}",
        fix="compare {where} with the provider's list of keys; copy it again, or take the key "
        "from {good_where}",
        source="https://github.com/NousResearch/hermes-agent/issues/42130",
        also=("A01",),
    ),
    Cause(
        code="K22",
        title="the key belongs to another provider",
        explanation="The key from {where} begins with {prefix}, the one that passes "
        "{good_prefix_words}. The server said {says}.",
        fix="put a key of this provider into {where}",
        source="https://github.com/SciSharp/BotSharp/issues/386",
    ),
    Cause(
        code="K23",
        title="the key is not valid at that host",
        explanation="The same key passes at {good_url} and is denied at {url}: providers keep "
        "separate accounts for regions and products. The server said {says}.",
        fix="send this key to {good_url}, or use a key that was issued for {url}",
        source="https://github.com/BerriAI/litellm/issues/12571",
    ),
    Cause(
        code="K31",
        title="the key is wrong on purpose, and is denied as it should be",
        explanation="With {bad} the request carries {where}, which no server can know. "
        "{echo_words} The server said {says}.",
        fix="nothing: say so in the scenario with `expect`, or take {bad} out",
        source=MEASURED,
    ),
    Cause(
        code="K29",
        title="what the source holds is not a key",
        explanation="The value from {where} has {shape}; the one that passes has {good_shape}.",
        fix="put the key itself into {where}",
        source="https://github.com/continuedev/continue/issues/10352",
    ),
)
