"""What a person reports of a version (`reports:`), as parts of its page."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.flow.report_files import ReportFiles
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Reports
from dsv_git.manifest.lists.csvrows import csv_reader
from dsv_git.manifest.names import printable
from dsv_git.registry.page import Page, Picture, Plot, Sample
from dsv_git.review.plotly import shown, table

LARGEST_FILE: Final = 50_000_000
"""Bytes."""
LARGEST_FIGURE: Final = 10_000_000
"""Bytes of a figure as it is sent, JSON inside JSON; above 15 MB the ClearML SDK never ends."""
MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 50
MOST_TEXT: Final = 1_000_000
"""Characters of a table's rows as JSON."""
PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".svg"})
MEDIA: Final = PICTURES.union(
    (".gif", ".webp", ".bmp", ".tif", ".tiff"),
    (".wav", ".mp3", ".ogg", ".flac", ".m4a", ".aac"),
    (".mp4", ".webm", ".mov", ".avi", ".mkv", ".mpg"),
    (".html", ".htm", ".txt", ".md"),
)
_DEEPEST: Final = 50
"""Levels of a figure: plotly's own have about ten, and writers of JSON fail on very deep ones."""

_Part = Plot | Picture | Sample
_Reader = Callable[[ReportFiles, str, str], _Part]


def read_reports(
    workspace: Workspace, reports: Reports, commit: str, taken: Collection[str] = ()
) -> Page:
    """The reports that a manifest declares, as they are in `commit`; files that it does not track
    are read from the working tree.

    Every title of a plot or picture is there once and none is in `taken` (the page's own charts);
    so is every title of a sample. What cannot be shown is left out, and a note of one line says
    why; no file, whatever it holds, raises anything.
    """
    files = ReportFiles(workspace, commit)
    plotted = titles([*reports.tables, *reports.figures], taken)
    sampled = titles(reports.media)
    wanted: list[tuple[_Reader, str, str]] = [
        *((_table, path, plotted[path]) for path in dict.fromkeys(reports.tables)),
        *((_figure, path, plotted[path]) for path in dict.fromkeys(reports.figures)),
        *((_sample, path, sampled[path]) for path in dict.fromkeys(reports.media)),
    ]
    parts = [_part(files, *one) for one in wanted]
    return Page(
        plots=tuple(part for part in parts if isinstance(part, Plot)),
        pictures=tuple(part for part in parts if isinstance(part, Picture)),
        samples=tuple(part for part in parts if isinstance(part, Sample)),
        notes=tuple(part for part in parts if isinstance(part, str)),
    )


def _part(files: ReportFiles, read: _Reader, path: str, title: str) -> _Part | str:
    """A part of the page, or the note why there is none."""
    try:
        return read(files, path, title)
    except InputError as error:
        return f"reports: {printable(path)} {printable(error.message)}"


def titles(paths: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """A title for each path, no two alike and none in `taken`: the file's stem, where that is not
    enough with its folder, else the whole path."""
    candidates = {path: _candidates(path) for path in paths}
    level = dict.fromkeys(candidates, 0)
    while True:
        chosen = {path: candidates[path][level[path]] for path in candidates}
        counts = Counter(chosen.values())
        crowded = [p for p, title in chosen.items() if counts[title] > 1 or title in taken]
        longer = [path for path in crowded if level[path] < 2]
        if not longer:
            return chosen
        level.update({path: level[path] + 1 for path in longer})


def _candidates(path: str) -> tuple[str, str, str]:
    plain = printable(path)
    folder, slash, name = plain.rpartition("/")
    stem = PurePosixPath(name).stem.removesuffix(".plotly") or name or plain
    return stem, f"{folder}{slash}{stem}", plain


def _table(files: ReportFiles, path: str, title: str) -> Plot:
    _refuse_other(path, {".csv"}, "a table")
    try:
        text = files.read(path, LARGEST_FILE).decode("utf-8-sig")
        head, rows, more = _rows(csv_reader(text, strict=False))
    except UnicodeDecodeError:
        raise InputError("is not UTF-8") from None
    except csv.Error as error:
        raise InputError(f"is no CSV: {error}") from None
    columns = max(len(row) for row in [head, *rows])
    wide = min(columns, MOST_COLUMNS)
    heads = _cells(head, wide)
    cells = [_cells(row, wide) for row in rows]
    if more:
        cells.append([f"… and {more:,} more rows", *([""] * (wide - 1))])
    if columns > wide:
        heads.append(f"… and {columns - wide:,} more columns")
        cells = [[*row, ""] for row in cells]
    return Plot(title, _name(path), table(shown(title), heads, cells))


def _rows(reader: Iterator[list[str]]) -> tuple[list[str], list[list[str]], int]:
    """The header, the rows that are shown, and how many more there are; empty lines are no rows."""
    lines = filter(None, reader)
    head = next(lines, None)
    if head is None:
        raise InputError("is empty")
    rows: list[list[str]] = []
    room = MOST_TEXT
    for row in islice(lines, MOST_ROWS):
        room -= len(json.dumps(_cells(row, MOST_COLUMNS)))
        if room < 0:
            return head, rows, 1 + sum(1 for _ in lines)
        rows.append(row)
    return head, rows, sum(1 for _ in lines)


def _cells(row: list[str], wide: int) -> list[str]:
    return [shown(cell) for cell in row[:wide]] + [""] * (wide - len(row))


def _figure(files: ReportFiles, path: str, title: str) -> Plot | Picture:
    _refuse_other(path, PICTURES | {".json"}, "a figure")
    if _suffix(path) in PICTURES:
        return Picture(title, _name(path), _name(path), files.read(path, LARGEST_FILE))
    try:
        found = msgspec.json.decode(files.read(path, LARGEST_FIGURE))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"is no JSON: {error}") from None
    if not (
        isinstance(found, dict)
        and isinstance(found.get("data"), list)
        and isinstance(found.get("layout"), dict)
        and all(isinstance(trace, dict) for trace in found["data"])
        and _is_shallow(found, _DEEPEST)
    ):
        raise InputError("is no plotly figure: an object with the list data and the object layout")
    figure = {"data": found["data"], "layout": found["layout"]}
    if len(json.dumps(json.dumps(figure))) > LARGEST_FIGURE:
        raise InputError(f"is larger than {LARGEST_FIGURE // 10**6} MB as it is sent")
    return Plot(title, _name(path), figure)


def _is_shallow(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(
        not isinstance(one, (dict, list)) or _is_shallow(one, levels - 1) for one in inner
    )


def _sample(files: ReportFiles, path: str, title: str) -> Sample:
    _refuse_other(path, MEDIA, "an example")
    return Sample(title, _name(path), _name(path), files.read(path, LARGEST_FILE))


def _refuse_other(path: str, suffixes: Collection[str], what: str) -> None:
    if _suffix(path) not in suffixes:
        raise InputError(f"cannot be shown as {what}: {' '.join(sorted(suffixes))} can")


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _name(path: str) -> str:
    return printable(PurePosixPath(path).name)
