"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal
from dsv_git.errors import ExitCode, InputError

if TYPE_CHECKING:
    from dsv_git.diff.manifest_diff import ManifestDiff
    from dsv_git.flow.updated import NotUpdated, Updated
    from dsv_git.flow.workspace import Workspace


@click.command("update")
@click.argument("name", required=False, shell_complete=completion.manifests)
@click.option("--all", "every", is_flag=True, help="Update every manifest.")
@click.option("--version", "-v", help="The next version's name; else the last number goes up.")
@click.option(
    "--same-version", is_flag=True, help="Rewrite the version in place, while it is unpublished."
)
@click.option("--relayout", is_flag=True, help="Spread the rows over lists anew.")
@click.option(
    "--labels",
    multiple=True,
    metavar="SOURCE",
    shell_complete=completion.files,
    help="Take labels from here from now on; as for dsv add.",
)
@click.option(
    "--on-conflict",
    type=click.Choice(["first", "last"]),
    help="Whose entry counts where a merge's sources of one root differ in a path anew.",
)
@click.option("--description", help="What the version is.")
@terminal.json_option
def command(name: str | None, every: bool, as_json: bool, **options: object) -> int:
    """Rescan the data of a manifest; where its version is registered, make the next one.

    The next version has the former as its parent, and starts without the former's description. What
    was dropped on purpose (dsv dedupe, dsv filter) stays out as long as its content is the same.

    A manifest that was merged from others (dsv merge) follows them: they are updated first, then it
    is merged anew, with them as parents. What was decided in it stays: what it left out, corrected
    labels, which side counted where sources differed. One commit takes all of it. With --all, or
    `dsv update all` where no manifest has that name, this is done for every manifest.

    \b
    Example:
      dsv update youtube
      dsv update youtube --same-version && git commit --amend
      dsv update --all
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.update_series import update_all, update_series
    from dsv_git.flow.updated import UpdateRequest

    workspace = terminal.workspace()
    every = _is_all(name, every, workspace)
    if every and any(options.values()):
        if name is None:
            raise InputError("--all takes no other option", hint="dsv update N …, for one manifest")
        raise InputError(
            f"there is no manifest named {name}",
            hint=f"dsv update {name} without options, or --all, is for every manifest",
        )
    if every and name is not None:
        terminal.note(f"{name}: every manifest")
    found: list[Updated | NotUpdated] = []
    try:
        with progress_bar("hashing") as progress:
            if name is None or every:
                found.extend(update_all(workspace, progress))
            else:
                request = UpdateRequest(name, **options)  # type: ignore[arg-type]
                found.extend(update_series(workspace, request, progress))
    finally:  # what was written is told, whatever came then
        if not as_json:
            _say_text(found)
    if as_json:
        _say_json(found, every)
    failed = every and any(_failed(found))
    return int(ExitCode.USAGE if failed else ExitCode.OK)


def _is_all(name: str | None, every: bool, workspace: Workspace) -> bool:
    if name is None and not every:
        raise InputError("which manifest?", hint="dsv update N, or dsv update --all")
    if name is not None and every:
        raise InputError(f"{name} and --all exclude each other")
    return every or (name == "all" and name not in workspace.names)


def _say_json(found: Sequence[Updated | NotUpdated], every: bool) -> None:
    done = [_document(one) for one in _done(found)]
    rest = [vars(one) for one in _failed(found)]
    if every:
        terminal.say_json({"manifests": done, "not_updated": rest})
    else:
        *sources, target = done
        terminal.say_json({**target, "sources": sources, "not_updated": rest})


def _document(done: Updated) -> dict[str, object]:
    from dsv_git.review.document import diff_document

    return {
        "manifest": done.manifest,
        "former": done.former,
        "version": done.version,
        "parents": done.parents,
        "is_new": done.is_new,
        "changed": done.changed,
        "merged": done.merged,
        "hashed_files": done.hashed_files,
        "notices": done.notices,
        "labelled": done.labelled,
        "without_label": done.without_label,
        "lost": [entry.path for entry in done.lost],
        "kept": vars(done.kept) if done.kept is not None else None,
        "diff": diff_document([_shown(done)]),
    }


def _say_text(found: Sequence[Updated | NotUpdated]) -> None:
    done = _done(found)
    changed = [one for one in done if one.changed]
    for failed in _failed(found):
        terminal.note(f"{failed.manifest}: not updated, taken as it is: {failed.reason}")
    for one in done:
        _say_one(one, last=bool(changed) and one is changed[-1])


def _done(found: Sequence[Updated | NotUpdated]) -> list[Updated]:
    from dsv_git.flow.updated import Updated

    return [one for one in found if isinstance(one, Updated)]


def _failed(found: Sequence[Updated | NotUpdated]) -> list[NotUpdated]:
    from dsv_git.flow.updated import NotUpdated

    return [one for one in found if isinstance(one, NotUpdated)]


def _say_one(done: Updated, *, last: bool) -> None:
    from dsv_git.cli.scan_report import counted, say_notices, say_without_label
    from dsv_git.review.lines import plain, rich_text
    from dsv_git.review.text import diff_lines
    from dsv_git.scan.notices import SAMPLE, shown

    say_notices(done.notices)
    if not done.changed:
        same = (
            f"it has {', '.join(done.merged)}"
            if done.merged
            else "the data is what the manifest says"
        )
        terminal.say(f"{done.manifest}@{done.version}: {same}")
        return
    if not done.diff.is_empty:
        lines = tuple(diff_lines(_shown(done)))
        if sys.stdout.isatty():
            terminal.show(rich_text(lines))
        else:
            terminal.say(plain(lines).rstrip("\n"))
    say_without_label(done.without_label, f"{counted(done.labelled, 'file')} looked at")
    if done.lost:
        verb = "exists" if len(done.lost) == 1 else "exist"
        few = ", ".join(shown(entry.path) for entry in done.lost[:SAMPLE])
        more = f" and {len(done.lost) - SAMPLE:,} more" if len(done.lost) > SAMPLE else ""
        count = counted(len(done.lost), "former content")
        terminal.say(f"{count} {verb} nowhere else now: {few}{more}")
    if done.kept is not None and (done.kept.contents or done.kept.lost):
        from dsv_git.cli.keep import kept_line

        terminal.say(kept_line(done.kept))
    what = f"next version of {done.former}" if done.is_new else "changed in place"
    what += f", merged from {', '.join(done.merged)}" if done.merged else ""
    then = "; next: git add -A, then git commit" if last else ""
    terminal.say(f"{done.manifest}@{done.version}: {what}{then}")


def _shown(done: Updated) -> ManifestDiff:
    from dsv_git.diff.manifest_diff import ManifestDiff

    return ManifestDiff(done.manifest, done.former, done.version, done.diff, done.parents)
