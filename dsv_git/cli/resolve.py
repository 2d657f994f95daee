"""`dsv resolve`: finishes a git merge of manifests as a whole."""

from __future__ import annotations

import sys

import click

from dsv_git.cli import terminal

SHOWN = 10
"""Conflicts that are named; the rest is counted."""


@click.command("resolve")
@terminal.json_option
def command(as_json: bool) -> None:
    """Finish a git merge, rebase, pick or stash pop that stopped at a manifest.

    Every manifest that git left unmerged is merged as a whole: entries by path, manifest.yaml by
    key, records side by side, in the layout of this side. What is clear is staged. Where registered
    versions came together, the result is a new version with each of them as a parent. What both
    sides changed in different ways stays between conflict marks: edit it, then git add or dsv
    resolve again, which writes over no edit of yours.

    \b
    Example:
      dsv resolve
    """
    from dsv_git.flow.resolve import resolve

    done = resolve(terminal.workspace())
    if as_json:
        terminal.say_json(done)
    open_ = list(done.left)
    for one in done.manifests:
        parents = f", parents {', '.join(one.parents)}" if one.parents else ""
        new = " (new)" if one.is_new else ""
        open_ += [f"{one.manifest}: {path}" for path in one.conflicts]
        if not as_json:
            terminal.say(f"{one.manifest}@{one.version}{new}{parents}")
    if as_json:
        sys.exit(1 if open_ else 0)
    from dsv_git.manifest.names import printable

    for path in open_[:SHOWN]:
        terminal.say(f"conflict: {printable(path)}")
    if len(open_) > SHOWN:
        terminal.say(f"… and {len(open_) - SHOWN} more")
    if open_:
        terminal.say(f"edit what stands between the marks, git add it, then: {done.following}")
        sys.exit(1)
    terminal.say(f"all clear and staged; then: {done.following}")
