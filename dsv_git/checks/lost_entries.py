"""Rule `lost-entries`: what a side of a merge had, and no side deleted, is in its result; and what
one side deleted, and no side changed, is not.

A merge on a host, without our merge driver, or a conflict that was resolved by taking one side,
loses rows and brings them back without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.delta import Rows, rows_of
from dsv_git.checks.finding import Problem
from dsv_git.checks.merged import Merged
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.diff.change import same_entry
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import DECLARATION, Manifest


@dataclass(frozen=True)
class _Trees:
    """The rows of one manifest that tell of a loss, in the merge, in its sides and in its bases."""

    now: Rows
    sides: list[Rows]
    bases: list[Rows]

    def lost(self) -> set[str]:
        """The paths that a side has and the merge has not, but for those that were in a base and
        that some side has not. A content that is there under another path is not lost."""
        deleted = {p for base in self.bases for p in base if any(p not in s for s in self.sides)}
        there = {entry.hash for entry in self.now.values()}
        return {
            path
            for side in self.sides
            for path, entry in side.items()
            if path not in self.now and path not in deleted and entry.hash not in there
        }

    def brought_back(self) -> set[str]:
        """The paths that one side deleted, and that the merge has as they were in every base and
        in the sides that kept them: nobody changed them, so the deletion had to win."""
        if not self.bases:
            return set()
        deleted = {p for p in self.bases[0] if any(p not in side for side in self.sides)}
        return {
            path
            for path in deleted & self.now.keys()
            if all(path in base for base in self.bases) and self._unchanged(path)
        }

    def _unchanged(self, path: str) -> bool:
        now = _unplaced(self.now[path])
        others = (rows[path] for rows in (*self.sides, *self.bases) if path in rows)
        return all(same_entry(now, _unplaced(other)) for other in others)


def _unplaced(entry: Entry) -> Entry:
    """An entry without its path, which is another one in another layout's list."""
    return Entry("", entry.size, entry.hash, entry.label, entry.split, entry.ann, entry.props)


def check_content(content: Content) -> Iterator[Problem]:
    """The entries that each merge of the change lost or brought back, where no later commit has
    mended it."""
    for merge in content.merges:
        for name in merge.manifests():
            trees = _read(merge, name)
            lost, back = (trees.lost(), trees.brought_back()) if trees else (set(), set())
            there = _there(content, name) if lost or back else {}
            for paths, text in (
                (lost - there.keys(), "lost {} that one side had and no side deleted"),
                (back & there.keys(), "brought back {} that one side had deleted"),
            ):
                if paths:
                    yield _problem(content, name, f"{merge.what} {text}", sorted(paths))


def _problem(content: Content, name: str, text: str, paths: list[str]) -> Problem:
    count = "an entry" if len(paths) == 1 else f"{len(paths)} entries"
    hint = unless_meant(f"dsv update {quote(name)}, or merge again", "lost-entries")
    file = f"{content.folder}/{name}/{DECLARATION}"
    return Problem(text.format(count), hint, name, file).about(paths)


def _read(merge: Merged, name: str) -> _Trees | None:
    """The lists of a manifest that tell of a loss; None where none does, or one is unreadable."""
    sides = [side.get(name) for side in merge.sides]
    bases = [base.get(name) for base in merge.bases]
    result = merge.result.get(name)
    names = _to_read(sides, bases, result)
    read = [_rows(manifest, names) for manifest in (result, *sides, *bases)] if names else []
    found = [rows for rows in read if rows is not None]
    if not found or len(found) < len(read):
        return None
    return _Trees(found[0], found[1 : len(sides) + 1], found[len(sides) + 1 :])


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


def _there(content: Content, name: str) -> Rows:
    """What the content under check has of a manifest, which may be later than the merge."""
    subject = content.by_name.get(name)
    rows = rows_of(subject.manifest, list(subject.manifest.lists)) if subject else None
    return rows or {}


RULE = Rule(content=check_content)
