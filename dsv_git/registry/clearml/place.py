"""Where ClearML keeps a dataset: `PROJECT/.datasets/DATASET`, a hidden project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.names import printable

FEWEST: Final = 3
"""Characters that ClearML wants in every part of a project's name (measured on 2.3.0)."""
DEEPEST: Final = 10
"""Parts that a project's name may have there."""


@dataclass(frozen=True)
class Place:
    """A dataset's place. `hidden` and `leaf` are names of projects."""

    project: str
    dataset: str

    @property
    def hidden(self) -> str:
        """The project that holds the datasets of a project."""
        return f"{self.project}/.datasets"

    @property
    def leaf(self) -> str:
        """The project that holds the versions of the dataset."""
        return f"{self.hidden}/{self.dataset}"

    @property
    def pattern(self) -> str:
        """The regular expression that finds both."""
        return f"^{re.escape(self.hidden)}(/{re.escape(self.dataset)})?$"

    def folder(self, version_id: str) -> str:
        """The folder of a version's files on the file server, named as ClearML's package does."""
        names = [*self.leaf.split("/"), f"{self.dataset.split('/')[-1]}.{version_id}"]
        # What a URL or a multipart header would have to quote is not worth it: the ID is unique.
        return "/".join(re.sub(r"[^A-Za-z0-9 ._-]", "_", name) for name in names)


def place(declaration: Declaration) -> Place:
    """The place of a manifest's versions. Raises InputError for names that ClearML refuses."""
    found = Place(declaration.project.strip("/"), declaration.dataset.strip("/"))
    parts = found.leaf.split("/")
    short = next((part for part in parts if len(part.strip()) < FEWEST), None)
    if short is not None:
        key = "dataset" if short in found.dataset.split("/") else "project"
        raise InputError(
            f"ClearML wants {FEWEST} characters in each part of {key}, not {printable(short)!r}",
            hint=f"{key}: in manifest.yaml",
        )
    if len(parts) > DEEPEST:
        raise InputError(
            f"ClearML takes at most {DEEPEST} parts in a project's name; "
            f"{printable(found.leaf)} has {len(parts)}",
            hint="project: in manifest.yaml",
        )
    return found
