"""What a version is: the digest of its lists, and the key that is its name for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec


def list_digest(data: bytes) -> str:
    """The hexadecimal SHA-256 of one list's bytes, as `sha256sum` prints it."""
    return hashlib.sha256(data).hexdigest()


def digest(lists: Mapping[str, str]) -> str:
    """The digest of a manifest, from the SHA-256 of each list by its path (`files/…`).

    The text that this prints: `cd manifests/NAME && find files -type f -name '*.jsonl' -print0 |
    LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum`, behind `sha256:`.
    """
    text = "".join(f"{lists[path]}  {path}\n" for path in sorted(lists))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def version_key(
    project: str, dataset: str, version: str, digest: str, parents: Iterable[str]
) -> str:
    """The SHA-256 of the canonical JSON `[project, dataset, version, digest, [parents, sorted]]`.

    `parents` are keys, or the text `clearml:ID` for a version tracked elsewhere. Texts and lists
    are written by msgspec as RFC 8785 writes them.
    """
    value = [project, dataset, version, digest, sorted(parents)]
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()
