"""Scanning a root that is a URL: what `flow.data.scanning` does where a manifest has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dsv_git.flow.data.roots import streams
from dsv_git.manifest.url import Url
from dsv_git.scan.progress import Progress, Silent
from dsv_git.scan.remote import RemoteSource, find_remote_changes, list_remote, scan_remote
from dsv_git.scan.scan import Answer, ScanResult
from dsv_git.scan.storage.opening import open_remote
from dsv_git.scan.storage.port import Stored

if TYPE_CHECKING:
    from dsv_git.flow.data.scanning import DataScan


def scan_url(data: DataScan, mount: str, url: Url, progress: Progress) -> ScanResult:
    """Every file of the root; what is not known yet is read. Raises InputError, Unreachable."""
    return scan_remote(_source(data, mount, url, progress))


def changes_of_url(data: DataScan, mount: str, url: Url, progress: Progress) -> Answer:
    """What changed since the remembered state; nothing is read. Raises as `scan_url`."""
    return find_remote_changes(_source(data, mount, url, progress))


def files_of_url(data: DataScan, mount: str, url: Url) -> Iterable[Stored]:
    """Every file of the root, as its place lists it. Raises as `scan_url`."""
    source = _source(data, mount, url, Silent())
    return list_remote(source.storage, source.patterns).files.values()


def _source(data: DataScan, mount: str, url: Url, progress: Progress) -> RemoteSource:
    """A web server, which lists nothing, is asked for the files that the manifest names."""
    workspace, declaration = data.workspace, data.declaration
    prefix = f"{mount}/" if mount else ""

    def listed() -> Iterator[str]:
        for entry in workspace.manifest(declaration.name).entries:
            if entry.path.startswith(prefix):
                yield entry.path[len(prefix) :]

    at_once = streams(workspace)
    known = declaration.name in workspace.names
    storage = open_remote(url, at_once, listed if known else None)
    algorithm, cache = declaration.data.algorithm, data.memories[mount]
    return RemoteSource(storage, data.patterns, algorithm, cache, progress, at_once)
