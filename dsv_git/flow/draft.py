"""The next version of a manifest in the working tree: its name and parents, and the files of it.

What `add`, `update`, `merge`, `dedupe` and `bump` share. A draft is a version without a record;
it changes in place until a commit registers it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import write_file, write_folder
from dsv_git.manifest.bump import bump, check_version
from dsv_git.manifest.composing import editor, write_declaration
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import choose
from dsv_git.manifest.manifest import Manifest, manifest_files
from dsv_git.manifest.names import is_manifest_name, printable, unsafe_path
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import VERSIONS, Record, record_path

ATTRIBUTES: Final = b"*.jsonl -text -filter diff=dsv merge=dsv\n*.json -text -filter\n"
"""`manifests/.gitattributes`: no line end and no filter changes what a digest is made of."""
IGNORE: Final = b"!*\n.dsv-*\n"
"""`manifests/.gitignore`: no rule of the repository hides a list; our temporary files stay out."""

IsPublished = Callable[[str, Record], bool]
"""Whether a manifest's version is published: `published.Publication`."""


@dataclass(frozen=True)
class NextVersion:
    """What a verb is about to write. `is_new`: a version beside a recorded one, which is its only
    parent; else the draft that is there, changed in place, its parents kept."""

    version: str
    parents: tuple[Parent, ...]
    is_new: bool


def registered(manifest: Manifest) -> Record | None:
    """The record of what the manifest holds now: the same version and the same digest."""
    named = _named(manifest)
    return next((record for record in named if record.digest == manifest.digest), None)


def next_version(
    manifest: Manifest, wanted: str | None, is_published: IsPublished | None = None
) -> NextVersion:
    """The version that a change of `manifest` makes; `wanted` is its name, None for the usual one.

    A registered version gets a successor (bumped, or `wanted`) with itself as the only parent; so
    does a recorded one whose lists were changed since, where another name is wanted or, as
    `is_published` knows, its own may not be used again. Any other is a draft: it keeps its
    parents, and its version unless another is wanted.

    Raises InputError for a name that has a record already, in any case of letters, and where
    there is no usual name.
    """
    current = manifest.declaration.version
    former = registered(manifest)
    if former is None:
        named = _named(manifest)
        renamed = wanted is not None and wanted != current
        taken = any(is_published(manifest.name, r) for r in named) if is_published else False
        if not named or not (renamed or taken):
            if wanted is not None and wanted != current:
                refuse_recorded(manifest, check_version(wanted))
            return NextVersion(wanted or current, manifest.declaration.parents, is_new=False)
        former = named[0]
    version = check_version(wanted) if wanted is not None else bump(current)
    refuse_recorded(manifest, version)
    return NextVersion(version, (reference(manifest, former),), is_new=True)


def same_version(manifest: Manifest, is_published: IsPublished) -> NextVersion:
    """The version that is there, to be rewritten in place. Raises InputError if it is published."""
    current = manifest.declaration.version
    if any(is_published(manifest.name, record) for record in _named(manifest)):
        raise InputError(
            f"{manifest.name}@{current} is published, so its content stays as it is",
            hint=f"without --same-version the next version is made, or: dsv bump {manifest.name}",
        )
    return NextVersion(current, manifest.declaration.parents, is_new=False)


def reference(manifest: Manifest, record: Record) -> Parent:
    """How a child names a recorded version: with eight digits of its key where the name alone is
    not unique."""
    unique = sum(other.version == record.version for other in manifest.records.values()) == 1
    return Parent(manifest.name, record.version, "" if unique else record.key[:8])


def refuse_recorded(manifest: Manifest, version: str) -> None:
    """Raises InputError where `version` has a record, or one that differs by case alone."""
    wanted = record_path(version)
    for path in manifest.files.blobs():
        if not path.startswith(f"{VERSIONS}/") or not path.endswith(".json"):
            continue
        plain = path.partition("#")[0].removesuffix(".json") + ".json"
        if plain.casefold() == wanted.casefold():
            there = f"{manifest.files.where}/{path}"
            said = "is registered already" if plain == wanted else "differs by case alone from it"
            raise InputError(
                f"the version {printable(version)} {said}: {there}", hint="choose another version"
            )


