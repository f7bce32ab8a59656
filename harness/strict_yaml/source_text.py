"""The bytes of a file as text that YAML may be read from."""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import Fault, Place, ScenarioError
from harness.strict_yaml.yaml_rules import SCENARIO, YamlRules

_MAX_FAULTS = 20
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A readable file: its name, its text with LF line ends, and its lines.

    There are no lines where the rules show none.
    """

    file: str
    text: str
    lines: tuple[str, ...]
    rules: YamlRules = SCENARIO

    def line(self, number: int) -> str:
        """Return one line, counted from 1; "" when there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read_source(data: bytes, file: str, rules: YamlRules = SCENARIO) -> SourceText:
    """Decode a file.

    Raises:
        ScenarioError: too large, not UTF-8, or with characters that do not show.
    """
    if len(data) > rules.max_bytes:
        message = f"is larger than {rules.max_bytes // 1024} KiB"
        raise ScenarioError([Fault(Place(file, 1, 1), message, f"split the {rules.one}")])
    text = _decoded(data, file).replace("\r\n", "\n")
    if faults := _unprintable(text, file, rules):
        raise ScenarioError(faults)
    lines = tuple(text.split("\n")) if rules.shows_lines else ()
    return SourceText(file, text, lines, rules)


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError([Fault(Place(file, 1, 1), "is UTF-16", "save it as UTF-8")])
    try:
        text = data.decode("utf-8")
        bad = None
    except UnicodeDecodeError as error:
        text, bad = "", error.start
    if bad is not None:
        before = data[:bad].decode("utf-8")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"byte 0x{data[bad]:02x} is not UTF-8"
        raise ScenarioError([Fault(place, message, "save the file as UTF-8")])
    if text.startswith(_BYTE_ORDER_MARK):
        message = "starts with a byte order mark (U+FEFF)"
        raise ScenarioError([Fault(Place(file, 1, 1), message, "save it as UTF-8 without BOM")])
    return text


def _unprintable(text: str, file: str, rules: YamlRules) -> list[Fault]:
    faults: list[Fault] = []
    for match in rules.unprintable.finditer(text):
        start = match.start()
        line = text.count("\n", 0, start) + 1
        place = Place(file, line, start - text.rfind("\n", 0, start))
        name = "a carriage return" if match[0] == "\r" else "a character that does not show"
        message = f"{name} (U+{ord(match[0]):04X}) stands in the file"
        hint = 'remove it, or write it as an escape in double quotes: "\\u%04X"' % ord(match[0])  # noqa: UP031 - braces would hide the escape
        faults.append(Fault(place, message, hint))
        if len(faults) == _MAX_FAULTS:
            break
    return faults
