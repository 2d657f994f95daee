"""Rule `label-conflict`: one content has one label."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.repeats import Repeat, problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Contents of several labels that the change has a part in; all of a first version."""
    found = [one for one in subject.repeats if one.brought(lambda entry: entry.label)]
    text = "a content has more than one label", "{} contents have more than one label"
    advice = f"correct the labels, then: dsv update {quote(subject.name)}"
    return problem(subject, "label-conflict", [_told(one) for one in found], text, advice)


def _told(one: Repeat) -> str:
    places: dict[str, str] = {}
    for path, entry in one.now:
        if entry.label is not None:
            places.setdefault(", ".join(entry.labels), path)
    return " = ".join(f"{path} ({label})" for label, path in places.items())


RULE = Rule(manifests=check_manifest)
