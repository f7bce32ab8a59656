"""The grammar of placeholders: what stands where a secret stood, made and read here only.

    id = [ "r" run "." ] ( "s" | "x" ) number | "none"
    placeholder = "RDX~" id [ "." kind ] [ "." part ] [ ".L" length ] [ ".C" charset ]
                  [ ".e" encoding ] *( ".w" edge ) *( ".m" mark ) "~"

Only RFC 3986 unreserved characters, so it stands unquoted in a URL, a header, JSON, XML,
HTML, YAML, a shell word or a file name. Every word comes from a closed list, so that a
stranger's text cannot pass a secret off as a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NO_ID = "none"

KINDS = frozenset(
    {
        *(
            "sk",
            "sk-ant",
            "sk-ant-oat01",
            "sk-proj",
            "sk-svcacct",
            "sk-or-v1",
            "gsk",
            "xai",
            "AIza",
        ),
        *("ghp", "gho", "ghu", "ghs", "ghr", "github_pat", "glpat", "hf", "pplx", "AKIA", "ASIA"),
        *("ya29", "xoxb", "xoxp", "npm", "sk_live", "rk_live"),
        *("jwt", "basic", "cookie", "pem", "sig", "oauth", "pw", "user", "host", "blob", "nonce"),
        *("digest", "bot", "ip", "dir"),
    }
)
CHARSETS = frozenset({"hex", "HEX", "dec", "b62", "b64u", "b64", "ascii", "unicode", "bytes"})
ENCODINGS = frozenset({"esc", "b64", "hex", "case", "rev", "sum", "plus", "alt"})
EDGES = frozenset(
    {*("sp", "tab", "lf", "cr", "crlf", "nbsp", "zw", "bom", "dq", "sq", "bt", "sm", "ctl", "uni")}
)
MARKS = frozenset(
    {
        *("env", "name", "assign", "null", "undef", "sample", "scheme", "empty", "json", "path"),
        *("b64", "masked", "url", "hash", "brace", "pad", "text"),
        *("png", "jpeg", "gif", "gzip", "zip", "pdf", "binary", "zlib", "zstd", "utf16"),
    }
)


def _one_of(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


_ID = r"(?:r[1-9]\d{0,4}\.)?[sx]\d{1,6}"
_BODY = (
    rf"RDX~(?P<id>{_ID}|{NO_ID})"
    rf"(?:\.(?P<kind>{_one_of(KINDS)}))?"
    r"(?:\.(?P<part>[thp]\d{1,4}))?"
    r"(?:\.L(?P<length>\d{1,2}-\d{0,2}|\d{1,9}))?"
    rf"(?:\.C(?P<charset>{_one_of(CHARSETS)}))?"
    rf"(?:\.e(?P<encoding>{_one_of(ENCODINGS)}))?"
    rf"(?P<edges>(?:\.w[ltm](?:{_one_of(EDGES)})\d{{0,3}})*)"
    rf"(?P<marks>(?:\.m(?:{_one_of(MARKS)}))*)~"
)
_NAMED = re.compile(_BODY)
_WHOLE_ID = re.compile(_ID)
_ANY = re.compile("(" + re.sub(r"\?P<\w+>", "?:", _BODY) + ")")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What is said of a secret where it stood.

    `id` is an equality class inside one run of a cassette (`none`: no known secret); the ids of
    the second run and of later ones begin with its number, `r2.s1`. `length` counts
    characters, or is a range for a password. `part` is `t4` (the last 4 characters of `id`),
    `h3` (its first 3) or `p12` (12 from inside). `edges` are position (l, t, m) and word, such
    as `tlf1`.
    """

    id: str
    kind: str = ""
    part: str = ""
    length: str = ""
    charset: str = ""
    encoding: str = ""
    edges: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write the placeholder as text."""
        facts = [self.id]
        facts += [self.kind] if self.kind else []
        facts += [self.part] if self.part else []
        facts += [f"L{self.length}"] if self.length else []
        facts += [f"C{self.charset}"] if self.charset else []
        facts += [f"e{self.encoding}"] if self.encoding else []
        facts += [f"w{edge}" for edge in self.edges]
        facts += [f"m{mark}" for mark in self.marks]
        return f"RDX~{'.'.join(facts)}~"


def find_placeholders(text: str) -> tuple[Placeholder, ...]:
    """Read every placeholder in `text`, in order."""
    return tuple(_read(match) for match in _NAMED.finditer(text))


def parse_placeholder(text: str) -> Placeholder | None:
    """Read `text` when it is one placeholder and nothing else."""
    match = _NAMED.fullmatch(text)
    return _read(match) if match else None


def is_secret_id(text: str) -> bool:
    """Tell whether `text` is the id of a secret, `s1` or `r2.s1`."""
    return _WHOLE_ID.fullmatch(text) is not None


def split_placeholders(text: str) -> list[str]:
    """Cut `text` so that odd places hold placeholders and even ones what is between."""
    return _ANY.split(text)


def _read(match: re.Match[str]) -> Placeholder:
    return Placeholder(
        id=match["id"],
        kind=match["kind"] or "",
        length=match["length"] or "",
        charset=match["charset"] or "",
        part=match["part"] or "",
        encoding=match["encoding"] or "",
        edges=tuple(match["edges"].split(".w")[1:]),
        marks=tuple(match["marks"].split(".m")[1:]),
    )
