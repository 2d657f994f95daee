"""Rule `duplicates`: a content is there once."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import Subject
from dsv_git.manifest.manifest import DECLARATION


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Contents that are there more often than before the change; all of a first version."""
    found = [one for one in subject.repeats if one.multiplied]
    if found:
        count = "a content is" if len(found) == 1 else f"{len(found)} contents are"
        advice = f"dsv dedupe {quote(subject.name)} keeps one file of each content"
        hint = unless_meant(advice, "duplicates")
        text = f"{count} there more than once"
        problem = Problem(text, hint, subject.name, subject.file(DECLARATION))
        yield problem.about([" = ".join(path for path, _ in one.now[:2]) for one in found])


RULE = Rule(manifests=check_manifest)
