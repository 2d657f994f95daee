"""`dsv export`: a version as a list that other tools read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, get_args

from dsv_git.errors import InputError
from dsv_git.flow.history.named import Named, named
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import write_file
from dsv_git.manifest.lists import Kind, write_list
from dsv_git.manifest.names import encode_part, printable

Format = Literal["jsonl", "csv", "croissant"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_ENDINGS: Final[dict[str, Format]] = {".jsonl": "jsonl", ".csv": "csv", ".json": "croissant"}


@dataclass(frozen=True)
class Exported:
    """A version that was written: its name, how many files it lists, what was written."""

    version: str
    files: int
    places: tuple[Path, ...]


def format_of(place: Path | None, asked: Format | None) -> Format:
    """The format that was asked for, or that the ending of the file's name says; JSON Lines where
    nothing does. Raises InputError for an ending that says nothing."""
    if asked is not None or place is None:
        return asked or "jsonl"
    found = _ENDINGS.get(place.suffix.lower())
    if found is None:
        raise InputError(
            f"what shall {printable(place.name)} be?", hint=f"--format {'|'.join(FORMATS)}"
        )
    return found


def stream(workspace: Workspace, reference: str, form: Format) -> Iterator[bytes]:
    """A version as one list, in parts. Raises InputError where there is no such version, and for a
    form that is more than one file."""
    if form == "croissant":
        raise InputError(
            "a Croissant description names a list beside it", hint="--to FOLDER/croissant.json"
        )
    return _parts(named(workspace, reference), form)


def export(workspace: Workspace, reference: str, form: Format, place: Path) -> Exported:
    """Writes a version to a file whole or not at all; for Croissant the list that it describes
    first, beside it. Raises InputError where there is no such version."""
    if place.is_dir():
        raise InputError(f"{printable(str(place))} is a folder", hint="name a file: --to FILE")
    version = named(workspace, reference)
    if form != "croissant":
        files = {place: b"".join(_parts(version, form))}
    else:
        files = _croissant(version, place)
    for path, data in files.items():
        write_file(path, data)
    return Exported(version.name, len(version.manifest.entries), tuple(files))


def _parts(version: Named, form: Kind) -> Iterator[bytes]:
    try:
        yield from write_list(version.manifest.entries, form)
    except ValueError as error:
        raise InputError(str(error), where=version.name, hint="dsv check") from None


def _croissant(version: Named, place: Path) -> dict[Path, bytes]:
    from dsv_git.manifest.lists.croissant import croissant

    manifest = version.manifest
    name = f"{PurePosixPath(manifest.name).name}-{manifest.declaration.version}"
    list_name = f"{encode_part(name)}.jsonl"
    try:
        found = croissant(manifest.declaration, manifest.entries, list_name)
    except ValueError as error:
        raise InputError(str(error), where=version.name, hint="dsv check") from None
    return {place.with_name(list_name): found.file_list, place: found.description}
