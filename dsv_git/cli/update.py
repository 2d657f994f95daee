"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.diff.manifest_diff import ManifestDiff
    from dsv_git.flow.update import Updated


@click.command("update")
@click.argument("name", shell_complete=completion.manifests)
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
@click.option("--description", help="What the version is.")
@terminal.json_option
def command(name: str, as_json: bool, **options: object) -> None:
    """Rescan the data of a manifest; where its version is registered, make the next one.

    The next version has the former as its parent, and starts without the former's description. What
    was dropped on purpose (dsv dedupe) stays out as long as its content is the same.

    \b
    Example:
      dsv update youtube
      dsv update youtube --same-version && git commit --amend
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.update import UpdateRequest, update

    workspace = terminal.workspace()
    with progress_bar("hashing") as progress:
        done = update(workspace, UpdateRequest(name, **options), progress)  # type: ignore[arg-type]
    if as_json:
        _say_json(done)
    else:
        _say_text(done)


def _say_json(done: Updated) -> None:
    from dsv_git.review.document import diff_document

    terminal.say_json(
        {
            "manifest": done.manifest,
            "former": done.former,
            "version": done.version,
            "parents": done.parents,
            "is_new": done.is_new,
            "changed": done.changed,
            "hashed_files": done.hashed_files,
            "notices": done.notices,
            "labelled": done.labelled,
            "without_label": done.without_label,
            "lost": [entry.path for entry in done.lost],
            "diff": diff_document([_shown(done)]),
        }
    )


def _say_text(done: Updated) -> None:
    from dsv_git.cli.scan_report import counted, say_notices, say_without_label
    from dsv_git.review.lines import plain, rich_text
    from dsv_git.review.text import diff_lines
    from dsv_git.scan.notices import SAMPLE, shown

    say_notices(done.notices)
    if not done.changed:
        terminal.say(f"{done.manifest}@{done.version}: the data is what the manifest says")
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
    what = f"next version of {done.former}" if done.is_new else "changed in place"
    terminal.say(f"{done.manifest}@{done.version}: {what}; next: git add -A, then git commit")


def _shown(done: Updated) -> ManifestDiff:
    from dsv_git.diff.manifest_diff import ManifestDiff

    return ManifestDiff(done.manifest, done.former, done.version, done.diff, done.parents)
