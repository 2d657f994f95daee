"""Rule `parent-cycle`: no version is its own ancestor."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.checks.content import Content
from dsv_git.checks.declared import line_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.manifest.manifest import DECLARATION

Version = tuple[str, str]
"""A manifest's name, and the version."""


def check_content(content: Content) -> Iterator[Problem]:
    """Cycles through a version that the change declares, each told of once. That a version names
    itself is told of by `parent-exists`."""
    told: set[frozenset[Version]] = set()
    for subject in content.subjects:
        declared = subject.declaration
        if declared is None or not subject.touched:
            continue
        cycle = _cycle(content, (subject.name, declared.version))
        if len(cycle) > 1 and frozenset(cycle) not in told:
            told.add(frozenset(cycle))
            names = [f"{manifest}@{version}" for manifest, version in (*cycle, cycle[0])]
            text = f"{names[0]} is its own ancestor: {' → '.join(names)}"
            hint = f"name other parents of {subject.name}, or of another of them"
            file, line = subject.file(DECLARATION), line_of(subject, "parents")
            yield Problem(text, hint, subject.name, file, line)


def _cycle(content: Content, start: Version) -> list[Version]:
    """A way from a version back to itself over its parents, or nothing."""
    came: dict[Version, Version] = {}
    waiting = [start]
    while waiting:
        version = waiting.pop()
        for parent in _parents(content, version):
            if parent == start:
                way = [version]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if parent not in came:
                came[parent] = version
                waiting.append(parent)
    return []


def _parents(content: Content, version: Version) -> list[Version]:
    """The parents of a version in git: those declared, else those of its one record. Where several
    versions have the name, none is known."""
    manifest, name = version
    subject = content.by_name.get(manifest)
    declared = subject.declaration if subject is not None else None
    if declared is not None and declared.version == name:
        return [(p.manifest, p.version) for p in declared.parents if not p.foreign]
    records = content.records(manifest, name)
    if len(records) != 1:
        return []
    return [(p.manifest, p.version) for p in records[0].parents if p.manifest and p.version]


RULE = Rule(content=check_content)
