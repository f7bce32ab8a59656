"""The world under `--lab`, as the file writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from harness.model.scenario import LabKeyKind, LabProvider, LabProxy
from harness.scenario_file.form.field_texts import UrlText
from harness.scenario_file.form.strict import LEEWAY, WORD, Checked, Form, one_of, refuse

_REDIRECTS = (301, 302, 303, 307, 308)


def _check_redirect(status: int) -> None:
    if status not in _REDIRECTS:
        raise refuse("is not a redirect", f"valid: {', '.join(map(str, _REDIRECTS))}")


class LabKeyForm(Form):
    """The key that one source gives."""

    value: Annotated[str, one_of(*LabKeyKind)] = "good"
    text: str | None = Field(default=None, description="A fixed value; wins over `value`.")
    same_as: Annotated[str, WORD] | None = Field(default=None, description="Another entry.")
    prefix: str = ""
    suffix: str = ""


class LabRedirectForm(Form):
    """URLs that start with `from` are answered with a redirect to `to`."""

    origin: UrlText = Field(alias="from")
    to: UrlText
    status: Annotated[int, Checked(_check_redirect, {"enum": list(_REDIRECTS)})] = 307


class LabForm(Form):
    """The world under `--lab`. Default: every key good, every proxy honest."""

    provider: Annotated[str, one_of(*LabProvider)] = "deepseek"
    wording: Annotated[str, one_of("current", "legacy")] = "current"
    leeway: Annotated[str, LEEWAY] = Field(
        default="60s", description="How far clocks may differ, where a signature is checked."
    )
    keys: dict[str, LabKeyForm] = Field(default={})
    proxies: dict[str, Annotated[str, one_of(*LabProxy)]] = Field(default={})
    redirects: list[LabRedirectForm] = Field(default=[])
