from __future__ import annotations

from redaction.samples import made_up, secret

from harness.redaction.body_text import redact_body
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

KIND = 'multipart/form-data; boundary="b"'


def _part(head: str, body: str) -> str:
    return f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n"


def _shown(body: str, kind: str = KIND) -> str:
    registry = SecretRegistry()
    registry.add(secret(made_up(1)))
    return redact_body(Scrubber(registry), body.encode(), kind)


def test_a_field_is_decided_by_its_name() -> None:
    body = _part('name="zzz"', "seven7") + _part('name="model"', "m-1") + "--b--\r\n"
    assert _shown(body) == body.replace("seven7", "RDX~s2.L4-7.Cb62~")


def test_a_file_is_decided_by_its_content() -> None:
    body = _part('name="f"; filename="a.txt"', f"words {made_up(1)} words") + "--b--\r\n"
    assert _shown(body) == body.replace(made_up(1), "RDX~s1.sk.L35.Chex~")


def test_a_form_without_a_boundary_is_a_text() -> None:
    assert _shown(f"a {made_up(1)}", "multipart/form-data") == "a RDX~s1.sk.L35.Chex~"
