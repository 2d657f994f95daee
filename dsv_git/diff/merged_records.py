"""Merges of records: one version that two clones renewed, two versions of one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from dsv_git.manifest.record import Record, record_path


def merge_record(ours: Record, theirs: Record) -> Record:
    """One record out of two of the same key: the newer ID, and every former one.

    An ID is newer than those that its record calls former; ClearML's is newer than a local one;
    else ours counts, and theirs becomes a former one, so that no ID is forgotten.
    """
    newer, older = ours, theirs
    if ours.id in theirs.former_ids or (
        theirs.id not in ours.former_ids
        and (ours.registry, theirs.registry) == ("local", "clearml")
    ):
        newer, older = theirs, ours
    former = dict.fromkeys((*older.former_ids, *newer.former_ids, older.id))
    former.pop(newer.id, None)
    return msgspec.structs.replace(newer, former_ids=tuple(former))


def merge_records(ours: Iterable[Record], theirs: Iterable[Record]) -> Mapping[str, Record]:
    """The records of both sides by their files: of two versions with one name, ours keeps the plain
    file and theirs gets the first digits of its key into its name."""
    by_key = {record.key: record for record in ours}
    plain = {record.version: record.key for record in by_key.values()}
    for record in theirs:
        mine = by_key.get(record.key)
        by_key[record.key] = merge_record(mine, record) if mine else record
        plain.setdefault(record.version, record.key)
    return {
        record_path(record.version, None if plain[record.version] == key else key): record
        for key, record in by_key.items()
    }
