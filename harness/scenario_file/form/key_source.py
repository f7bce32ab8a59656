"""Where a key comes from, as the file writes it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from harness.scenario_file.form.strict import WORD, Form, text_like

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
VariableName = Annotated[
    str,
    text_like(
        re.compile(_VARIABLE).fullmatch,
        "is not the name of a variable",
        "write the name, such as DEEPSEEK_API_KEY, never the key itself",
        _VARIABLE,
    ),
]
Path = Annotated[str, WORD]

SOURCE_KINDS = ("env", "dotenv", "file", "command", "prompt", "literal")
NOT_YET_SOURCES = ("keyring", "netrc", "process", "canary")
KEY_SOURCE = "key-source"
"""The type of the pydantic error when a value is no key source at all."""


class EnvForm(Form):
    """An environment variable of this process."""

    env: VariableName


class DotenvForm(Form):
    """One name in a `.env` file."""

    dotenv: Path = Field(description="The file, relative to the working directory or `cwd`.")
    name: VariableName
    cwd: Path | None = Field(default=None, description="The directory that the file is in.")
    find: Literal["up"] | None = Field(default=None, description="Look in the parents too.")


class FileForm(Form):
    """A whole file, every byte kept."""

    file: Path = Field(description="The file, relative to the working directory or `cwd`.")
    cwd: Path | None = Field(default=None, description="The directory that the file is in.")
    strip: bool = Field(default=False, description="Drop white space around the value.")


class CommandForm(Form):
    """The standard output of a command, without a shell."""

    command: Annotated[list[Annotated[str, WORD]], Field(min_length=1)]


class PromptForm(Form):
    """Asked for at the terminal, without echo."""

    prompt: Annotated[str, WORD] = Field(description="What to ask for.")


class LiteralForm(Form):
    """A value that is wrong on purpose."""

    literal: str


def _kind(value: object) -> str | None:
    names = value if isinstance(value, dict) else ()
    return next((f"<{name}>" for name in names if name in SOURCE_KINDS), None)


KeySourceForm = Annotated[
    Annotated[EnvForm, Tag("<env>")]
    | Annotated[DotenvForm, Tag("<dotenv>")]
    | Annotated[FileForm, Tag("<file>")]
    | Annotated[CommandForm, Tag("<command>")]
    | Annotated[PromptForm, Tag("<prompt>")]
    | Annotated[LiteralForm, Tag("<literal>")],
    Discriminator(_kind, custom_error_type=KEY_SOURCE, custom_error_message="a key source"),
]


def _text_or_source(value: object) -> str | None:
    return "<text>" if isinstance(value, str) else "<source>"


TextOrSource = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[KeySourceForm, Tag("<source>")],
    Discriminator(_text_or_source),
]
