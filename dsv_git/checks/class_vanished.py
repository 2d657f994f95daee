"""Rule `class-vanished`: a label that had images has some still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from dsv_git.checks.delta import list_rows
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import Subject
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import canonical
from dsv_git.manifest.manifest import DECLARATION


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """The labels of rows that changed, where no row has them now. A list that did not change is
    read only if the label's text is in it."""
    change = subject.delta
    if change is None:
        return
    gone = _labels(change.before.values()) - _labels(change.now.values())
    for name in change.rest:
        if not gone:
            return
        data = subject.manifest.files.read(name)
        if any(canonical(label) in data for label in gone):
            gone -= _labels(row for _, row in list_rows(subject.manifest, name) or ())
    if gone:
        count = "a label has" if len(gone) == 1 else f"{len(gone)} labels have"
        hint = unless_meant(
            f"dsv diff HEAD {quote(subject.name)} shows what went", "class-vanished"
        )
        problem = Problem(
            f"{count} no image any more", hint, subject.name, subject.file(DECLARATION)
        )
        yield problem.about(sorted(gone))


def _labels(rows: Iterable[Entry]) -> set[str]:
    return {label for row in rows for label in row.labels}


RULE = Rule(manifests=check_manifest)
