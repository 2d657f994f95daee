"""The two files that make git keep manifests as they are, and use our drivers."""

from __future__ import annotations

from typing import Final

from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import refuse_links, write_file

ATTRIBUTES: Final = (
    b"*.jsonl -text -filter diff=dsv merge=dsv\n"
    b"*.json -text -filter merge=dsv\n"
    b"manifest.yaml merge=dsv\n"
)
"""`manifests/.gitattributes`: no line end and no filter changes what a digest is made of."""
_EARLIER: Final = (b"*.jsonl -text -filter diff=dsv merge=dsv\n*.json -text -filter\n",)
"""What earlier releases wrote there: the next write, and `dsv init`, bring it up to date."""
IGNORE: Final = b"!*\n.dsv-*\n"
"""`manifests/.gitignore`: no rule of the repository hides a list; our temporary files stay out."""


def renew_attributes(workspace: Workspace) -> str | None:
    """Brings a `.gitattributes` up to date that an earlier release wrote and nobody edited. Gives
    its path, from the top of the repository, if it did. A missing one is not written: of the clones
    that did, all but the first to push could not pull."""
    place = workspace.folder / ".gitattributes"
    refuse_links(workspace.repository.top, [place])
    if not place.is_file() or place.read_bytes() not in _EARLIER:
        return None
    write_file(place, ATTRIBUTES)
    return f"{workspace.config.manifests}/.gitattributes"


def write_settings(workspace: Workspace) -> None:
    """Writes `.gitattributes` and `.gitignore` of the manifests folder where they are missing."""
    for file, data in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORE)):
        place = workspace.folder / file
        if not place.exists() and not place.is_symlink():
            write_file(place, data)
    renew_attributes(workspace)
