"""The next version of a manifest in the working tree: what the verbs that write manifests share.

Which version that is, `manifest.succession` decides; its names are here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.drafting.attributes import ATTRIBUTES, IGNORE, write_settings
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.background import Background, for_each
from dsv_git.gitrepo.files import FolderFiles, refuse_links, write_file, write_folder
from dsv_git.gitrepo.lock import exclusive
from dsv_git.manifest.composing import editor, write_declaration
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import choose
from dsv_git.manifest.manifest import DROPPED, HeldFiles, Manifest, is_list, manifest_files
from dsv_git.manifest.names import is_manifest_name, printable, unsafe_path
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import VERSIONS, record_path
from dsv_git.manifest.succession import (
    IsPublished,
    NextVersion,
    next_version,
    recorded,
    reference,
    registered,
    same_version,
)
from dsv_git.registry.clearml.place import place

__all__ = [
    "ATTRIBUTES",
    "IGNORE",
    "IsPublished",
    "NextVersion",
    "first_text",
    "new_name",
    "next_text",
    "next_version",
    "recorded",
    "reference",
    "refuse_taken",
    "refuse_unsafe",
    "registered",
    "same_version",
    "write_draft",
    "write_part",
]

_ODD: Final = ("\0", "//", "/.")


def next_text(text: str, following: NextVersion, made_by: str) -> str:
    """`manifest.yaml` with the next version, its parents and what made it, all else as a person
    wrote it."""
    parents = [str(parent) for parent in following.parents]
    edit = editor(text).set_text("version", following.version).set_list("parents", parents)
    return edit.set_line("made_by", made_by).text


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
            if name == other:
                raise _there_already(name)
            raise InputError(
                f"the manifests {name} and {other} differ by case alone", hint="choose another name"
            )
        if folded.startswith(f"{known}/") or known.startswith(f"{folded}/"):
            raise InputError(
                f"{name} and the manifest {other}: one would be inside the other",
                hint="choose another name",
            )
    return name


def _there_already(name: str) -> InputError:
    return InputError(f"the manifest {name} is there already", hint=f"dsv update {name}")


def refuse_taken(workspace: Workspace, declaration: Declaration, hint: str | None = None) -> None:
    """Raises InputError, with `hint`, where another manifest has the same version of the same
    dataset already: a registry could not tell the two apart."""
    for name in workspace.names:
        if name != declaration.name and _has_version(workspace, name, declaration):
            raise InputError(
                f"{declaration.dataset} {printable(declaration.version)} in "
                f"{declaration.project} is a version of the manifest {name} already",
                hint=hint or f"choose another version, or write dataset: {declaration.name}",
            )


def _has_version(workspace: Workspace, name: str, wanted: Declaration) -> bool:
    with suppress(InputError):  # what cannot be read is for `dsv check` to say
        manifest = workspace.manifest(name)
        there = manifest.declaration
        if (there.project, there.dataset) == (wanted.project, wanted.dataset):
            recorded_there = record_path(wanted.version) in manifest.files.blobs()
            return recorded_there or there.version == wanted.version
    return False


def write_draft(  # noqa: PLR0913 - a manifest has so many parts
    workspace: Workspace,
    name: str,
    text: str,
    entries: Iterable[Entry],
    left_out: Iterable[Dropped] = (),
    meanwhile: Callable[[Manifest], object] = lambda _: None,
    *,
    new: bool = False,
) -> tuple[str, ...]:
    """Writes a whole manifest into the working tree: `text` is its `manifest.yaml`, which says the
    layout; records stay, and so does what a person keeps beside them. Gives the paths below the
    manifest's folder that changed. Takes the repository's lock, and waits for it. `meanwhile` is
    called with the manifest while the disk is waited for. Where it is `new`, none may be there:
    another dsv may have written it since that was asked.

    `.gitattributes` and `.gitignore` of the manifests folder are written where they are missing.
    Raises InputError, with nothing written, for a bad `text`, paths that are unsafe or twice, names
    that collide, and a symbolic link in the way.
    """
    rows = tuple(entries)
    refuse_unsafe(rows)
    where = f"{workspace.path_of(name)}/{DECLARATION}"
    declared = parse_declaration(text, name, where)
    if workspace.config.registry == "clearml":
        place(declared)  # a name that ClearML refuses is told before the commit
    layout = declared.layout
    try:
        files = manifest_files(text, layout, rows, left_out)
    except ValueError as error:
        raise InputError(printable(str(error)), where=workspace.path_of(name)) from None
    folder = workspace.folder / name
    refuse_links(workspace.repository.top, [folder / path for path in files])
    with exclusive(workspace.repository, wait=True):
        if new and (folder / DECLARATION).exists():
            raise _there_already(name)
        write_settings(workspace)
        there = FolderFiles(folder, str(folder)).blobs()
        others = (path for path in there if not is_list(path) and path != DROPPED)
        writing = Background(lambda: write_folder(folder, files, keep=(f"{VERSIONS}/", *others)))
        try:
            meanwhile(Manifest(name, HeldFiles(files, where)))
        finally:
            writing.wait()
        return tuple(writing.result())


def write_part(
    workspace: Workspace, name: str, text: str | None, lists: Mapping[str, bytes] | None = None
) -> None:
    """Writes some lists of a manifest, and last its `manifest.yaml` unless `text` is None; all else
    stays. Raises InputError, with nothing written, and waits, as `write_draft` does."""
    files = dict(lists or {})
    last = {} if text is None else {DECLARATION: text.encode()}
    if text is not None:
        parse_declaration(text, name, f"{workspace.path_of(name)}/{DECLARATION}")
    folder = workspace.folder / name
    refuse_links(workspace.repository.top, [folder / path for path in (*files, *last)])
    with exclusive(workspace.repository, wait=True):
        for_each(lambda file: write_file(folder / file, files[file]), sorted(files))
        for path, data in last.items():
            write_file(folder / path, data)


def refuse_unsafe(entries: Iterable[Entry]) -> None:
    """Raises InputError for a path that no manifest may hold."""
    paths = [entry.path for entry in entries]
    if _surely_safe(paths):
        return
    for path in paths:
        reason = unsafe_path(path)
        if reason is not None:
            raise InputError(f"the path {printable(path)!r} {reason}")


def _surely_safe(paths: Iterable[str]) -> bool:
    """Whether no path can be unsafe, from a few searches in all of them together: what is unsafe
    begins with a slash, holds a NUL, or has a part that is empty or begins with a dot, or that
    hides a dot behind what is no ASCII."""
    text = "/" + "/".join(paths) + "/"
    return text.isascii() and not any(odd in text for odd in _ODD)
