"""Rule `layout`: a list that grew far beyond what its depth and fans were chosen for.

Every edit of a list stores and diffs the whole of it, so git grows with its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final

from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import Subject
from dsv_git.manifest.layout import MOST_ROWS
from dsv_git.manifest.manifest import DECLARATION

FAR_MORE: Final = 4 * MOST_ROWS
"""Rows that a list may grow to. From there one digit more in a fan, the smallest step of a layout,
gives 16 lists of about 1,000 rows, the fewest that are meant: any earlier would be too early."""


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """The lists that the change wrote and that are too long; their rows are counted, not read."""
    found: list[tuple[int, str]] = []
    for path in subject.lists:
        count = subject.manifest.files.read(path).count(b"\n")
        if count > FAR_MORE:
            found.append((count, path))
    if found:
        found.sort(key=lambda one: (-one[0], one[1]))
        lists = "a file list has" if len(found) == 1 else f"{len(found)} file lists have"
        text = f"{lists} more than {FAR_MORE:,} rows"
        hint = unless_meant(
            f"dsv update {quote(subject.name)} --relayout spreads the rows anew", "layout"
        )
        problem = Problem(text, hint, subject.name, subject.file(DECLARATION))
        yield problem.about([f"{path} ({count:,} rows)" for count, path in found])


RULE = Rule(manifests=check_manifest)
