"""Names that tell where and by whom something was run: hosts, addresses, people, folders.

They give way to classes with an id, so that it still shows which of them are the same.
Public hosts stay, and so does this machine's own loopback, which says nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable

from harness.redaction.placeholder import Placeholder, parse_placeholder, split_placeholders
from harness.redaction.scrub import Scrubber

_PRIVATE_ENDS = "internal|local|localdomain|lan|corp|home|intranet|private|priv|home\\.arpa|svc"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})"
_HOST = re.compile(
    rf"(?<![\w.@~-])(?:(?:{_LABEL}\.)+(?:{_PRIVATE_ENDS})(?![\w-])(?!\.\w)"
    rf"|(?:{_LABEL}\.)*(?:internal|intranet|corp|lan|vpn)(?:\.{_LABEL})+(?![\w-])"
    r"|ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?![\w-]))",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\w)")
_VERSION_OF = re.compile(r"[A-Za-z]/$")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:%\w+)?(?![\w:])")
_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}")
_SLASH = r"(?:\\?/)"
_STEP = r"[\w.@+~#-]+"
_ROOTS = (
    rf"(?:home|Users){_SLASH}{_STEP}"
    "|root|tmp|var|opt|srv|mnt|media|usr|etc|Volumes|workspaces?|builds|private"
)
_FOLDER = re.compile(
    rf"(?<![\w.~/\\-]){_SLASH}(?:{_ROOTS})(?:{_SLASH}{_STEP})*?"
    rf"(?={_SLASH}{_STEP}(?![\w.@+~#/\\-])|(?![\w.@+~#/\\-]))"
)
_ANY_FOLDER = re.compile(
    rf"(?<![\w.~/\\:}}-]){_SLASH}{_STEP}(?:{_SLASH}{_STEP})*?"
    rf"(?={_SLASH}{_STEP}(?![\w.@+~#/\\-]))"
)
_WINDOWS = re.compile(r"(?<!\w)[A-Za-z]:(?:\\{1,4}[^\\/:*?\"<>|\s]+)+(?=\\{1,4}[^\\\s\"]+)")
_LOCAL = re.compile(r"localhost|[\w.-]+\.localhost", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"(?P<before>[A-Za-z][A-Za-z0-9+.-]{0,20}://(?:[^/?#@\s]*@)?)(?P<host>[^/?#:\s\"'<>\[\]]+)"
)
_SHORTEST_WORD = 4
_COMMON_WORDS = frozenset(
    {
        *("root", "user", "users", "admin", "administrator", "ubuntu", "debian", "runner", "test"),
        *("guest", "docker", "vagrant", "localhost", "home", "nobody", "default", "build", "ci"),
    }
)


class PrivateNames:
    """Replaces private names in texts. `words` are names of this machine and of its user."""

    def __init__(self, scrub: Scrubber, words: Iterable[str] = ()) -> None:
        """Number names with `scrub`, whose registry gives equal ones the same id."""
        self._scrub = scrub
        self._words = _pattern_of(words)

    def text(self, text: str) -> str:
        """Replace hosts, addresses, people and the folders of well-known places."""
        text = self._folders(self.network(text), _FOLDER)
        return _between(text, self._replaced_words)

    def file(self, text: str) -> str:
        """Do as `text` in a text that is about files: every absolute folder goes."""
        return self._folders(self.text(text), _ANY_FOLDER)

    def network(self, text: str) -> str:
        """Replace hosts, addresses and mail addresses; paths, which may be a URL's, stay."""
        text = _between(text, lambda part: self._all(_MAIL, part, "user"))
        text = _between(text, lambda part: self._all(_HOST, part, "host"))
        text = _between(text, self._authorities)
        text = _between(text, lambda part: _IPV4.sub(self._ipv4, part))
        return _between(text, lambda part: _IPV6.sub(self._ipv6, part))

    def host(self, host: str) -> str:
        """Replace a host that stands alone, a name of one label too."""
        if parse_placeholder(host) or not is_private_host(host):
            return host
        return self._label(host, "ip" if _address(host) else "host")

    def user(self, name: str) -> str:
        """Replace somebody's name."""
        return self._label(name, "user") if name and not parse_placeholder(name) else name

    def _label(self, value: str, kind: str) -> str:
        secret_id = self._scrub.registry.note(value, kind, kind)
        return str(Placeholder(secret_id, kind=kind))

    def _all(self, pattern: re.Pattern[str], text: str, kind: str) -> str:
        return pattern.sub(lambda match: self._label(match[0], kind), text)

    def _authorities(self, text: str) -> str:
        return _AUTHORITY.sub(lambda match: match["before"] + self.host(match["host"]), text)

    def _ipv4(self, match: re.Match[str]) -> str:
        address = _address(match[0])
        if address is None or _says_nothing(address):
            return match[0]
        before = match.string[max(0, match.start() - 2) : match.start()]
        if address.is_global and _VERSION_OF.search(before):
            return match[0]  # a version, as in `Chrome/120.0.0.0`
        return self._label(match[0], "ip")

    def _ipv6(self, match: re.Match[str]) -> str:
        address = _address(match[0])
        return (
            match[0] if address is None or _says_nothing(address) else self._label(match[0], "ip")
        )

    def _folders(self, text: str, posix: re.Pattern[str]) -> str:
        return self._all(posix, self._all(_WINDOWS, text, "dir"), "dir")

    def _replaced_words(self, text: str) -> str:
        return text if self._words is None else self._all(self._words, text, "user")


def is_private_host(host: str) -> bool:
    """Tell whether a host is somebody's own: an address, one label, or a private domain."""
    bare = host.strip("[]").rstrip(".")
    address = _address(bare)
    if address is not None:
        return not _says_nothing(address)
    if not bare or _LOCAL.fullmatch(bare):
        return False
    return "." not in bare or bool(_HOST.fullmatch(bare))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None


def _says_nothing(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_loopback or address.is_unspecified


def _pattern_of(words: Iterable[str]) -> re.Pattern[str] | None:
    telling = sorted(
        {w for w in words if len(w) >= _SHORTEST_WORD and w.lower() not in _COMMON_WORDS},
        key=lambda word: (-len(word), word),
    )
    if not telling:
        return None
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, telling))})(?![\w-])")


def _between(text: str, change: Callable[[str], str]) -> str:
    """Change what stands between placeholders."""
    parts = split_placeholders(text)
    return "".join(
        part if index % 2 or not part else change(part) for index, part in enumerate(parts)
    )
