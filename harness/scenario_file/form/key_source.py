"""Where a key comes from, as the file writes it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from harness.model.key_source import DotenvDialect
from harness.scenario_file.form.strict import WORD, Checked, Form, one_of, refuse, text_like

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

SOURCE_KINDS = (
    "env",
    "dotenv",
    "file",
    "command",
    "prompt",
    "keyring",
    "netrc",
    "process",
    "canary",
    "literal",
)
PROCESS_KINDS = ("pid", "name", "unit")
KEY_SOURCE = "key-source"
PROCESS = "process-form"
"""The types of the pydantic errors when a value is no key source, no process at all."""

_HOST = r"[A-Za-z0-9._:-]+"
HOST = text_like(
    re.compile(_HOST).fullmatch,
    "is not a host",
    "write the host alone, such as api.example.com",
    _HOST,
)
_PROGRAM = r"[^/\s]+"
PROGRAM = text_like(
    re.compile(_PROGRAM).fullmatch,
    "is not the name of a program",
    "write it without its path, such as gunicorn",
    _PROGRAM,
)
_UNIT = r"[A-Za-z0-9:_.@\\-]+\.[a-z]+"
UNIT = text_like(
    re.compile(r"(?!-)" + _UNIT).fullmatch,
    "is not the name of a unit",
    "write it whole, such as my-app.service",
    _UNIT,
)
_PREFIX = r"(?:[A-Za-z0-9]{1,12}[-_]){0,4}|AIza"
PREFIX = text_like(
    re.compile(_PREFIX).fullmatch,
    "is not the public beginning of a key",
    "write what all keys of the provider begin with, such as `sk-` or `sk-ant-`",
    _PREFIX,
)


class EnvForm(Form):
    """An environment variable of this process."""

    env: VariableName


class DotenvForm(Form):
    """One name in a `.env` file."""

    dotenv: Path = Field(description="The file, relative to the working directory or `cwd`.")
    name: VariableName
    cwd: Path | None = Field(default=None, description="The directory that the file is in.")
    find: Literal["up"] | None = Field(default=None, description="Look in the parents too.")
    dialect: Annotated[str, one_of(*DotenvDialect)] = Field(
        default="python-dotenv", description="Whose reading of the file counts."
    )


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


class KeyringForm(Form):
    """An entry of the system's secret store."""

    keyring: Annotated[str, WORD] = Field(description="The service of the entry.")
    user: Annotated[str, WORD] = Field(description="The user name of the entry.")


class NetrcForm(Form):
    """The password of a host in the netrc file."""

    netrc: Annotated[str, HOST] = Field(description="The host of the entry.")
    login: Annotated[str, WORD] | None = Field(default=None, description="Whose entry it must be.")


class PidForm(Form):
    """A process by its id."""

    pid: int = Field(ge=1, le=2**31 - 1)


class ProgramForm(Form):
    """A process by the name of its program."""

    name: Annotated[str, PROGRAM]


class UnitForm(Form):
    """A systemd unit: what its next start will have."""

    unit: Annotated[str, UNIT]


def _process_kind(value: object) -> str | None:
    names = value if isinstance(value, dict) else ()
    return next((f"<{name}>" for name in names if name in PROCESS_KINDS), None)


class ProcessForm(Form):
    """A variable in the environment of another process, or of a systemd unit."""

    process: Annotated[
        Annotated[PidForm, Tag("<pid>")]
        | Annotated[ProgramForm, Tag("<name>")]
        | Annotated[UnitForm, Tag("<unit>")],
        Discriminator(_process_kind, custom_error_type=PROCESS, custom_error_message="a process"),
    ]
    name: VariableName


class MadeUpForm(Form):
    """How a made-up key looks."""

    prefix: Annotated[str, PREFIX] = "sk-"
    length: int = Field(default=32, ge=16, le=256, description="Characters after the prefix.")


def _check_true(value: object) -> None:
    if value is not True:
        raise refuse(
            "is neither `true` nor how the key looks",
            "write `{canary: true}` or `{canary: {prefix: sk-, length: 32}}`",
        )


def _canary_kind(value: object) -> str:
    return "<mapping>" if isinstance(value, dict) else "<word>"


TRUE = Checked(_check_true, {"const": True}, takes_any_type=True)


class CanaryForm(Form):
    """A wrong key, made up for each run; its known end tells how the header arrived."""

    canary: Annotated[
        Annotated[bool, TRUE, Tag("<word>")] | Annotated[MadeUpForm, Tag("<mapping>")],
        Discriminator(_canary_kind),
    ]


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
    | Annotated[KeyringForm, Tag("<keyring>")]
    | Annotated[NetrcForm, Tag("<netrc>")]
    | Annotated[ProcessForm, Tag("<process>")]
    | Annotated[CanaryForm, Tag("<canary>")]
    | Annotated[LiteralForm, Tag("<literal>")],
    Discriminator(_kind, custom_error_type=KEY_SOURCE, custom_error_message="a key source"),
]


def _text_or_source(value: object) -> str | None:
    return "<text>" if isinstance(value, str) else "<source>"


TextOrSource = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[KeySourceForm, Tag("<source>")],
    Discriminator(_text_or_source),
]
