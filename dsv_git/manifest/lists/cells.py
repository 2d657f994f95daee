"""Values as cells of a CSV file, and back: nothing is lost, and nothing runs in a spreadsheet.

A cell that begins with a quote is a text in JSON, one that begins with `[` a JSON list of labels. A
text is written so where it could be read as something else, where it holds a control character (a
row is one line), and where a spreadsheet would take it for a formula (OWASP, "CSV Injection"). A
prop is a number or a boolean where it is written as one: `0.5` is a number, `0.50` a text.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from dsv_git.manifest.entry import Label, PropValue, as_label
from dsv_git.manifest.filelist import canonical

_FORMULA: Final = '"=+-@\uff1d\uff0b\uff0d\uff20'
_PLAIN: Final = re.compile(rf"[^{re.escape(_FORMULA)}\x00-\x1f\x7f][^\x00-\x1f\x7f]*")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-][0-9]+)?")
_BOOLEANS: Final = {"true": True, "false": False}
_LONGEST_NUMBER: Final = 32


def text_cell(text: str) -> str:
    """A text that is not a label or a prop."""
    return text if _PLAIN.fullmatch(text) else quoted(text)


def label_cell(label: Label | None) -> str:
    """One label, or several as a JSON list; empty for none."""
    if isinstance(label, tuple):
        return quoted(label)
    if label is None:
        return ""
    return quoted(label) if label.startswith("[") else text_cell(label)


def prop_cell(value: PropValue) -> str:
    """The value of a prop. Raises ValueError for a number that JSON does not know."""
    if not isinstance(value, str):
        return canonical(value).decode()
    return text_cell(value) if isinstance(read_prop(value), str) else quoted(value)


def read_text(cell: str) -> str:
    """The inverse of `text_cell`."""
    if cell[:1] == '"':
        try:
            return msgspec.json.decode(cell, type=str)
        except ValueError:
            return cell
    return cell


def read_label(cell: str) -> Label | None:
    """The inverse of `label_cell`; a list in any order."""
    if not cell:
        return None
    if cell[0] == "[":
        try:
            labels = msgspec.json.decode(cell, type=list[str])
        except ValueError:
            return cell
        if "" in labels:
            raise ValueError("a label is empty")
        return as_label(labels)
    return read_text(cell)


def read_prop(cell: str) -> PropValue:
    """The inverse of `prop_cell`. A spreadsheet's TRUE and FALSE are booleans too."""
    if _INTEGER.fullmatch(cell):
        return int(cell)
    if cell[:1].isdecimal() or cell[:1] == "-":
        return _number(cell)
    return _BOOLEANS[cell.lower()] if cell.lower() in _BOOLEANS else read_text(cell)


def _number(cell: str) -> PropValue:
    if len(cell) > _LONGEST_NUMBER or not _NUMBER.fullmatch(cell):
        return cell
    number = float(cell)
    try:
        return number if canonical(number).decode() == cell else cell
    except ValueError:  # beyond what a float holds
        return cell


def quoted(value: object) -> str:
    """A text, or several, as JSON: no cell begins like that by itself."""
    return msgspec.json.encode(value).decode()
