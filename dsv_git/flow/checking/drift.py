"""What the rule `data-drift` is told: the data of this machine against the manifests of a check."""

from __future__ import annotations

from dataclasses import replace

from dsv_git.checks.content import Content
from dsv_git.checks.drift import Drift
from dsv_git.checks.rules import RULES, Part, is_judged
from dsv_git.checks.subject import Subject
from dsv_git.flow.workspace import Workspace

RULE = "data-drift"


def looked(workspace: Workspace, content: Content, part: Part, *, all_: bool) -> Content:
    """The content with the state of the data, if the rule is on: of the manifests that the change
    touches, or of all."""
    if not is_judged(RULE, part) or {**RULES, **workspace.config.checks}[RULE] == "off":
        return content
    subjects = [one for one in content.subjects if all_ or one.touched]
    return replace(content, drift={one.name: _drift(workspace, one) for one in subjects})


def _drift(workspace: Workspace, subject: Subject) -> Drift:
    from dsv_git.flow.data.state import DataLook
    from dsv_git.scan.progress import Silent

    found = DataLook(workspace, subject.manifest, Silent()).by_size()
    if found.way == "none":
        return Drift(unread=found.reason or "")
    return Drift(found.new, found.changed, found.gone, found.sample)
