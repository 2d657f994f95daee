"""Rule `duplicates`: a content is there once."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.repeats import problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Contents that are there more often than before the change; all of a first version."""
    found = [one for one in subject.repeats if one.multiplied]
    examples = [" = ".join(path for path, _ in one.now[:2]) for one in found]
    text = "a content is there more than once", "{} contents are there more than once"
    advice = f"dsv dedupe {quote(subject.name)} keeps one file of each content"
    return problem(subject, "duplicates", examples, text, advice)


RULE = Rule(manifests=check_manifest)
