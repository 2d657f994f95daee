"""`dsv_git.load`: a version of a dataset for Python, with its ID and the paths of its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.data.roots import locations
from dsv_git.flow.dataset import Dataset
from dsv_git.flow.history.seen import Snapshot
from dsv_git.flow.history.sides import in_working_tree
from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.history.version_keys import Resolver
from dsv_git.flow.load_id import by_id, records_at
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ranges import commit_id, commit_of
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.record import Record
from dsv_git.scan.storage.opening import Location

RecordsOf = Callable[[str, str], Sequence[Record]]
"""The records of a manifest's version."""


def load(
    name: str,
    repo: str | os.PathLike[str] | None = None,
    rev: str | None = None,
    id: str | None = None,  # noqa: A002
    strict: bool = True,
) -> Dataset:
    """The version of the manifest `name` that the working tree of `repo` holds (default: the
    repository around the current folder), or that the commit `rev` holds (where git knows none,
    the commit that made the version `rev`), or that has this `id` (a former ID counts).

    `strict` refuses what an ID does not stand for: a draft, a version that is not registered, and,
    for the working tree, data that differs from the manifest. For that every file's path and size
    are compared; contents are not read (`dsv status` and `dsv verify` do). With `rev` or `id` the
    data on disk may be of another version: only the manifest is checked, and that the files are
    there is for the caller to see.

    Raises InputError that says what to type.
    """
    if not isinstance(name, str):
        raise InputError("load needs the name of a manifest", hint='dsv_git.load("pets")')
    if rev is not None and id is not None:
        raise InputError("rev and id exclude each other", hint="give one of them")
    folder = Path(repo) if repo is not None else Path.cwd()
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder))
    workspace = Workspace.open(folder)
    try:
        if id is not None:
            return _made(workspace, *by_id(workspace, name, id))
        if rev is not None:
            return _at(workspace, name, rev, strict)
        return _here(workspace, name, strict)
    finally:
        workspace.objects.close()


def _here(workspace: Workspace, name: str, strict: bool) -> Dataset:
    manifest = in_working_tree(workspace, name)

    def records(of: str, version: str) -> Sequence[Record]:
        known = workspace.manifest(of).records.values() if of in workspace.names else ()
        return [record for record in known if record.version == version]

    found = _dataset(workspace, manifest, records)
    if not strict:
        return found
    if found.id is None:
        committed = commit_of(workspace.objects, "HEAD")
        there = workspace.manifests_at(committed).get(name) if committed else None
        same = there is not None and (there.text, there.lists) == (manifest.text, manifest.lists)
        raise _not_registered(found, committed=same)
    _refuse_drift(workspace, manifest, found)
    return found


def _at(workspace: Workspace, name: str, rev: str, strict: bool) -> Dataset:
    commit = _commit(workspace, name, rev)
    manifest = workspace.manifests_at(commit).get(name)
    if manifest is None:
        raise InputError(f"{printable(rev)} has no manifest {printable(name)}", hint="dsv log")
    # A record may follow in a later commit, and so may another ID.
    sources = [records_at(workspace, commit), records_at(workspace, "HEAD")]
    found = _dataset(workspace, manifest, lambda of, v: [r for s in sources for r in s.of(of, v)])
    if strict and found.id is None:
        raise _not_registered(found, committed=True)
    return found


def _commit(workspace: Workspace, name: str, rev: str) -> str:
    """The commit that `rev` names, be it a revision of git or a version of the manifest."""
    found = commit_of(workspace.objects, rev)
    if found is None:
        from dsv_git.flow.history.version_commit import manifest_of, version_commit

        version = rev if rev.startswith(f"{name}@") else f"{name}@{rev}"
        if manifest_of(workspace, version) is not None:
            with suppress(InputError):
                return version_commit(workspace, version)
    return found or commit_id(workspace.objects, rev)


def _dataset(workspace: Workspace, manifest: Manifest, records: RecordsOf) -> Dataset:
    """A manifest as a dataset, with the ID of the record that has its key."""
    digest = Snapshots(workspace).digest(manifest)
    snapshot = Snapshot(manifest.name, "", manifest.declaration, digest)
    key = Resolver({}, records, lambda _name, _record: False).key(snapshot)
    same = [record for record in records(*snapshot.name) if record.key == key]
    return _made(workspace, manifest, digest, key, _newest_id(same))


def _newest_id(records: Sequence[Record]) -> str | None:
    """The ID that no other of a version's records calls a former one."""
    former = {one for record in records for one in record.former_ids}
    newest = (record.id for record in records if record.id not in former)
    return next(newest, records[-1].id if records else None)


def _made(
    workspace: Workspace, manifest: Manifest, digest: str, key: str | None, version_id: str | None
) -> Dataset:
    declaration = manifest.declaration
    located: Mapping[str, Location] | InputError
    try:
        located = locations(workspace, manifest.name, declaration.data)
    except InputError as error:  # no URL to read from: the entries are of use without it
        located = error
    version = declaration.version
    dataset = declaration.dataset.strip("/")
    return Dataset(
        manifest.name,
        version,
        version_id,
        key,
        digest,
        dataset,
        manifest.entries,
        declaration,
        located,
    )


def _not_registered(found: Dataset, committed: bool) -> InputError:
    what = "is not registered yet" if committed else "is a draft that is not committed"
    first = "dsv sync" if committed else "git add and git commit it"
    return InputError(
        f"{found.name}@{found.version} {what}", hint=f"{first}, or load it with strict=False"
    )


def _refuse_drift(workspace: Workspace, manifest: Manifest, found: Dataset) -> None:
    """Raises InputError where the files that are there are not the entries, by path and size: a
    folder is read, a bucket listed."""
    from dsv_git.flow.data.scanning import DataScan

    there = DataScan.of(workspace, manifest.declaration).sizes()
    wanted = {entry.path: entry.size for entry in found.entries}
    new = there.keys() - wanted.keys() - {item.path for item in manifest.dropped}
    other = [path for path, size in wanted.items() if there.get(path) != size]
    if new or other:
        example = min(new) if new else min(other)
        raise InputError(
            f"the data of {found.name}@{found.version} is not what its manifest says: "
            f"{len(new):,} new files, {len(other):,} gone or of another size, "
            f"such as {printable(example)!r}",
            hint=f"dsv update {found.name} and commit, or load it with strict=False",
        )


__all__ = ["Dataset", "load"]
