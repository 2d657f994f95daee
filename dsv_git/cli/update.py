"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

import click

from dsv_git.cli import terminal


@click.command("update")
@click.argument("name")
@click.option("--version", "-v", help="The next version's name; else the last number goes up.")
@click.option(
    "--same-version", is_flag=True, help="Rewrite the version in place, while it is unpublished."
)
@click.option("--relayout", is_flag=True, help="Spread the rows over lists anew.")
@click.option(
    "--labels",
    multiple=True,
    metavar="SOURCE",
    help="Take labels from here from now on: a pattern, a table, or SPLIT=FILE.json (COCO).",
)
@click.option("--description", help="What the version is.")
@terminal.json_option
def command(name: str, as_json: bool, **options: object) -> None:
    """Rescan the data of a manifest; where its version is registered, make the next one.

    The next version has the former as its parent. What was dropped on purpose (dsv dedupe) stays
    out as long as its content is the same.

    \b
    Example:
      dsv update youtube
      dsv update youtube --same-version && git commit --amend
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.cli.scan_report import counted, say_notices
    from dsv_git.diff.manifest_diff import ManifestDiff
    from dsv_git.flow.update import UpdateRequest, update
    from dsv_git.review.document import diff_document
    from dsv_git.review.text import render_diff
    from dsv_git.scan.notices import shown

    workspace = terminal.workspace()
    with progress_bar("hashing") as progress:
        done = update(workspace, UpdateRequest(name, **options), progress)  # type: ignore[arg-type]
    diff = ManifestDiff(name, done.former, done.version, done.diff, done.parents)
    if as_json:
        terminal.say_json(
            {
                "manifest": name,
                "former": done.former,
                "version": done.version,
                "changed": done.changed,
                "hashed_files": done.hashed_files,
                "lost": [entry.path for entry in done.lost],
                "diff": diff_document([diff]),
            }
        )
        return
    say_notices(done.notices)
    if not done.changed:
        terminal.say(f"{name}@{done.version}: the data is what the manifest says")
        return
    if not done.diff.is_empty:
        terminal.show(render_diff(diff))
    if done.lost:
        few = ", ".join(shown(entry.path) for entry in done.lost[:5])
        more = f" and {len(done.lost) - 5:,} more" if len(done.lost) > 5 else ""
        terminal.say(f"{counted(len(done.lost), 'former content')} in no manifest now: {few}{more}")
    new = f"next version of {done.former}" if done.is_new else "rewritten in place"
    terminal.say(f"{name}@{done.version}: {new}; next: git add -A, then git commit")
