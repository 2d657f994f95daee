"""Rule `mass-removal`: no change takes away more than a fifth of a version's entries unasked.

A renamed file is not removed, and what `dropped.jsonl` names is left out on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from shlex import quote
from typing import Final

from dsv_git.checks.content import Content
from dsv_git.checks.delta import Delta, rows_of, same_list
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.manifest import DECLARATION, Manifest

PARTS: Final = 5
"""One part in so many may go."""
FEWEST: Final = 10
"""Fewer files are no mass: a diff names each of them."""


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """The entries that are in no list any more."""
    change, before = subject.delta, subject.before
    if change is None or before is None:
        return
    removed = _removed(subject, change)
    if not removed or (len(removed) < FEWEST and subject.manifest.lists):
        return
    total = len(change.before)
    for name in change.rest if len(removed) * PARTS > total else ():
        total += before.files.read(name).count(b"\n")
        if len(removed) * PARTS <= total:
            break
    if len(removed) * PARTS > total:
        text = f"{len(removed)} of {total} entries are removed ({_percent(len(removed), total)})"
        if not subject.manifest.lists:
            text = f"all {total} entries are removed, no file list is left"
        folder = quote(subject.file(""))
        hint = unless_meant(f"git diff HEAD -- {folder} shows them", "mass-removal")
        yield Problem(text, hint, subject.name, subject.file(DECLARATION)).about(removed)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _removed(subject: Subject, change: Delta) -> list[str]:
    """The paths that are gone, less as many as have come under another path."""
    moved = Counter(entry.hash for path, entry in change.come if path not in change.before)
    dropped = _dropped(subject)
    found: list[str] = []
    for path, entry in change.gone:
        if moved[entry.hash]:
            moved[entry.hash] -= 1
        elif (path, entry.hash) not in dropped:
            found.append(path)
    return sorted(found)


def _dropped(subject: Subject) -> set[tuple[str, str]]:
    try:
        return {(item.path, item.hash) for item in subject.manifest.dropped}
    except InputError:
        return set()


def check_content(content: Content) -> Iterator[Problem]:
    """Manifests that are gone as a whole, and are not there under another name."""
    unmerged = set(content.unmerged.values())
    for name, before in content.before.items():
        if name in content.by_name or name in unmerged or not before.lists:
            continue
        if any(_moved(before, one) for one in content.subjects if one.before is None):
            continue
        rows = rows_of(before, list(before.lists)) or {}
        folder = before.files.where
        text = f"the manifest is removed, with all its {len(rows)} entries"
        hint = unless_meant(f"git checkout HEAD -- {quote(folder)}", "mass-removal")
        yield Problem(text, hint, name, f"{folder}/{DECLARATION}").about(sorted(rows))


def _moved(before: Manifest, subject: Subject) -> bool:
    manifest = subject.manifest
    return all(same_list(before, manifest, name) for name in before.lists)


RULE = Rule(manifests=check_manifest, content=check_content)
