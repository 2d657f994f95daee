"""The rules of `dsv check`: an id and a severity each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Severity = Literal["error", "warn", "off"]

RULES: Final[Mapping[str, Severity]] = {
    "format": "error",
    "canonical": "error",
    "path-safety": "error",
    "version-bump": "error",
    "version-unique": "error",
    "parent-exists": "error",
}
"""Every rule there is, with the severity it has unless `.dsv.yaml` says otherwise."""
