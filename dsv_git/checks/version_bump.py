"""Rule `version-bump`: a published version keeps its content; a change needs another version."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content, Held
from dsv_git.checks.declared import line_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.recorded import difference
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.manifest import DECLARATION


def check_content(content: Content) -> Iterator[Problem]:
    """Every changed manifest against the records of its version."""
    for subject in content.subjects:
        if subject.touched and subject.declaration is not None:
            yield from _one(content, subject)


def _one(content: Content, subject: Subject) -> Iterator[Problem]:
    """Published is what a remote-tracking ref's tip holds, or another version has as a parent."""
    declaration = subject.declaration
    assert declaration is not None  # noqa: S101
    version = declaration.version
    held = {h.record.key: h for h in content.history.remote_records(subject.name, version)}
    for record in content.records(subject.name, version):
        held.setdefault(record.key, Held(record, ""))
    if not held:
        return
    digest = content.history.digest(subject.manifest)
    other: tuple[str, str] | None = None
    for found in held.values():
        why = difference(declaration, digest, found.record, content.records)
        if why is None or other is None:
            holder = found.holder or content.child_of(subject.name, found.record)
            if holder and why is None:
                return
            if holder and why is not None:
                other = (holder, why)
    if other is not None:
        holder, why = other
        text = f"{version} is published ({holder}), and this has {why}"
        file, line = subject.file(DECLARATION), line_of(subject, "version")
        hint = f"dsv bump {quote(subject.name)}, or take the published content back"
        yield Problem(text, hint, subject.name, file, line).about(_changed(subject))


def _changed(subject: Subject) -> list[str]:
    """The entries that the change at hand touches, where it is one of this version's content."""
    before, former = subject.before, subject.declared_before
    now = subject.declaration
    if before is None or former is None or now is None or former.version != now.version:
        return []
    from dsv_git.diff.changes import diff_entries

    changed = [path for path in subject.manifest.lists if subject.is_new(path)]
    gone = [path for path in before.lists if path not in subject.manifest.lists]
    try:
        diff = diff_entries(
            (row for path in {*changed, *gone} & set(before.lists) for row in before.rows(path)),
            (row for path in changed for row in subject.manifest.rows(path)),
        )
    except InputError:
        return changed
    return [change.path for change in diff.changes]


RULE = Rule(content=check_content)
