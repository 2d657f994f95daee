"""Which version follows: the name and the parents of what a verb is about to write.

A draft is a version without a record; it changes in place until a commit registers it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.manifest.bump import bump, check_version
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import VERSIONS, Record, record_path

IsPublished = Callable[[str, Record], bool]
"""Whether a manifest's version is published: `flow.history.published.Publication`."""

IsTaken = Callable[[str, str], bool]
"""Whether a manifest's version was ever published, also where its record is gone now:
`flow.history.published.Publication.took`."""


@dataclass(frozen=True)
class NextVersion:
    """What a verb is about to write. `is_new`: a version beside a recorded one, which is its only
    parent; else the draft that is there, changed in place, its parents kept."""

    version: str
    parents: tuple[Parent, ...]
    is_new: bool


def registered(manifest: Manifest) -> Record | None:
    """The record of what the manifest holds now: the same version and the same digest."""
    named = recorded(manifest)
    return next((record for record in named if record.digest == manifest.digest), None)


def recorded(manifest: Manifest) -> list[Record]:
    """The records of the manifest's current version, the one without a mark first."""
    current = manifest.declaration.version
    plain = record_path(current)
    found = sorted(manifest.records.items(), key=lambda item: (item[0] != plain, item[0]))
    return [record for _, record in found if record.version == current]


def next_version(
    manifest: Manifest,
    wanted: str | None,
    is_published: IsPublished | None = None,
    is_taken: IsTaken = lambda _manifest, _version: False,
) -> NextVersion:
    """The version that a change of `manifest` makes; `wanted` is its name, None for the usual one.

    A registered version gets a successor (bumped, or `wanted`) with itself as the only parent; so
    does a recorded one whose lists were changed since, where another name is wanted or, as
    `is_published` knows, its own may not be used again. Any other is a draft: it keeps its
    parents, and its version unless another is wanted.

    Raises InputError for a name that has a record already, in any case of letters, for one that
    `is_taken` (the usual one passes those over), and where there is no usual name.
    """
    current = manifest.declaration.version
    former = registered(manifest) or _left_behind(manifest, wanted, is_published)
    if former is None:
        version = check_version(wanted) if wanted is not None else current
        if version != current:
            _refuse_taken(manifest, version, is_taken)
            refuse_recorded(manifest, version)
        return NextVersion(version, manifest.declaration.parents, is_new=False)
    if wanted is None:
        version = bump(current)
        while is_taken(manifest.name, version):
            version = bump(version)
    else:
        version = check_version(wanted)
        _refuse_taken(manifest, version, is_taken)
    refuse_recorded(manifest, version)
    return NextVersion(version, (reference(manifest, former),), is_new=True)


def _refuse_taken(manifest: Manifest, version: str, is_taken: IsTaken) -> None:
    if is_taken(manifest.name, version):
        said = f"the version {printable(version)} of {manifest.name} was published already"
        raise InputError(said, hint="choose another version")


def _left_behind(
    manifest: Manifest, wanted: str | None, is_published: IsPublished | None
) -> Record | None:
    """The current version's record, if the lists changed since and its name cannot stay."""
    named = recorded(manifest)
    renamed = wanted is not None and wanted != manifest.declaration.version
    taken = is_published is not None and any(is_published(manifest.name, r) for r in named)
    return named[0] if named and (renamed or taken) else None


def same_version(manifest: Manifest, is_published: IsPublished) -> NextVersion:
    """The version that is there, to be rewritten in place. Raises InputError if it is published."""
    current = manifest.declaration.version
    if any(is_published(manifest.name, record) for record in recorded(manifest)):
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
