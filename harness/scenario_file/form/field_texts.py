"""Texts that several fields take: a URL, the name of a header."""

from __future__ import annotations

import re
from typing import Annotated

from harness.scenario_file.form.strict import text_like
from harness.scenario_file.web_address import is_web_address

UrlText = Annotated[
    str,
    text_like(
        is_web_address,
        "is not an http:// or https:// URL",
        "write it whole, such as `https://api.deepseek.com/chat/completions`",
        r"https?://[^\s/?#]+(?:[/?#]\S*)?",
    ),
]

_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
HeaderName = Annotated[
    str,
    text_like(
        re.compile(_HEADER_NAME).fullmatch,
        "is not the name of a header",
        "use letters, digits and `-`",
        _HEADER_NAME,
    ),
]
