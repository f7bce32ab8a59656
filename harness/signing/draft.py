"""A request while it is being signed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.model.request import HeaderPairs


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """URL, headers and body with secrets in clear; `credentials` are lower-case header names."""

    url: str
    headers: HeaderPairs
    body: bytes | None
    credentials: frozenset[str]
    method: str = "GET"

    def __repr__(self) -> str:
        """Say nothing: every field may hold a secret."""
        return "<Draft>"

    def with_header(self, name: str, value: str) -> Draft:
        """Return the draft with a credential in the header; one of that name keeps its place."""
        draft = self.with_plain_header(name, value)
        return replace(draft, credentials=self.credentials | {name.lower()})

    def with_plain_header(self, name: str, value: str) -> Draft:
        """Return the draft with the header set, which holds nothing secret."""
        wanted = name.lower()
        headers = [pair for pair in self.headers if pair[0].lower() != wanted]
        places = [i for i, pair in enumerate(self.headers) if pair[0].lower() == wanted]
        headers.insert(places[0] if places else len(headers), (name, value))
        return replace(self, headers=tuple(headers))

    def header(self, name: str) -> str | None:
        """Return the values of the header, each trimmed, joined as RFC 9110 section 5.2 does."""
        wanted = name.lower()
        values = [value.strip() for key, value in self.headers if key.lower() == wanted]
        return ", ".join(values) if values else None

    def with_query(self, name: str, value: str) -> Draft:
        """Return the draft with an already encoded query field appended."""
        url, hash_mark, fragment = self.url.partition("#")
        joint = "&" if "?" in url else "?"
        return replace(self, url=f"{url}{joint}{name}={value}{hash_mark}{fragment}")
