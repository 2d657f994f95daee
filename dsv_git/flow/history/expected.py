"""The numbers that the record of a version will hold once it is registered."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.history.contents import Contents
from dsv_git.flow.history.seen import Snapshot
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.history.unregistered import Unrecorded
from dsv_git.flow.history.version_stats import ParentContent, version_stats
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import Record, RecordStats


def expected_stats(snapshot: Snapshot, found: Unrecorded, contents: Contents) -> RecordStats | None:
    """The numbers of an unregistered version; None where the lists of a parent are not here, or
    its own may not be registered."""
    try:
        parents = [
            _content(parent, found, contents)
            for parent in snapshot.declaration.parents
            if not parent.foreign
        ]
        return version_stats(contents.manifest(snapshot), parents).record
    except InputError:
        return None


def parent_record(parent: Parent, records: Records) -> Record | None:
    """The record of a parent that is tracked here."""
    found = records.of(parent.manifest, parent.version)
    return next((record for record in found if record.key.startswith(parent.key8)), None)


def _content(parent: Parent, found: Unrecorded, contents: Contents) -> ParentContent:
    seen = found.seen.get((parent.manifest, parent.version))
    record = parent_record(parent, found.records)
    if record is not None and (seen is None or seen.snapshot.digest == record.digest):
        return ParentContent(contents.of_key(parent.manifest, record), record)
    if seen is None:
        raise InputError(f"{parent} is nowhere in this history")
    return ParentContent(contents.manifest(seen.snapshot), None)
