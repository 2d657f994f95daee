"""`dsv check --fix`: lists, records and dropped.jsonl of the working tree in their one encoding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dsv_git.checks.listfile import folder_of
from dsv_git.diff.change import same_entry
from dsv_git.errors import InputError
from dsv_git.flow.checking.content import of_folder
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import refuse_links, write_file
from dsv_git.gitrepo.lock import exclusive
from dsv_git.manifest.dropped import decode_dropped, encode_dropped
from dsv_git.manifest.entry import Entry, as_label
from dsv_git.manifest.filelist import encode_entries, read_entries
from dsv_git.manifest.layout import LISTS
from dsv_git.manifest.manifest import DROPPED, Manifest
from dsv_git.manifest.names import unsafe_path
from dsv_git.manifest.record import VERSIONS, decode_record, encode_record, record_path

Rows = dict[str, Entry]
"""The rows of a list, by the paths that the list has."""


def fix_manifests(workspace: Workspace) -> list[str]:
    """Rewrites what can be read and is not canonical; `manifest.yaml` stays as it is.

    What cannot be read, has no place, or is twice with two contents is left alone, for a person to
    decide. Gives the files written or removed, from the top of the repository. Nobody else writes
    meanwhile: what is rewritten is what was read.
    """
    with exclusive(workspace.repository, wait=True):
        return _fix_manifests(workspace)


def _fix_manifests(workspace: Workspace) -> list[str]:
    rewritten: list[str] = []
    for subject in of_folder(workspace).subjects:
        manifest, folder = subject.manifest, workspace.folder / subject.name
        for fix in (_fix_lists, _fix_dropped, _fix_records):
            try:
                paths = fix(manifest, folder)
            except (InputError, ValueError):
                continue  # the check that follows tells of it
            except OSError as error:
                where = str(error.filename or subject.file(""))
                raise InputError(f"cannot be rewritten: {error.strerror}", where=where) from None
            rewritten += [subject.file(path) for path in paths]
    return rewritten


def _fix_lists(manifest: Manifest, folder: Path) -> list[str]:
    """Each row into its list, rows sorted and encoded anew; a list without rows is removed."""
    now = {path: manifest.files.read(path) for path in manifest.lists}
    rows = {path: _rows(manifest, path, data) for path, data in now.items()}
    wanted = _placed(manifest, rows)
    refuse_links(folder, [folder / path for path in wanted])
    final = {path: encode_entries(found.values()) for path, found in wanted.items()}
    # Lists gain rows before any list loses one: a kill leaves a row twice, never nowhere, and the
    # next run makes it one again.
    for path, found in wanted.items():
        gained = {**rows.get(path, {}), **found}
        if len(gained) > len(found) and set(found) - set(rows.get(path, {})):
            write_file(folder / path, encode_entries(gained.values()))
    changed = [path for path in sorted(final) if now.get(path) != final[path]]
    for path in sorted(changed, key=lambda path: bool(set(rows.get(path, {})) - set(wanted[path]))):
        write_file(folder / path, final[path])
    gone = sorted(set(now) - set(final))
    for path in gone:
        _remove(folder, path)
    return sorted(changed + gone)


def _rows(manifest: Manifest, path: str, data: bytes) -> Rows:
    """The rows of a list. Raises ValueError for a path that is there with two contents."""
    found: Rows = {}
    for entry in read_entries(data, path):
        if isinstance(entry.label, tuple):
            entry = msgspec.structs.replace(entry, label=as_label(entry.label))  # noqa: PLW2901
        if not same_entry(found.setdefault(entry.path, entry), entry):
            raise ValueError(f"{manifest.name}: {entry.path} is there twice")
    return found


def _placed(manifest: Manifest, rows: Mapping[str, Rows]) -> dict[str, Rows]:
    """The lists as the layout has them. Raises ValueError where a row has no one place."""
    placed: dict[str, Rows] = {}
    for path, found in rows.items():
        prefix = folder_of(path)
        if prefix is None:
            raise ValueError(f"{manifest.name}: {path} stands for no folder")
        for entry in found.values():
            whole = prefix + entry.path
            if unsafe_path(whole) is not None:
                raise ValueError(f"{manifest.name}: {whole} has no place")
            place, inner = manifest.layout.place(whole)
            row = msgspec.structs.replace(entry, path=inner)
            if not same_entry(placed.setdefault(place, {}).setdefault(inner, row), row):
                raise ValueError(f"{manifest.name}: {whole} is there twice")
    return placed


def _fix_dropped(manifest: Manifest, folder: Path) -> list[str]:
    if DROPPED not in manifest.files.blobs():
        return []
    now = manifest.files.read(DROPPED)
    final = encode_dropped(decode_dropped(now, DROPPED))
    if final == now and now:
        return []
    if final:
        write_file(folder / DROPPED, final)
    else:
        _remove(folder, DROPPED)
    return [DROPPED]


def _fix_records(manifest: Manifest, folder: Path) -> list[str]:
    """Records anew, and under their own names where those are free."""
    changed: list[str] = []
    taken = set(manifest.files.blobs())
    for path in sorted(taken):
        if not path.startswith(f"{VERSIONS}/") or not path.endswith(".json"):
            continue
        now = manifest.files.read(path)
        try:
            record = decode_record(now, path)
        except InputError:
            continue
        names = (record_path(record.version), record_path(record.version, record.key))
        right = path if path in names else next((n for n in names if n not in taken), path)
        final = encode_record(record)
        if right != path or final != now:
            write_file(folder / right, final)
            taken.add(right)
            changed.append(right)
        if right != path:
            _remove(folder, path)
            changed.append(path)
    return changed


def _remove(folder: Path, path: str) -> None:
    place = folder / path
    place.unlink()
    parent = place.parent
    while parent not in {folder, folder / LISTS} and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
