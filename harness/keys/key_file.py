"""A key that is a whole file, every byte of it."""

from __future__ import annotations

from pathlib import Path

from harness.errors import SourceError
from harness.model.key_source import FileSource
from harness.model.secret import Provenance, Secret

MAX_BYTES = 1 << 20


def read_file(source: FileSource, directory: Path) -> Secret:
    """Return the file's content; only `strip: true` takes surrounding white space away.

    Raises:
        SourceError: the file cannot be read, or is larger than 1 MiB.
    """
    path = directory / (source.cwd or "") / Path(source.path).expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(
            f"cannot read key file {source.path}: {error.strerror}",
            hint="a relative path starts in the working directory; `cwd:` names another",
        ) from None
    if len(content) > MAX_BYTES:
        raise SourceError(f"key file {source.path} is larger than 1 MiB; a key is not")
    text = content.decode("utf-8", "surrogateescape")
    return Secret(text.strip() if source.strip else text, Provenance("file", source.path))
