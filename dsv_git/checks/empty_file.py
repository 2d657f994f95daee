"""Rule `empty-file`: a file without a byte is a download that failed, most likely."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.delta import list_rows
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import Subject
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import DECLARATION


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """The empty files that the change brought; a YOLO file without an object is as it should be."""
    found = sorted(_brought(subject))
    declared = subject.declaration
    if found and declared is not None:
        annotates = annotation_files(declared)
        found = [path for path in found if not annotates(Entry(path, 0, ""))]
    if found:
        count = "a file is" if len(found) == 1 else f"{len(found)} files are"
        advice = f"fetch or remove what is empty, then: dsv update {quote(subject.name)}"
        hint = unless_meant(advice, "empty-file")
        problem = Problem(f"{count} empty", hint, subject.name, subject.file(DECLARATION))
        yield problem.about(found)


def _brought(subject: Subject) -> list[str]:
    change, manifest = subject.delta, subject.manifest
    if subject.before is None:
        return [
            path
            for name in manifest.lists
            if b'"size":0,' in manifest.files.read(name)
            for path, entry in list_rows(manifest, name) or ()
            if entry.size == 0
        ]
    if change is None:
        return []
    come = [path for path, entry in change.come if entry.size == 0]
    filled = {path for path, entry in change.before.items() if entry.size}
    new = sorted(path for path in come if path not in change.before)
    moved = sum(entry.size == 0 for _, entry in change.gone)
    return [path for path in come if path in filled] + new[moved:]


RULE = Rule(manifests=check_manifest)
