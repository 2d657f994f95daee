"""One file as a list from elsewhere names it: what it does not say is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, Label, PropValue, as_label, is_hash, same_props
from dsv_git.manifest.names import unsafe_path

MOST_BYTES = 2**53


class ListedFile(msgspec.Struct, frozen=True, gc=False):  # flat values, a million of them
    """A row of a list, and the line that it begins in, counted from 1.

    `size` is in bytes, `hash` is `algorithm:hex`, either is None where the list does not say it.
    """

    line: int
    path: str
    size: int | None = None
    hash: str | None = None
    label: Label | None = None
    split: str | None = None
    ann: str | None = None
    props: Mapping[str, PropValue] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, one an object: empty, one, or many."""
        if self.label is None:
            return ()
        return (self.label,) if isinstance(self.label, str) else self.label


def as_entries(files: Iterable[ListedFile], where: str) -> tuple[Entry, ...]:
    """The files of a list as entries. Raises InputError with the line for one whose size or hash
    the list does not say: that can only be read from the data."""
    return tuple(_entry(file, where) for file in files)


def _entry(file: ListedFile, where: str) -> Entry:
    if file.size is None or file.hash is None:
        missing = "hash" if file.hash is None else "size"
        raise InputError(f"{file.path!r} has no {missing}", where=f"{where}:{file.line}")
    row = (file.path, file.size, file.hash, file.label, file.split, file.ann)
    return Entry(*row, dict(file.props)) if file.props else Entry(*row)


def as_files(rows: Iterable[ListedFile], where: str, base: str) -> tuple[ListedFile, ...]:
    """Rows sorted by path, those of one path taken together. Raises InputError with the line."""
    prefix = f"{base.rstrip('/')}/" if base else ""
    firsts: dict[str, ListedFile] = {}
    more: dict[str, list[str]] = {}
    for row in rows:
        path = row.path.removeprefix(prefix).removeprefix("./")
        reason = unsafe_path(path)
        if reason is not None:
            hint = "paths are relative to the data root" if path[:1] == "/" else None
            raise InputError(f"the path {path!r} {reason}", where=f"{where}:{row.line}", hint=hint)
        first = firsts.setdefault(path, row)
        if first is not row:
            _agree(path, first, row, where)
            more.setdefault(path, []).extend(row.labels)
    return tuple(_together(path, firsts[path], more.get(path)) for path in sorted(firsts))


def _together(path: str, first: ListedFile, more: list[str] | None) -> ListedFile:
    if path == first.path and not more:
        return first
    label = as_label((*first.labels, *more)) if more else first.label
    return msgspec.structs.replace(first, path=path, label=label)


def _agree(path: str, first: ListedFile, row: ListedFile, where: str) -> None:
    for what in ("size", "hash", "split", "ann"):
        if getattr(first, what) != getattr(row, what):
            break
    else:
        if same_props(first.props, row.props):
            return
        what = "props"
    raise InputError(
        f"lines {first.line} and {row.line} give {path!r} different {what}",
        where=f"{where}:{row.line}",
        hint="rows of one path are its objects: only their labels may differ",
    )


def checked(file: ListedFile) -> ListedFile:
    """The file itself. Raises ValueError for a size or a hash that no entry can have."""
    if file.size is not None and not 0 <= file.size <= MOST_BYTES:
        raise ValueError(f"not a size in bytes: {file.size}")
    for text in (file.hash, file.ann):
        if text is not None and not is_hash(text):
            raise ValueError(f"not a hash: {text!r}; write sha256:…, md5:…, xxh3:… or etag:…")
    return file


def named_hash(algorithm: str, text: str) -> str:
    """The hash of a file from a column that is called after its algorithm."""
    if algorithm == "etag":
        return f"etag:{text}"
    return f"{algorithm}:{text.lower()}"
