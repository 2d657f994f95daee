"""Rule `canonical`: every file has its one valid encoding, and every row is in the one list that
the layout gives it, for the digest is made of these bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from shlex import quote

from dsv_git.checks.finding import Problem
from dsv_git.checks.listfile import ListFile
from dsv_git.checks.rule import Rule
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.dropped import decode_dropped, encode_dropped
from dsv_git.manifest.filelist import not_canonical
from dsv_git.manifest.layout import LISTS, SUFFIX, Layout
from dsv_git.manifest.manifest import DROPPED
from dsv_git.manifest.names import encode_part, unsafe_path
from dsv_git.manifest.record import Record, encode_record, record_path


def _fix(file: str) -> str:
    return f"dsv check --fix, then: git add {quote(file)}"


def check_list(file: ListFile) -> Iterator[Problem]:
    """A list of another encoding, of a name that is none, or with rows of another list."""
    hint = _fix(file.where)
    if not isinstance(file.reading, InputError):
        problem = not_canonical(file.data, file.reading)
        if problem is not None:
            line, reason = problem
            yield Problem(f"not in canonical form: {reason}", hint, file.manifest, file.file, line)
    if file.folder is None:
        yield _misnamed(file)
    elif file.layout is not None:
        rows = misplaced(file.layout, file.path, file.folder, (row.path for row in file.rows))
        if rows:
            line = min(rows)
            count = f"{len(rows)} row belongs" if len(rows) == 1 else f"{len(rows)} rows belong"
            problem_ = Problem(
                f"{count} in another list of this layout", hint, file.manifest, file.file, line
            )
            yield problem_.about([f"{path} (in {place})" for path, place in rows.values()])


def misplaced(
    layout: Layout, list_path: str, folder: str, paths: Iterable[str]
) -> dict[int, tuple[str, str]]:
    """The rows of a list that the layout puts elsewhere: line → whole path, and its list.

    `paths` are relative to the list's data folder. Unsafe paths have no place; they are left out.
    """
    found: dict[int, tuple[str, str]] = {}
    right: set[str] = set()
    for line, inner in enumerate(paths, start=1):
        # Without a fan the place depends on the folder alone: one look for each.
        below = inner.rpartition("/")[0]
        if below in right:
            continue
        path = folder + inner
        if unsafe_path(path) is not None:
            continue
        place = layout.place(path)[0]
        if place != list_path:
            found[line] = (path, place)
        elif not layout.fans:
            right.add(below)
    return found


def _misnamed(file: ListFile) -> Problem:
    stem = file.path.removeprefix(f"{LISTS}/").removesuffix(SUFFIX)
    hint = f"git rm {quote(file.file)}, then: dsv update {quote(file.manifest)}"
    with suppress(ValueError):
        right = "/".join(encode_part(part) for part in stem.split("/") if part)
        target = quote(f"{file.where}/{LISTS}/{right}{SUFFIX}")
        hint = f"git mv {quote(file.file)} {target}, if that folder is meant"
    return Problem("the list's name encodes no data folder", hint, file.manifest, file.file)


def check_manifest(subject: Subject) -> Iterator[Problem]:
    """A dropped.jsonl or a record of another encoding; list names that a file system folds."""
    yield from _dropped(subject)
    for path, record in subject.new_records.items():
        if isinstance(record, Record):
            yield from _record(subject, path, record)
    if subject.touched:
        yield from _folded(subject)


def _dropped(subject: Subject) -> Iterator[Problem]:
    if subject.dropped is None:
        return
    file = subject.file(DROPPED)
    try:
        expected = encode_dropped(decode_dropped(subject.dropped, file))
    except InputError:
        return
    if not subject.dropped:
        yield Problem(
            f"an empty {DROPPED} must not exist", f"git rm {quote(file)}", subject.name, file
        )
    elif expected != subject.dropped:
        lines, wanted = subject.dropped.split(b"\n"), expected.split(b"\n")
        pairs = enumerate(zip(lines, wanted, strict=False), start=1)
        line = next((n for n, (is_, want) in pairs if is_ != want), len(wanted))
        reason = "not in canonical form: rows are sorted by path, each once, without spaces"
        yield Problem(reason, _fix(file), subject.name, file, line)


def _record(subject: Subject, path: str, record: Record) -> Iterator[Problem]:
    file = subject.file(path)
    if subject.manifest.files.read(path) != encode_record(record):
        reason = "not in canonical form: pretty-printed JSON with sorted keys, as dsv writes it"
        yield Problem(reason, _fix(subject.file("versions")), subject.name, file, 1)
    names = (record_path(record.version), record_path(record.version, record.key))
    if path not in names:
        right = subject.file(names[0])
        hint = f"git mv {quote(file)} {quote(right)}"
        yield Problem(f"the record of {record.version} is in {right}", hint, subject.name, file)


def _folded(subject: Subject) -> Iterator[Problem]:
    """Names of lists, and of their folders, that macOS and Windows take for one."""
    seen: dict[str, str] = {}
    told: set[str] = set()
    for path in subject.manifest.lists:
        parts = path.split("/")
        for count in range(2, len(parts) + 1):
            name = "/".join(parts[:count])
            other = seen.setdefault(name.casefold(), name)
            if other != name and name not in told:
                told.add(name)
                reason = f"differs by case alone from {subject.file(other)}"
                hint = f"rename one of the data folders, then: dsv update {quote(subject.name)}"
                yield Problem(reason, hint, subject.name, subject.file(name))


RULE = Rule(check_list, check_manifest)
