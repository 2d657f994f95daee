"""Rule `parent-exists`: every parent is a version that there is, and never the version itself."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.declared import line_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.manifest.manifest import DECLARATION
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.yamltext import nearest


def check_content(content: Content) -> Iterator[Problem]:
    """The parents that every manifest declares."""
    for subject in content.subjects:
        declaration = subject.declaration
        if declaration is None:
            continue
        for number, parent in enumerate(declaration.parents):
            wrong = wrong_parent(content, subject.name, declaration.version, parent)
            if wrong is not None:
                text, hint = wrong
                file, line = subject.file(DECLARATION), line_of(subject, "parents", number)
                yield Problem(text, hint, subject.name, file, line)


def wrong_parent(
    content: Content, manifest: str, version: str, parent: Parent
) -> tuple[str, str] | None:
    """What is wrong with a parent of a manifest's version, and what to do about it."""
    if parent.foreign:
        return None
    if (parent.manifest, parent.version) == (manifest, version):
        return (
            f"{parent} is this version itself",
            f"name another parent, or another version: dsv bump {quote(manifest)}",
        )
    if _exists(content, parent):
        return None
    text = f"the parent {parent} is nowhere: no record, no commit of this history has it"
    if content.history.is_shallow():
        return f"{text} as far as this shallow clone goes", "git fetch --unshallow"
    near = nearest(str(parent), _known(content))
    correct = f"name other parents of {manifest}"
    return text, f"did you mean {near}?" if near else f"git fetch, or {correct}"


def _exists(content: Content, parent: Parent) -> bool:
    """A record at hand, else a version that the content or a commit of the history names.

    Digits of a key are compared where there is a record at all: a version that is not registered
    has a key that only its registration settles.
    """
    manifest, version = parent.manifest, parent.version
    records = content.records(manifest, version)
    if records and parent.key8:
        known = any(record.key.startswith(parent.key8) for record in records)
        return known or content.history.keeps(parent.key8)
    return (
        bool(records)
        or content.declares(manifest, version)
        or content.history.names(manifest, version)
    )


def _known(content: Content) -> list[str]:
    """The versions at hand, for a hint."""
    declared = {
        f"{subject.name}@{subject.declaration.version}"
        for subject in content.subjects
        if subject.declaration is not None
    }
    recorded = {
        f"{subject.name}@{version}"
        for version, subjects in content.recorded.items()
        for subject in subjects
    }
    return sorted(declared | recorded)


RULE = Rule(content=check_content)
