"""Causes in the form of the credential: which header, which scheme, which bytes."""

from __future__ import annotations

from harness.diagnosis.causes.cause import MEASURED, Cause

HEADER_CAUSES = (
    Cause(
        code="H01",
        title="no credential is sent",
        explanation="With {bad} the request carries no credential at all; with {good} it is sent "
        "as {good_form}. The server said {says}.",
        fix="send {good_form} with every request",
        source="https://github.com/sipeed/picoclaw/issues/2578",
    ),
    Cause(
        code="H02",
        title="the key is empty",
        explanation="{where} holds an empty value, so what is sent ends where the key should "
        "begin. The server said {says}.",
        fix="set {where} to the key, and let the program stop early when it is empty",
        source="https://github.com/LnYo-Cly/ai4j/issues/42",
    ),
    Cause(
        code="H03",
        title="the scheme in front of the key is missing",
        explanation="With {bad} the key goes out as {bad_form}; the server takes {good_form}.",
        fix="put the scheme before the key: {good_form}",
        source="https://github.com/vippsas/vipps-developers/pull/299",
    ),
    Cause(
        code="H04",
        title="the scheme in front of the key is not the one that the server takes",
        explanation="With {bad} the key goes out as {bad_form}, with {good} as {good_form}; "
        "nothing else differs.",
        fix="write the scheme exactly as the server takes it: {good_form}",
        source="https://github.com/getodk/central-backend/pull/849",
    ),
    Cause(
        code="H05",
        title="the scheme is sent twice",
        explanation="{where} already begins with a scheme, and another is put before it: the "
        "server sees two. It said {says}.",
        fix="send {good_form}: where the key is stored, it stands without a scheme",
        source="https://github.com/SaxoBank/openapi-clientlib-js/issues/513",
    ),
    Cause(
        code="H06",
        title="the key is sent under the wrong header name",
        explanation="With {bad} the key goes out as {bad_form}; with {good}, where it passes, "
        "as {good_form}. The server said {says}.",
        fix="send {good_form}, not {bad_form}",
        source="https://github.com/cline/cline/issues/1062",
    ),
    Cause(
        code="H08",
        title="two credentials are sent in one request",
        explanation="The request carries {bad_form}. Servers take the first, the last, both "
        "joined, or refuse; this one said {says}.",
        fix="send one Authorization header: find what adds the second and remove it",
        source=MEASURED,
    ),
    Cause(
        code="H10",
        title="the placeholder for the key was never filled in",
        explanation="With {bad} the header goes out as {bad_form}: a template sign was sent in "
        "place of the key, or before it. The server said {says}.",
        fix="fill the template in so that {good_form} is sent",
        source="https://github.com/groq/groq-python/issues/16",
    ),
    Cause(
        code="H11",
        title="the key has white space in it",
        explanation="The key from {where} has {shape}; the one that passes has {good_shape}. "
        "Some servers strip white space, this one compares it.",
        fix="remove the {edges} from {where}",
        source=MEASURED,
    ),
    Cause(
        code="H12",
        title="the key has a line break in it",
        explanation="The key from {where} has {shape}; the one that passes has {good_shape}. "
        "A line break ends a header: some clients refuse to send it, others cut the header short.",
        fix="remove the {edges} from {where}",
        source="https://github.com/conductor-oss/conductor/issues/1437",
    ),
    Cause(
        code="H13",
        title="the key holds characters that are not ASCII",
        explanation="The key from {where} has {shape}; the one that passes has {good_shape}. "
        "Such characters are invisible or look like others, and come along when a key is copied "
        "from a web page or a chat.",
        fix="copy the key into {where} again from where it was issued, as plain text",
        source="https://github.com/openai/openai-python/issues/2409",
    ),
    Cause(
        code="H14",
        title="a header that the server wants is missing",
        explanation="With {bad} the header {header} is not sent, with {good} it is. "
        "The server said {says}.",
        fix="send the header {header} with every request",
        source=MEASURED,
    ),
    Cause(
        code="H15",
        title="a header names an organization or project of another account",
        explanation="With {bad} the header {header} is sent too; without it the same key passes. "
        "The server said {says}.",
        fix="stop sending {header}: unset the variable or setting that adds it",
        source="https://help.openai.com/en/articles/6891767",
    ),
)
