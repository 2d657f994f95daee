"""What the page of a version shows: charts of its numbers, the person's reports, samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.manifest import Manifest
from dsv_git.registry.page import Page

if TYPE_CHECKING:
    from dsv_git.flow.register.draft import VersionDraft


def page_of(workspace: Workspace, draft: VersionDraft) -> Page:
    """The page of a draft."""
    return Page()


def reports_of(workspace: Workspace, manifest: Manifest, commit: str) -> Page:
    """The part of a version's page that the manifest names."""
    return Page()
