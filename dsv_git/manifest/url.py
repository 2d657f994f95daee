"""The URL of a place that holds data: a bucket, a container, a web server's folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable

SCHEMES: Final = ("s3", "gs", "az", "abfs", "abfss", "http", "https")
"""Where data is read from."""

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(.*)", re.DOTALL)
_AZURE: Final = ("az", "abfs", "abfss")
_EXAMPLE: Final = "s3://bucket/folder"


@dataclass(frozen=True)
class Url:
    """A place for files. `host` is the bucket, the container or the server; `path` is what follows,
    without `/` at its ends, as it was written: only the web's is quoted."""

    scheme: str
    host: str
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + (f"/{self.path}" if self.path else "")

    @property
    def is_web(self) -> bool:
        """Whether it is a web server's."""
        return self.scheme in {"http", "https"}

    def file(self, path: str) -> str:
        """The URL of the file with this path below the place; on the web it is quoted."""
        return f"{self}/{quote(path) if self.is_web else path}"


def is_url(text: str) -> bool:
    """Whether a data root is a URL, and no folder."""
    return _URL.match(text) is not None


def without_credentials(text: str) -> str:
    """`text`, a URL or not, without what stands before the `@` of its host: for messages."""
    found = _URL.fullmatch(text)
    if found is None or not _credentials(found):
        return text
    return f"{found[1]}://…@{found[2].rpartition('@')[2]}{found[3]}"


def refuse_credentials(text: str) -> None:
    """Raises InputError for a URL that names a user or a password: every clone would have it, and
    the history for ever."""
    found = _URL.fullmatch(text)
    if found is not None and _credentials(found):
        raise InputError(
            f"{printable(without_credentials(text))} has credentials in it",
            hint="leave them out: they come from the environment or the store's own configuration",
        )


def _credentials(found: re.Match[str]) -> bool:
    user, at, _ = found[2].rpartition("@")
    # A container of Azure is written CONTAINER@ACCOUNT.
    return bool(at) and (":" in user or "@" in user or found[1].lower() not in _AZURE)


def parse_url(text: str) -> Url:
    """Reads a URL. Raises InputError for one that data cannot be read from, never showing what may
    be a password."""
    refuse_credentials(text)
    found = _URL.fullmatch(text)
    said = printable(text)
    if found is None:
        raise InputError(f"not a URL: {said}", hint=_EXAMPLE)
    scheme, host, path = found[1].lower(), found[2], found[3].removeprefix("/").removesuffix("/")
    if scheme not in SCHEMES:
        raise InputError(
            f"data is not read from {found[1]}://",
            where=said,
            hint=f"one of {', '.join(f'{one}://' for one in SCHEMES)}, or a folder",
        )
    if not host:
        raise InputError("the URL names no bucket or server", where=said, hint=_EXAMPLE)
    if "?" in text or "#" in text:
        where = printable(re.split("[?#]", text)[0])  # what follows may well be a signature
        raise InputError("the URL of a data root has no ? and no #", where=where, hint=_EXAMPLE)
    parts = path.split("/") if path else []
    if any(part in {"", ".", ".."} for part in parts) or not text.isprintable():
        raise InputError("a part of the URL is empty, . or .., or odd", where=said, hint=_EXAMPLE)
    return Url(scheme, host, path)
