"""Whether a record is that of a given content, as far as what is at hand can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.record import Record

RecordsOf = Callable[[str, str], Iterable[Record]]
"""The records at hand of a manifest's version."""


def difference(
    declaration: Declaration, digest: str, record: Record, records_of: RecordsOf
) -> str | None:
    """What a content has that its record has not, in two words; None where they are the same.

    A record does not name its project and dataset; its key tells them, where the records of the
    parents are at hand.
    """
    if digest != record.digest:
        return "other files"
    declared = sorted(p.foreign or f"{p.manifest}@{p.version}" for p in declaration.parents)
    recorded = sorted(
        f"{p.manifest}@{p.version}" if p.version is not None else p.id for p in record.parents
    )
    if declared != recorded:
        return "other parents"
    keys = _parent_keys(record, records_of)
    if keys is None:
        return None
    wanted = [parent.key8 for parent in declaration.parents if parent.key8]
    if not all(any(key.startswith(key8) for key in keys) for key8 in wanted):
        return "other parents"
    d = declaration
    key = version_key(d.project, d.dataset, record.version, record.digest, keys)
    return None if key == record.key else "another project or dataset"


def made_of(project: str, dataset: str, record: Record, records_of: RecordsOf) -> bool | None:
    """Whether a record is of this project and dataset; None where a parent's key is unknown."""
    keys = _parent_keys(record, records_of)
    if keys is None:
        return None
    return version_key(project, dataset, record.version, record.digest, keys) == record.key


def _parent_keys(record: Record, records_of: RecordsOf) -> list[str] | None:
    """The keys of a record's parents, found by their IDs; None where one is not at hand."""
    keys: list[str] = []
    for parent in record.parents:
        if parent.version is None or parent.manifest is None:
            keys.append(parent.id)
            continue
        found = next(
            (
                other.key
                for other in records_of(parent.manifest, parent.version)
                if parent.id in {other.id, *other.former_ids}
            ),
            None,
        )
        if found is None:
            return None
        keys.append(found)
    return keys
