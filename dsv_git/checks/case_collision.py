"""Rule `case-collision`: no two paths of a manifest are one file on macOS or Windows.

Paths are compared by canonical caseless matching (Unicode Standard, section 3.13, D145).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote
from unicodedata import normalize

from dsv_git.checks.delta import list_rows
from dsv_git.checks.finding import Problem
from dsv_git.checks.listfile import folder_of
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject
from dsv_git.manifest.filelist import canonical
from dsv_git.manifest.manifest import DECLARATION


def folded(path: str) -> str:
    """What a path is to a file system that folds cases and knows no normal forms."""
    return path.lower() if path.isascii() else normalize("NFD", normalize("NFD", path).casefold())


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """The paths that the change brought, against all; every path of a first version."""
    groups = _groups(subject)
    if groups:
        text = "a path is" if len(groups) == 1 else f"{len(groups)} paths are"
        text = f"{text} there in two spellings that macOS and Windows take for one"
        hint = f"rename the file, then: dsv update {quote(subject.name)}"
        problem = Problem(text, hint, subject.name, subject.file(DECLARATION))
        yield problem.about([" = ".join(sorted(group)) for group in groups])


def _groups(subject: Subject) -> list[set[str]]:
    change, names = subject.delta, list(subject.manifest.lists)
    if subject.before is None:
        wanted = _twice(path for path, _ in _rows(subject, names))
        rows = _rows(subject, names) if wanted else iter(())
        return _gathered(wanted, (path for path, _ in rows))
    if change is None:
        return []
    wanted = {folded(path) for path, _ in change.come if path not in change.before}
    near = _rows(subject, [name for name in change.rest if _may_have(subject, name, wanted)])
    return _gathered(wanted, (path for path, _ in (*change.now.items(), *near)))


def _rows(subject: Subject, names: list[str]) -> Iterator[tuple[str, object]]:
    for name in names:
        yield from list_rows(subject.manifest, name) or ()


def _twice(paths: Iterable[str]) -> set[str]:
    seen: set[int] = set()
    twice: set[str] = set()
    for path in paths:
        key = folded(path)
        number = hash(key)  # a million texts would be kept for nothing; a chance hit is one path
        if number in seen:
            twice.add(key)
        seen.add(number)
    return twice


def _gathered(wanted: set[str], paths: Iterable[str]) -> list[set[str]]:
    groups: dict[str, set[str]] = {}
    for path in paths if wanted else ():
        key = folded(path)
        if key in wanted:
            groups.setdefault(key, set()).add(path)
    return [group for _, group in sorted(groups.items()) if len(group) > 1]


def _may_have(subject: Subject, name: str, wanted: set[str]) -> bool:
    """Whether a list that did not change can hold one of the folded paths: by its folder, and where
    all is ASCII by the bytes of the last part."""
    folder = folded(folder_of(name) or "")
    here = [key for key in wanted if key.startswith(folder)]
    if not here:
        return False
    data = subject.manifest.files.read(name)
    if not data.isascii():
        return True
    lower = data.lower()
    return any(canonical(key.rpartition("/")[2])[1:].lower() in lower for key in here)


RULE = Rule(manifests=check_manifest)
