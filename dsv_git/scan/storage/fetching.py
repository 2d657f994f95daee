"""One content from a place that is elsewhere, brought to a temporary name and proven."""

from __future__ import annotations

from typing import BinaryIO

from dsv_git.errors import InputError
from dsv_git.scan.hashing import BLOCK
from dsv_git.scan.storage.checked import Flaw, Wanted, wrong_content, wrong_size
from dsv_git.scan.storage.copying import Report, Way
from dsv_git.scan.storage.digests import Proof, proves_by_stamp
from dsv_git.scan.storage.port import Storage, Stored


def fetch(storage: Storage, wanted: Wanted, staged: str, report: Report) -> Way | Flaw:
    """Streams a file of a storage into the file `staged`, which is not there yet.

    Raises Unreachable, and OSError where the temporary file cannot be written.
    """
    path = wanted.path
    try:
        there = storage.stat(path)
    except InputError as error:
        return Flaw(path, "unreadable", error.message)
    if there is None:
        return Flaw(path, "missing")
    flaw = wrong_size(wanted, there.size)
    if flaw is not None:
        return flaw
    try:
        with storage.open(path, there.stamp) as stream:
            proof = _written(stream, wanted, staged, report)
    except InputError as error:
        return Flaw(path, "unreadable", error.message)
    holds = proof.holds()
    if holds is None and _proven_by_store(storage, wanted, there):
        holds = proof.size == wanted.size
    return wrong_content(path, holds) or "copy"


def _written(stream: BinaryIO, wanted: Wanted, staged: str, report: Report) -> Proof:
    proof = Proof(wanted.hash)
    with open(staged, "xb") as out:
        while block := stream.read(BLOCK):
            proof.update(block)
            out.write(block)
            report(len(block))
    return proof


def _proven_by_store(storage: Storage, wanted: Wanted, there: Stored) -> bool:
    return proves_by_stamp(storage) and wanted.hash == f"etag:{there.stamp}"
