"""One label file of YOLO: a line an object, a class index and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import xxhash

from dsv_git.errors import InputError
from dsv_git.scan.labels.canonical import canonical

FEWEST = 5
"""A class and a box; more numbers are a polygon, key points, a confidence."""


def read_objects(data: bytes, names: Mapping[int, str], where: str) -> tuple[list[str], str | None]:
    """The class name of every object, and the hash of the annotations; none for an empty file.

    The hash is `xxh3:` and the XXH3-128 of the canonical JSON `[[the class names, sorted], [[index
    into them, number, …], …, sorted]]`. So neither the order of lines nor the form of numbers nor
    another numbering of the classes changes it. Raises InputError with the line for what is no
    object, and for a class index that has no name.
    """
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line and not line.isspace():
            rows.append(_row(line, names, where, number))
    if not rows:
        return [], None
    labels = [names[int(row[0])] for row in rows]
    classes = sorted(set(labels))
    at = {name: index for index, name in enumerate(classes)}
    for row, label in zip(rows, labels, strict=True):
        row[0] = at[label]
    rows.sort()
    text = b"[" + canonical(classes) + b"," + canonical(rows) + b"]"
    return labels, f"xxh3:{xxhash.xxh3_128_hexdigest(text)}"


def _row(line: bytes, names: Mapping[int, str], where: str, number: int) -> list[float]:
    """The numbers of a line, the class index first."""
    try:
        row = list(map(float, line.split()))
    except ValueError:
        row = []
    if len(row) >= FEWEST and row[0] in names and isfinite(sum(row)) and b"_" not in line:
        return row
    place, shown = f"{where}:{number}", ascii(line.strip()[:60].decode(errors="replace"))
    if not row or not isfinite(sum(row)) or b"_" in line:  # Python would read 1_000, too
        raise InputError(f"not an object: {shown}", where=place, hint=_FORM)
    if len(row) < FEWEST:
        reason = f"{len(row)} numbers, {FEWEST} or more are needed: {shown}"
        raise InputError(f"not an object: {reason}", where=place, hint=_FORM)
    classes = f"{min(names)} to {max(names)}" if names else "none"
    raise InputError(f"there is no class {row[0]:g}", where=place, hint=f"classes: {classes}")


_FORM = "a line is: class x y width height"
