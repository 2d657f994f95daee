"""Opening a place that holds files: a folder of this machine, a bucket, a web server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsv_git.errors import InputError
from dsv_git.manifest.url import Url, is_url, parse_url

if TYPE_CHECKING:
    from dsv_git.scan.storage.port import Remote, Storage

STREAMS: Final = 32
"""How many files of a remote place are read at once: what takes the time is waiting for answers."""

_PACKAGES: Final = {
    "s3": ("s3fs", "s3"),
    "gs": ("gcsfs", "gcs"),
    "az": ("adlfs", "azure"),
    "abfs": ("adlfs", "azure"),
    "abfss": ("adlfs", "azure"),
}
"""The package that reads a scheme, and the extra that installs it."""

Location = Path | Url
"""Where files are: a folder of this machine, or elsewhere."""


def parse_location(text: str, base: Path) -> Location:
    """A URL, or a folder, which is relative to `base`. Raises InputError for a bad URL."""
    return parse_url(text) if is_url(text) else base / text


def has_checksums(place: Location) -> bool:
    """Whether a place tells contents apart itself: an object store does."""
    return not isinstance(place, Path) and not place.is_web


def missing_package(url: Url) -> str | None:
    """What to type to install the package that reads this URL; None where it is there."""
    from importlib.util import find_spec

    module, extra = _PACKAGES.get(url.scheme, ("requests", ""))
    return None if find_spec(module) else f"pip install 'dsv-git[{extra}]'"


def open_storage(
    place: Location, streams: int = STREAMS, listed: Callable[[], Iterable[str]] | None = None
) -> Storage:
    """The storage of a place, for so many files at once. Nothing is asked yet.

    `listed` gives the paths that a web server, which lists nothing, may have. Raises InputError
    where a package is missing.
    """
    if not isinstance(place, Path):
        return open_remote(place, streams, listed)
    from dsv_git.scan.storage.folder import Folder

    return Folder(place)


def open_remote(
    url: Url, streams: int = STREAMS, listed: Callable[[], Iterable[str]] | None = None
) -> Remote:
    """As `open_storage`, of a URL."""
    install = missing_package(url)
    if install is not None:
        raise InputError(f"{url.scheme}:// needs a package that is not installed", hint=install)
    if url.is_web:
        from dsv_git.scan.storage.web import Web

        return Web(url, streams, listed)
    if url.scheme == "s3":
        from dsv_git.scan.storage.bucket import Bucket

        return Bucket(url, streams)
    from dsv_git.scan.storage.blobs import Blobs

    return Blobs(url, streams)
