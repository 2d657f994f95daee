"""Rule `path-safety`: no path leads out of its root, and none shows as another one.

A manifest comes from whoever may push. Its paths are joined to roots, written by a restore, sent
to a registry and printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.listfile import ListFile
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.dropped import decode_dropped
from dsv_git.manifest.manifest import DECLARATION, DROPPED
from dsv_git.manifest.names import unsafe_path

_HIDING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of a line (CVE-2021-42574)."""


def check_list(file: ListFile) -> Iterator[Problem]:
    """Paths of a list, the folder that its name stands for included."""
    folder = file.folder or ""
    reason = unsafe_path(folder + "x")
    if reason is not None:
        hint = f"dsv update {quote(file.manifest)}, which writes the lists anew"
        yield Problem(f"the list's folder {folder!r} {reason}", hint, file.manifest, file.file)
    yield from _paths((row.path for row in file.rows), file.manifest, file.file)


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """Paths of dropped.jsonl, and of reports, which a registration sends to the registry."""
    if subject.dropped is not None:
        file = subject.file(DROPPED)
        try:
            dropped = decode_dropped(subject.dropped, file)
        except InputError:
            dropped = ()
        yield from _paths((item.path for item in dropped), subject.name, file)
    if subject.declaration is not None and subject.is_new(DECLARATION):
        reports = subject.declaration.reports
        named = (*reports.tables, *reports.figures, *reports.media)
        paths = [path.removeprefix("./") for path in named]
        for problem in _paths(paths, subject.name, subject.file(DECLARATION)):
            yield Problem(
                f"reports: {problem.message}",
                "reports are files of this repository, relative to its top",
                problem.manifest,
                problem.file,
                concerned=problem.concerned,
                more=problem.more,
            )


def _paths(paths: Iterable[str], manifest: str, file: str) -> Iterator[Problem]:
    """One problem for each reason, at the first line that has it."""
    unsafe: dict[str, list[tuple[int, str]]] = {}
    hiding: list[tuple[int, str]] = []
    for line, path in enumerate(paths, start=1):
        reason = unsafe_path(path)
        if reason is not None:
            unsafe.setdefault(reason, []).append((line, path))
        elif not path.isprintable() and _HIDING.search(path):
            hiding.append((line, path))
    again = f"remove it from the data or exclude it, then: dsv update {quote(manifest)}"
    for reason, found in unsafe.items():
        problem = Problem(f"a path {reason}", again, manifest, file, found[0][0])
        yield problem.about([path for _, path in found])
    if hiding:
        text = "a path holds control characters: it does not show as what it is"
        hint = f"rename the file, then: dsv update {quote(manifest)}"
        problem = Problem(text, hint, manifest, file, hiding[0][0], minor=True)
        yield problem.about([path for _, path in hiding])


RULE = Rule(check_list, check_manifest)
