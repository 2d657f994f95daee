"""The version that an ID names to `dsv_git.load`, which has a manifest's name beside it."""

from __future__ import annotations

from contextlib import suppress

from dsv_git.errors import InputError
from dsv_git.flow.history.catalogue import not_committed
from dsv_git.flow.history.contents import Contents, kept_by_id
from dsv_git.flow.history.kept_names import KeptNames
from dsv_git.flow.history.past import past_tips
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.refs import KEPT
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.record import Record


def by_id(
    workspace: Workspace, name: str, version_id: str
) -> tuple[Manifest, str, str | None, str | None]:
    """The manifest, digest, key and ID of the version of `name` with an ID or former ID. Raises
    InputError where there is none; it names the version that the ID is of."""
    records = records_at(workspace, "HEAD")
    text = version_id.removeprefix("clearml:")
    for record in records.all(name):
        if text in (record.id, *record.former_ids):
            manifest = _content(workspace, records, name, record)
            return manifest, record.digest, record.key, record.id
    kept = kept_by_id(workspace, text)
    if kept is not None:
        names, key = KeptNames(workspace), kept.removeprefix(KEPT)
        if names.is_of(key, name):
            manifest = names.manifest(key, name)
            return manifest, Snapshots(workspace).digest(manifest), key, text
    for tip in past_tips(workspace, text):
        past = records_at(workspace, tip)
        for record in past.all(name) if name in past.trees else ():
            if text in (record.id, *record.former_ids):
                return _content(workspace, past, name, record), record.digest, record.key, record.id
    real = _real_name(workspace, records, text)
    if real is not None:
        hint = f"load {printable(real.partition('@')[0])!r} for it"
        raise InputError(f"{printable(version_id)} is {printable(real)}", hint=hint)
    if name not in records.trees and name not in workspace.names:
        raise not_committed(workspace, name, records.trees)
    raise InputError(
        f"no version of {printable(name)} has the ID {printable(version_id)}",
        hint=f"dsv log {name}",
    )


def _real_name(workspace: Workspace, records: Records, version_id: str) -> str | None:
    """The version that an ID is of, whatever its manifest."""
    for name in records.trees:
        with suppress(InputError):  # a broken record of another manifest is its own matter
            for record in records.all(name):
                if version_id in (record.id, *record.former_ids):
                    return f"{name}@{record.version}"
    kept = kept_by_id(workspace, version_id)
    names, key = KeptNames(workspace), (kept or "").removeprefix(KEPT)
    real = names.name_of(key) if key else None
    if real is None:
        return None
    return f"{real}@{names.manifest(key, real).declaration.version}"


def _content(workspace: Workspace, records: Records, name: str, record: Record) -> Manifest:
    """A version's manifest: as HEAD describes it, if HEAD has it, else as it was registered."""
    tree = records.trees[name]
    now = Snapshots(workspace).one(name, tree)
    if now is not None and (now.name, now.digest) == ((name, record.version), record.digest):
        return workspace.manifest_at(tree, name, workspace.path_of(name))
    try:
        return Contents(workspace, records, {}).of_key(name, record)
    except InputError as error:
        reason = f"the lists of {name}@{record.version} are not in this clone"
        raise InputError(reason, hint=error.hint) from None


def records_at(workspace: Workspace, revision: str) -> Records:
    """The records that a revision holds."""
    root = workspace.objects.resolve(f"{revision}:{workspace.config.manifests}")
    return Records(workspace, workspace.manifest_trees(root) if root else {})
