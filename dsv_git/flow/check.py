"""`dsv check`: the rules, on exactly the content that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Finding
from dsv_git.checks.rules import Part, judge
from dsv_git.errors import ExitCode
from dsv_git.flow.checking import drift, overrides
from dsv_git.flow.checking.content import (
    committed_config,
    of_commit,
    of_folder,
    of_index,
    staged_workspace,
)
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ranges import resolve_range


@dataclass(frozen=True)
class CheckOutcome:
    """What a check found in how many manifests. `rewritten` are the files that `--fix` wrote or
    removed, from the top of the repository."""

    manifests: int
    errors: int
    warnings: int
    findings: tuple[Finding, ...]
    rewritten: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """PROBLEMS where there is an error; warnings are only said."""
        return ExitCode.PROBLEMS if self.errors else ExitCode.OK


def check_folder(workspace: Workspace, *, fix: bool = False) -> CheckOutcome:
    """The working tree; with `fix`, after its files were brought into canonical form."""
    rewritten: Sequence[str] = ()
    if fix:
        from dsv_git.flow.checking.fix import fix_manifests

        rewritten = fix_manifests(workspace)
    content = drift.looked(workspace, of_folder(workspace), "all", all_=True)
    return _judged(workspace, content, tuple(rewritten))


def fix_folder(workspace: Workspace) -> CheckOutcome:
    """The working tree's files brought into canonical form, and nothing judged."""
    from dsv_git.flow.checking.fix import fix_manifests

    return CheckOutcome(0, 0, 0, (), tuple(fix_manifests(workspace)))


def check_staged(
    start: Path,
    index: Path | None,
    merged: Sequence[str] = (),
    message: Path | None = None,
    part: Part = "all",
) -> CheckOutcome:
    """What is staged, by the rules that are staged: the next commit, whatever the working tree is.
    Raises InputError for a `.dsv.yaml` or a message that cannot be read.

    `start` is where a person typed it; `index` is the index file that git gives to its hooks, None
    for the usual one; `merged` are commits that are being merged, besides those of MERGE_HEAD.
    `message` is the file with the commit's message, whose overrides count.
    """
    workspace = staged_workspace(start, index)
    content = of_index(workspace, index, merged)
    if message is not None:
        said = overrides.of_file(message)
        content = replace(content, overrides=(*said, *content.overrides))
    content = drift.looked(workspace, content, part, all_=False)
    return _judged(workspace, content, part=part)


def check_commits(workspace: Workspace, revision: str) -> CheckOutcome:
    """A commit as a change of its first parent, or B of `A..B` (`A...B`) as a change of A (of where
    they parted). What a commit in between says yes to is overridden in the manifests that it
    changed. Raises InputError for a revision that git does not know."""
    found = resolve_range(workspace.repository, workspace.objects, revision)
    workspace = committed_config(workspace, found.tip)
    return _judged(workspace, of_commit(workspace, found.tip, found.base))


def _judged(
    workspace: Workspace,
    content: Content,
    rewritten: tuple[str, ...] = (),
    part: Part = "all",
) -> CheckOutcome:
    findings = judge(content, workspace.config.checks, part)
    errors = sum(found.severity == "error" for found in findings)
    warnings = len(findings) - errors
    return CheckOutcome(len(content.subjects), errors, warnings, findings, rewritten)
