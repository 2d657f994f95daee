"""Rule `split-leak`: one content is in one split, or a test tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.repeats import Repeat, problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Contents in several splits that the change has a part in; all of a first version."""
    found = [one for one in subject.repeats if one.brought(lambda entry: entry.split)]
    text = "a content is in more than one split", "{} contents are in more than one split"
    name = quote(subject.name)
    advice = f"leave each in one split (dsv dedupe {name} keeps one file of each content)"
    return problem(subject, "split-leak", [_told(one) for one in found], text, advice)


def _told(one: Repeat) -> str:
    first = dict.fromkeys(entry.split for _, entry in one.now if entry.split is not None)
    places = {entry.split: path for path, entry in reversed(one.now)}
    return " = ".join(f"{places[split]} ({split})" for split in first)


RULE = Rule(manifests=check_manifest)
