"""Rule `format`: everything below the manifests folder can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Problem, from_error
from dsv_git.checks.listfile import ListFile
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.dropped import decode_dropped
from dsv_git.manifest.layout import LISTS, SUFFIX
from dsv_git.manifest.manifest import DECLARATION, DROPPED
from dsv_git.manifest.names import is_manifest_name

_MARKER = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?: |\r?$)", re.MULTILINE)


def _conflict(data: bytes, manifest: str, file: str) -> Problem | None:
    """An unresolved merge conflict: the line of its first marker."""
    found = _MARKER.search(data)
    if found is None:
        return None
    line = data.count(b"\n", 0, found.start()) + 1
    hint = f"resolve it, then: git add {quote(file)}"
    return Problem("an unresolved merge conflict", hint, manifest, file, line)


def _unreadable(error: InputError, data: bytes, manifest: str, file: str) -> Problem:
    hint = f"correct it, then: git add {quote(file)}"
    return _conflict(data, manifest, file) or from_error(error, manifest, file, hint)


def check_list(file: ListFile) -> Iterator[Problem]:
    """A list that cannot be read."""
    if isinstance(file.reading, InputError):
        yield _unreadable(file.reading, file.data, file.manifest, file.file)


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """A manifest.yaml, a dropped.jsonl or a record that cannot be read; a name that is none."""
    file = subject.file(DECLARATION)
    if not is_manifest_name(subject.name):
        reason = "a manifest's folder has letters, digits and ._- alone, and is not files, versions"
        yield Problem(
            reason, f"git mv {quote(subject.file(''))} to another name", subject.name, file
        )
    if isinstance(subject.reading, InputError):
        data = subject.manifest.files.read(DECLARATION)
        yield _unreadable(subject.reading, data, subject.name, file)
    if subject.dropped is not None:
        try:
            decode_dropped(subject.dropped, subject.file(DROPPED))
        except InputError as error:
            yield _unreadable(error, subject.dropped, subject.name, subject.file(DROPPED))
    for path, record in subject.new_records.items():
        if isinstance(record, InputError):
            data = subject.manifest.files.read(path)
            yield _unreadable(record, data, subject.name, subject.file(path))


def check_content(content: Content) -> Iterator[Problem]:
    """A manifest in a manifest, lists without one, links, and what a merge left in conflict."""
    for path, manifest in content.unmerged.items():
        file = f"{content.folder}/{path}"
        hint = f"resolve it, then: git add {quote(file)}"
        yield Problem("an unresolved merge conflict", hint, manifest, file)
    for path, kind in content.odd.items():
        file = f"{content.folder}/{path}"
        reason = f"a manifest is made of plain files, and this is a {kind}"
        yield Problem(reason, f"git rm {quote(file)}", _owner(content, path), file)
    for name in content.by_name:
        outer = _owner(content, name)
        if outer:
            inner = quote(f"{content.folder}/{name}")
            hint = f"git mv {inner} to a folder beside {content.folder}/{outer}"
            file = f"{content.folder}/{name}/{DECLARATION}"
            yield Problem(f"a manifest inside the manifest {outer}", hint, name, file)
    yield from _loose(content)


def _owner(content: Content, path: str) -> str:
    """The outermost manifest whose folder holds a path, or an empty text."""
    parts = path.split("/")
    folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return next((folder for folder in folders if folder in content.by_name), "")


def _loose(content: Content) -> Iterator[Problem]:
    """Lists whose manifest.yaml is missing: forgotten in a `git add`, most likely."""
    orphans: dict[str, list[str]] = {}
    for path in content.loose:
        folder, found, _ = path.partition(f"/{LISTS}/")
        if path == DECLARATION:
            hint = f"git mv it into a folder of its own below {content.folder}"
            reason = "a manifest needs a folder of its own"
            yield Problem(reason, hint, file=f"{content.folder}/{path}")
        elif found and path.endswith(SUFFIX):
            orphans.setdefault(folder, []).append(path)
    for folder, paths in orphans.items():
        file = f"{content.folder}/{folder}/{DECLARATION}"
        hint = f"git add {quote(file)}, or git rm -r {quote(f'{content.folder}/{folder}')}"
        reason = f"file lists without a {DECLARATION}"
        yield Problem(reason, hint, folder, file).about(paths)


RULE = Rule(check_list, check_manifest, check_content)
