"""Where a declaration stands in `manifest.yaml`, for the line of a finding."""

from __future__ import annotations

from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.manifest.yamltext import Sequence, parse


def line_of(subject: Subject, key: str, item: int | None = None) -> int | None:
    """The line of a top key's value, or of an item of its list; None where it is not there."""
    try:
        value = parse(subject.manifest.text, "").get(key)
    except InputError:
        return None
    if value is None:
        return None
    if item is not None and isinstance(value, Sequence) and item < len(value.items):
        return value.items[item].span.line
    return value.span.line
