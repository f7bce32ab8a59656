"""The run facts of a shared cassette: the scenario and its key sources, as strangers may see them.

The document stays a scenario that can be read and searched: levels that differed still differ,
`${key}` and what stands around it in a header are as they were.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from harness.model.request import Json
from harness.redaction.allowed_names import field_may_stay, header_may_stay
from harness.redaction.body_shape import is_count, is_enumeration
from harness.redaction.header_values import redact_header
from harness.redaction.marks import marks_of
from harness.redaction.share_profile import Bodies, ShareProfile
from harness.redaction.url_parts import redact_fields

_REFERENCE = re.compile(r"(\$?\$\{[^}]*\})")
_PUBLIC_MARKS = frozenset({"env", "name", "null", "undef", "sample", "empty"})
_NAMED_ONLY = frozenset({"exclude", "include", "expect", "search", "version", "name"})
_PUBLIC_CLAIMS = frozenset({"iss", "aud"})
_BODIES = frozenset({"json", "json+", "body"})
_FILES = frozenset(
    {"file", "dotenv", "cwd", "ca", "cert", "body_file", "cassette", "key", "command"}
)
_PEOPLE = frozenset({"user", "login", "username"})

JsonObject = dict[str, Json]


@dataclass(slots=True)
class SharedDocument:
    """Applies the profile `share` to the facts of one run."""

    profile: ShareProfile
    _addresses: dict[str, str] = field(default_factory=dict, repr=False)

    def run(self, run: Json) -> Json:
        """Return the run facts; anything that is no object is none."""
        if not isinstance(run, dict):
            return None
        shared: JsonObject = {
            name: self._files(value) for name, value in run.items() if name != "scenario"
        }
        if "scenario" in run:
            shared["scenario"] = self._scenario(run["scenario"])
        return {name: shared[name] for name in run}

    def _files(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.profile.names.file(value)
        if isinstance(value, list):
            return [self._files(one) for one in value]
        if isinstance(value, dict):
            return {name: self._files(one) for name, one in value.items()}
        return value

    def _scenario(self, document: Json) -> Json:
        if not isinstance(document, dict):
            return document
        shared: JsonObject = {}
        for name, value in document.items():
            if name in _NAMED_ONLY:
                shared[name] = value
            elif name == "axes":
                shared[name] = self._axes(value)
            elif name in {"outcome", "lab"}:
                shared[name] = self._network(value)
            else:
                shared[name] = self._value(name, value)
        return shared

    def _axes(self, axes: Json) -> Json:
        """Share the levels; their names are the person's own words and stay."""
        if not isinstance(axes, dict):
            return axes
        return {
            axis: {level: self._value(axis, patch) for level, patch in levels.items()}
            if isinstance(levels, dict)
            else levels
            for axis, levels in axes.items()
        }

    def _value(self, name: str, value: Json) -> Json:
        if name in _BODIES and not (name == "body" and not isinstance(value, str)):
            return self._body(name, value)
        if name == "headers":
            return self._headers(value)
        if isinstance(value, dict):
            return self._members(name, value)
        if isinstance(value, list):
            return [self._value(name, one) for one in value]
        return self._text(name, value) if isinstance(value, str) else value

    def _members(self, name: str, members: JsonObject) -> JsonObject:
        if name in {"query", "form"}:
            return {one: self._field(one, text) for one, text in members.items()}
        if name == "claims":
            return {one: self._claim(one, claim) for one, claim in members.items()}
        if name == "resolve":
            return {self._host_port(one): self._resolved(to) for one, to in members.items()}
        return {one: self._value(one, inner) for one, inner in members.items()}

    def _network(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {name: self._network(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._network(one) for one in value]
        return self.profile.names.network(value) if isinstance(value, str) else value

    def _claim(self, name: str, claim: Json) -> Json:
        if isinstance(claim, str) and name not in _PUBLIC_CLAIMS:
            return self._worded(claim)
        return self._value(name, claim)

    def _text(self, name: str, text: str) -> str:
        names = self.profile.names
        if name in _FILES:
            return names.file(text)
        if name in _PEOPLE:
            return names.user(text)
        if "://" in text:
            return self._url(text)
        return names.host(text) if name in {"sni", "netrc", "host"} else names.text(text)

    def _url(self, url: str) -> str:
        path, mark, query = self.profile.names.network(url).partition("?")
        pairs = (self._pair(pair) for pair in query.split("&"))
        return f"{path}{mark}{'&'.join(pairs)}" if mark else path

    def _pair(self, pair: str) -> str:
        return pair if "${" in pair else redact_fields(self.profile.scrub, pair, "query")

    def _field(self, name: str, value: Json) -> Json:
        if not isinstance(value, str) or field_may_stay(name) or _stays(value):
            return value
        return self.profile.shaper.string(value, always_told=True)

    def _headers(self, headers: Json) -> Json:
        if isinstance(headers, dict):
            return {name: self._header(name, value) for name, value in headers.items()}
        if isinstance(headers, list):
            return [
                [pair[0], self._header(str(pair[0]), pair[1])]
                if isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004 - name and value
                else pair
                for pair in headers
            ]
        return headers

    def _header(self, name: str, value: Json) -> Json:
        if not isinstance(value, str) or _stays(value):
            return value
        if header_may_stay(name):
            return self.profile.names.network(value)
        return redact_header(self.profile.scrub, name, value)[1]

    def _body(self, name: str, value: Json) -> Json:
        if self.profile.settings.bodies is Bodies.KEEP:
            return value
        if isinstance(value, dict):
            shaper = self.profile.shaper
            return {shaper.name(one): self._body(one, inner) for one, inner in value.items()}
        if isinstance(value, list):
            return [self._body(name, one) for one in value]
        if isinstance(value, str):
            return value if is_enumeration(name, value) else self._worded(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and not is_count(name):
            number = self.profile.shaper.number(str(value))
            return float(number) if isinstance(value, float) else int(float(number))
        return value

    def _worded(self, text: str) -> str:
        """Shape a text around the keys that are filled into it."""
        parts = _REFERENCE.split(text)
        return "".join(
            part
            if (index % 2 and not part.startswith("$$")) or not part
            else self.profile.shaper.string(part, always_told=True)
            for index, part in enumerate(parts)
        )

    def _host_port(self, text: str) -> str:
        host, _, port = text.rpartition(":")
        return f"{self.profile.names.host(host)}:{port}"

    def _resolved(self, value: Json) -> Json:
        """Return an address that is nobody's (RFC 5737, RFC 3849): only those can stand there."""
        if not isinstance(value, str):
            return value
        host, _, port = value.rpartition(":")
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return value
        if address.is_loopback:
            return value
        number = len(self._addresses) % 254 + 1
        six = isinstance(address, ipaddress.IPv6Address)
        shown = f"[2001:db8::{number:x}]" if six else f"192.0.2.{number}"
        return f"{self._addresses.setdefault(host, shown)}:{port}"


def _stays(value: str) -> bool:
    """Tell whether a value is filled with a key, or is public: `$NAME`, `Bearer null`."""
    if "${" in value or not value:
        return True
    last_word = value.split(" ", 1)[-1]
    return bool(_PUBLIC_MARKS & set(marks_of(last_word)))