def _named(manifest: Manifest) -> list[Record]:
    """The records of the manifest's current version, the one without a mark first."""
    current = manifest.declaration.version
    plain = record_path(current)
    found = sorted(manifest.records.items(), key=lambda item: (item[0] != plain, item[0]))
    return [record for _, record in found if record.version == current]


def next_text(text: str, following: NextVersion) -> str:
    """`manifest.yaml` with the next version and its parents, all else as a person wrote it."""
    parents = [str(parent) for parent in following.parents]
    return editor(text).set_text("version", following.version).set_list("parents", parents).text


def first_text(declaration: Declaration, entries: Iterable[Entry]) -> str:
    """A new `manifest.yaml`, with the layout that fits the first entries."""
    layout = choose(entry.path for entry in entries)
    return write_declaration(replace(declaration, layout=layout))


def new_name(workspace: Workspace, name: str) -> str:
    """`name` itself, for a new manifest. Raises InputError where it is no name, is there already
    (in any case of letters), or lies inside another manifest or around one."""
    if not is_manifest_name(name):
        raise InputError(
            f"not a manifest's name: {printable(name)!r}",
            hint="letters, digits and ._- ; parts separated by /, none of them files or versions",
        )
    for other in workspace.names:
        folded, known = name.casefold(), other.casefold()
        if folded == known:
            same = name == other
            raise InputError(
                f"the manifest {other} is there already"
                if same
                else f"the manifests {name} and {other} differ by case alone",
                hint=f"dsv update {other}" if same else "choose another name",
            )
        if folded.startswith(f"{known}/") or known.startswith(f"{folded}/"):
            raise InputError(
                f"{name} and the manifest {other}: one would be inside the other",
                hint="choose another name",
            )
    return name


def write_draft(
    workspace: Workspace,
    name: str,
    text: str,
    entries: Iterable[Entry],
    left_out: Iterable[Dropped] = (),
) -> tuple[str, ...]:
    """Writes a whole manifest into the working tree: `text` is its `manifest.yaml`, which says the
    layout; records stay. Gives the paths below the manifest's folder that changed.

    `.gitattributes` and `.gitignore` of the manifests folder are written where they are missing.
    Raises InputError, with nothing written, for a bad `text`, paths that are unsafe or twice, names
    that collide, and a symbolic link in the way.
    """
    rows = tuple(entries)
    _refuse_unsafe(rows)
    where = f"{workspace.path_of(name)}/{DECLARATION}"
    layout = parse_declaration(text, name, where).layout
    try:
        files = manifest_files(text, layout, rows, left_out)
    except ValueError as error:
        raise InputError(printable(str(error)), where=workspace.path_of(name)) from None
    folder = workspace.folder / name
    _refuse_links(workspace, {folder / path for path in files})
    _write_settings(workspace)
    return tuple(write_folder(folder, files, keep=(f"{VERSIONS}/",)))


def _refuse_unsafe(entries: Iterable[Entry]) -> None:
    safe: set[str] = set()
    for entry in entries:
        name = entry.path.rpartition("/")[2]
        folder = entry.path[: len(entry.path) - len(name)]
        reason = unsafe_path(name if folder in safe else entry.path)
        if reason is not None:
            raise InputError(f"the path {printable(entry.path)!r} {reason}")
        safe.add(folder)


def _write_settings(workspace: Workspace) -> None:
    for file, data in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORE)):
        place = workspace.folder / file
        if not place.exists() and not place.is_symlink():
            write_file(place, data)


def _refuse_links(workspace: Workspace, places: Iterable[Path]) -> None:
    """A symbolic link that came with a repository must not lead a write out of it."""
    top = workspace.repository.top
    folders = {parent for place in places for parent in place.parents if top in parent.parents}
    for folder in sorted(folders):
        if folder.is_symlink():
            raise InputError(
                "a symbolic link cannot hold a manifest", where=str(folder.relative_to(top))
            )
