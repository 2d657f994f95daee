"""Rule `version-unique`: a version of a dataset is one version, in one manifest, in one file."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.declared import line_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.recorded import made_of
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject, record_files, records_of
from dsv_git.manifest.manifest import DECLARATION
from dsv_git.manifest.record import record_path


def check_content(content: Content) -> Iterator[Problem]:
    """Versions that two manifests declare, or one declares and another has recorded."""
    first: dict[tuple[str, str, str], Subject] = {}
    # What the change leaves alone comes first, so that the manifest that it touches is told of.
    for subject in sorted(content.subjects, key=lambda one: (one.touched, one.name)):
        identity = _identity(subject)
        if identity is None:
            continue
        other = first.setdefault(identity, subject)
        if other is not subject:
            yield _taken(subject, f"{other.name} has it too")
        elif subject.touched:
            yield from _recorded_elsewhere(content, subject)


def _recorded_elsewhere(content: Content, subject: Subject) -> Iterator[Problem]:
    """An earlier version of another manifest: its key proves whose it was."""
    d = subject.declaration
    assert d is not None  # noqa: S101
    for other in content.recorded.get(d.version, ()):
        if other is subject or _identity(other) == _identity(subject):
            continue  # told of as declared twice
        for record in records_of(other.manifest, d.version):
            if made_of(d.project, d.dataset, record, content.records):
                yield _taken(subject, f"{other.name} has registered it ({record.id})")


def _identity(subject: Subject) -> tuple[str, str, str] | None:
    d = subject.declaration
    return None if d is None else (d.project, d.dataset, d.version)


def _taken(subject: Subject, by: str) -> Problem:
    d = subject.declaration
    assert d is not None  # noqa: S101
    text = f"the version {d.version} of {d.dataset} in {d.project} is taken: {by}"
    file, line = subject.file(DECLARATION), line_of(subject, "version")
    return Problem(
        text, f"dsv bump {quote(subject.name)}, or name another dataset", subject.name, file, line
    )


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Versions of one manifest whose records macOS and Windows would take for one file."""
    if not subject.touched:
        return
    declared = subject.declaration
    names = list(record_files(subject.manifest))
    if declared is not None:
        names.append(record_path(declared.version))
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            text = f"{name} and {other} differ by case alone: macOS and Windows take them for one"
            file, line = subject.file(DECLARATION), line_of(subject, "version")
            yield Problem(text, f"dsv bump {quote(subject.name)} VERSION", subject.name, file, line)


RULE = Rule(manifests=check_manifest, content=check_content)
