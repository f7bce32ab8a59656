"""Key sources."""

from __future__ import annotations

from harness.model.key_source import (
    CanarySource,
    CommandSource,
    DotenvDialect,
    DotenvSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KeySource,
    LiteralSource,
    NetrcSource,
    ProcessSource,
    PromptSource,
    UnitSource,
)
from harness.model.secret import Provenance, Secret
from harness.scenario_file.form.key_source import (
    CanaryForm,
    CommandForm,
    DotenvForm,
    EnvForm,
    FileForm,
    KeyringForm,
    KeySourceForm,
    MadeUpForm,
    NetrcForm,
    PidForm,
    ProcessForm,
    ProgramForm,
    PromptForm,
)


def key_source(form: KeySourceForm) -> KeySource:  # noqa: PLR0911 - one for each kind
    """Return the source that a form describes."""
    match form:
        case EnvForm():
            return EnvSource(form.env)
        case DotenvForm():
            dialect = DotenvDialect(form.dialect)
            return DotenvSource(form.dotenv, form.name, form.cwd, form.find == "up", dialect)
        case KeyringForm():
            return KeyringSource(form.keyring, form.user)
        case NetrcForm():
            return NetrcSource(form.netrc, form.login)
        case ProcessForm():
            return _process_source(form)
        case CanaryForm():
            made_up = form.canary if isinstance(form.canary, MadeUpForm) else MadeUpForm()
            return CanarySource(made_up.prefix, made_up.length)
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


def _process_source(form: ProcessForm) -> ProcessSource | UnitSource:
    match form.process:
        case PidForm(pid=pid):
            return ProcessSource(pid, form.name)
        case ProgramForm(name=program):
            return ProcessSource(program, form.name)
        case unit:
            return UnitSource(unit.unit, form.name)
