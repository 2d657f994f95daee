"""Rule `record`: a record says of its version what the version's key stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from shlex import quote
from typing import Final

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Problem
from dsv_git.checks.recorded import difference
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject, all_records, records_of
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.record import Record

LOCAL: Final = "local"
"""The registry whose IDs follow from the key alone."""
_MOST_KEYS: Final = 64
"""How many keys of one content are looked at, where names of parents stand for several versions."""

Wrong = tuple[str, str]
"""The record's field that is wrong, and why."""


def check_content(content: Content) -> Iterator[Problem]:
    """Every record that the change wrote.

    A record whose key is not the content's may well be legal: that of a former content, which the
    next registration replaces. What can be told is where one key is said to stand for two things.
    """
    for subject in content.subjects:
        records = {p: r for p, r in subject.new_records.items() if isinstance(r, Record)}
        if not records:
            continue
        former = tuple(all_records(subject.before)) if subject.before is not None else ()
        keys = _content_keys(content, subject)
        for path, record in records.items():
            wrong = (
                _against_key(record)
                or _against_former(record, former)
                or (_against_content(content, subject, record) if record.key in keys else None)
                or _replaced(subject, record, keys, former)
            )
            if wrong is not None:
                yield _problem(subject, path, *wrong)


def _problem(subject: Subject, path: str, field: str, text: str) -> Problem:
    file = subject.file(path)
    lines = subject.manifest.files.read(path).splitlines()
    line = next((n for n, one in enumerate(lines, 1) if f'"{field}":'.encode() in one), None)
    hint = f"git rm -f {quote(file)}, commit, then: dsv sync, which writes the right one"
    return Problem(text, hint, subject.name, file, line)


def _against_key(record: Record) -> Wrong | None:
    """An ID that cannot be this key's."""
    right = f"{LOCAL}:{record.key[:32]}"
    if record.registry == LOCAL and record.id != right:
        return "id", f"the id of {record.version} is not that of its key, which is {right}"
    if record.registry != LOCAL and record.id.startswith(f"{LOCAL}:"):
        return "id", f"the id of {record.version} is none of the registry {record.registry}"
    return None


def _against_former(record: Record, former: Sequence[Record]) -> Wrong | None:
    """Something else than a record of this key said before the change."""
    same = next((other for other in former if other.key == record.key), record)
    if same.version != record.version:
        return "version", f"the key of this record is that of {same.version}"
    if same.digest != record.digest:
        return "digest", f"the digest of {record.version} is not that of its key: {same.digest}"
    return None


def _against_content(content: Content, subject: Subject, record: Record) -> Wrong | None:
    """Something else than the content under check, whose key it has."""
    declaration = subject.declaration
    assert declaration is not None  # noqa: S101
    digest = content.history.digest(subject.manifest)
    if record.version != declaration.version:
        return "version", f"the key of this record is that of {declaration.version}"
    if record.digest != digest:
        return "digest", f"the digest of {record.version} is not that of its lists: {digest}"
    if difference(declaration, digest, record, content.records) is not None:
        return "parents", f"the parents of {record.version} are not those of manifest.yaml"
    for parent in record.parents:
        others = content.records(parent.manifest or "", parent.version or "")
        if others and not any(parent.id in {one.id, *one.former_ids} for one in others):
            return "parents", f"no record of {parent.manifest}@{parent.version} has {parent.id}"
    return None


def _replaced(
    subject: Subject, record: Record, keys: frozenset[str], former: Sequence[Record]
) -> Wrong | None:
    """Another key in the place of the one that this content had in its record before."""
    declaration = subject.declaration
    if declaration is None or record.version != declaration.version or record.key in keys:
        return None
    had = any(other.key in keys for other in former)
    has = any(other.key in keys for other in records_of(subject.manifest, record.version))
    if not had or has:
        return None
    return "key", f"the key of {record.version} is not that of its content, which had a record"


def _content_keys(content: Content, subject: Subject) -> frozenset[str]:
    """The keys that the content under check can have: one, unless a parent's name stands for
    several versions; none where a parent has no record."""
    d = subject.declaration
    digest = content.history.digest(subject.manifest) if d is not None else ""
    if d is None or not digest:
        return frozenset()
    parents = [
        [p.foreign]
        if p.foreign
        else [r.key for r in content.records(p.manifest, p.version) if r.key.startswith(p.key8)]
        for p in d.parents
    ]
    return frozenset(
        version_key(d.project, d.dataset, d.version, digest, keys)
        for keys in islice(product(*parents), _MOST_KEYS)
    )


RULE = Rule(content=check_content)
