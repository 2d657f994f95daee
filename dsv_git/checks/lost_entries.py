"""Rule `lost-entries`: what a side of a merge had, and no side deleted, is in its result.

A merge on a host, without our merge driver, or a conflict that was resolved by taking one side,
loses rows without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.delta import Rows, rows_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.merged import Merged
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.manifest.manifest import DECLARATION, Manifest


def check_content(content: Content) -> Iterator[Problem]:
    """The entries that each merge of the change lost, and that are still not there."""
    for merge in content.merges:
        for name in merge.manifests():
            lost = _lost(merge, name)
            if lost:
                lost = _still_lost(content, name, lost)
            if lost:
                count = "an entry" if len(lost) == 1 else f"{len(lost)} entries"
                text = f"{merge.what} lost {count} that one side had and no side deleted"
                advice = f"dsv update {quote(name)}, or merge again"
                hint = unless_meant(advice, "lost-entries")
                problem = Problem(text, hint, name, f"{content.folder}/{name}/{DECLARATION}")
                yield problem.about(lost)


def _lost(merge: Merged, name: str) -> list[str]:
    """The paths of one manifest that are in a side and not in the result, but for those that were
    in a base and that some side has not. A content that is there under another path is not lost."""
    sides = [side.get(name) for side in merge.sides]
    bases = [base.get(name) for base in merge.bases]
    result = merge.result.get(name)
    names = _to_read(sides, bases, result)
    if not names:
        return []
    read = [_rows(manifest, names) for manifest in (result, *sides, *bases)]
    if any(rows is None for rows in read):
        return []
    now, *others = [rows or {} for rows in read]
    had, based = others[: len(sides)], others[len(sides) :]
    deleted = {p for base in based for p in base if any(p not in side for side in had)}
    there = {entry.hash for entry in now.values()}
    return sorted(
        {
            path
            for side in had
            for path, entry in side.items()
            if path not in now and path not in deleted and entry.hash not in there
        }
    )


def _rows(manifest: Manifest | None, names: list[str]) -> Rows | None:
    return {} if manifest is None else rows_of(manifest, names)


def _to_read(
    sides: list[Manifest | None], bases: list[Manifest | None], result: Manifest | None
) -> list[str]:
    """The lists that tell of a loss: those that the result has from no side that alone changed
    them. Where layouts differ a row may be in any list."""
    everyone = [one for one in (*sides, *bases, result) if one is not None]
    names = sorted({name for one in everyone for name in one.lists})
    unlike = [name for name in names if not _as_it_should(name, sides, bases, result)]
    if unlike and len({tuple(one.lists) for one in everyone}) > 1:
        return names
    return unlike


def _as_it_should(
    name: str, sides: list[Manifest | None], bases: list[Manifest | None], result: Manifest | None
) -> bool:
    blobs = {_blob(side, name) for side in sides}
    changed = blobs - {_blob(base, name) for base in bases} if len(bases) == 1 else blobs
    now = _blob(result, name)
    return now is not None and now != "" and {now} == (changed or blobs)


def _blob(manifest: Manifest | None, name: str) -> str | None:
    return None if manifest is None else manifest.lists.get(name)


def _still_lost(content: Content, name: str, lost: list[str]) -> list[str]:
    """Without what a later commit has brought back."""
    subject = content.by_name.get(name)
    rows = rows_of(subject.manifest, list(subject.manifest.lists)) if subject else None
    return lost if rows is None else [path for path in lost if path not in rows]


RULE = Rule(content=check_content)
