"""Key sources."""

from __future__ import annotations

from harness.model.key_source import (
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    KeySource,
    LiteralSource,
    PromptSource,
)
from harness.model.secret import Provenance, Secret
from harness.scenario_file.form.key_source import (
    CommandForm,
    DotenvForm,
    EnvForm,
    FileForm,
    KeySourceForm,
    PromptForm,
)


def key_source(form: KeySourceForm) -> KeySource:
    """Return the source that a form describes."""
    match form:
        case EnvForm():
            return EnvSource(form.env)
        case DotenvForm():
            return DotenvSource(form.dotenv, form.name, form.cwd, form.find == "up")
        case FileForm():
            return FileSource(form.file, form.cwd, form.strip)
        case CommandForm():
            return CommandSource(tuple(form.command))
        case PromptForm():
            return PromptSource(form.prompt)
        case _:
            return LiteralSource(Secret(form.literal, Provenance("literal", "in the scenario")))


def optional_source(form: KeySourceForm | None) -> KeySource | None:
    """Return the source, if one is named."""
    return None if form is None else key_source(form)


def text_or_source(form: str | KeySourceForm | None) -> KeySource | str | None:
    """Return a text as it is and a form as the source that it describes."""
    return form if isinstance(form, str) else optional_source(form)
