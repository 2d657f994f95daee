"""The contents that a change brought and that are there more than once now.

Lists that the change left alone are searched for the hashes as bytes, and read only where one is
found. A content that was there as often before is none of the change's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dsv_git.checks.delta import list_rows
from dsv_git.checks.finding import Problem
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import DECLARATION

if TYPE_CHECKING:
    from dsv_git.checks.delta import Delta
    from dsv_git.checks.subject import Subject
    from dsv_git.manifest.manifest import Manifest

_HASH: Final = re.compile(rb'"hash"\s*:\s*"([^"\\]*)"')
_FEW: Final = 4
"""Up to so many hashes are searched for one by one."""

Value = Callable[[Entry], object | None]


@dataclass(frozen=True)
class Repeat:
    """One content: every entry that has it now, and before the change, by path."""

    now: tuple[tuple[str, Entry], ...]
    before: tuple[Entry, ...]

    def brought(self, value: Value) -> bool:
        """Whether the entries differ in `value` (None left out), and the change has a part in it:
        some value is there more often than before."""
        now = Counter(found for _, entry in self.now if (found := value(entry)) is not None)
        before = Counter(found for entry in self.before if (found := value(entry)) is not None)
        return len(now) > 1 and bool(now - before)

    @property
    def multiplied(self) -> bool:
        """Whether the content is there more often than before."""
        return len(self.now) > max(len(self.before), 1)


def problem(
    subject: Subject, rule: str, examples: Sequence[str], text: tuple[str, str], advice: str
) -> Iterator[Problem]:
    """The problem of a rule about repeated contents, an example each; none where there is none.
    `text` is for one content and for several, whose number takes the place of `{}`."""
    if examples:
        count = len(examples)
        said = text[0] if count == 1 else text[1].format(count)
        hint = unless_meant(advice, rule)
        found = Problem(said, hint, subject.name, subject.file(DECLARATION))
        yield found.about(examples)


def repeats(subject: Subject) -> tuple[Repeat, ...]:
    """The repeated contents that the change has a part in, by their first path. Files without a
    byte are all alike and left out, and so are the files that annotations come from."""
    if subject.before is None:
        return tuple(_within(subject, subject.manifest))
    change = subject.delta
    if change is None:
        return ()
    return tuple(_across(subject, subject.manifest, change))


def _within(subject: Subject, manifest: Manifest) -> Iterator[Repeat]:
    """All of them, of a first version."""
    seen: set[bytes] = set()
    twice: set[bytes] = set()
    for name in manifest.lists:
        for text in _HASH.findall(manifest.files.read(name)):
            (twice if text in seen else seen).add(text)
    wanted = {text.decode("utf-8", "replace") for text in twice}
    yield from _gathered(subject, _found(manifest, tuple(manifest.lists), wanted), {})


def _across(subject: Subject, manifest: Manifest, change: Delta) -> Iterator[Repeat]:
    wanted = {entry.hash for _, entry in change.come}
    if not wanted:
        return
    before: dict[str, list[Entry]] = {}
    for entry in change.before.values():
        if entry.hash in wanted:
            before.setdefault(entry.hash, []).append(entry)
    now = [(path, entry) for path, entry in change.now.items() if entry.hash in wanted]
    rest = list(_found(manifest, change.rest, wanted))
    for _, entry in rest:
        before.setdefault(entry.hash, []).append(entry)
    yield from _gathered(subject, iter([*now, *rest]), before)


def _found(
    manifest: Manifest, names: tuple[str, ...], wanted: set[str]
) -> Iterator[tuple[str, Entry]]:
    texts = {text.encode("utf-8", "replace") for text in wanted}
    for name in names if texts else ():
        data = manifest.files.read(name)
        if len(texts) <= _FEW:
            there = any(text in data for text in texts)
        else:
            there = not texts.isdisjoint(_HASH.findall(data))
        if there:
            yield from (row for row in list_rows(manifest, name) or () if row[1].hash in wanted)


def _gathered(
    subject: Subject, rows: Iterator[tuple[str, Entry]], before: dict[str, list[Entry]]
) -> Iterator[Repeat]:
    declared = subject.declaration
    annotates = annotation_files(declared) if declared is not None else lambda _: False
    groups: dict[str, dict[str, Entry]] = {}
    for path, entry in rows:
        if entry.size and not annotates(Entry(path, entry.size, entry.hash)):
            groups.setdefault(entry.hash, {})[path] = entry
    found = [
        Repeat(tuple(sorted(group.items())), tuple(before.get(content, ())))
        for content, group in groups.items()
        if len(group) > 1
    ]
    yield from sorted(found, key=lambda one: one.now[0][0])
