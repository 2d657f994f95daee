"""`dsv keep`: copies of contents, before they can be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.copies.clean import Cleaned
    from dsv_git.flow.copies.keeping import Kept


@click.command("keep")
@click.argument("versions", metavar="[N[@V]…]", nargs=-1, shell_complete=completion.versions)
@click.option("--clean", is_flag=True, help="Delete the copies that no version names.")
@click.option("--dry-run", is_flag=True, help="Say what --clean would delete.")
@click.option("--yes", is_flag=True, help="Let --clean delete from a bucket: every clone pushed.")
@terminal.json_option
def command(
    *, versions: tuple[str, ...], clean: bool, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Keep a copy of each content of versions; add and update do it for what is new.

    The place is `keep` in .dsv.yaml, a folder or a bucket; without it nothing is ever copied. Each
    content is there once, by its hash. Without names the versions of the working tree are kept.

    --clean deletes only what no version names: no commit of any branch, tag, stash or reflog, no
    kept manifest, no index and no working tree of this clone. In a folder a copy of the last two
    weeks stays in any case, for a version that another clone has not pushed yet.

    \b
    Example:
      dsv keep
      dsv keep youtube@1.0-youtube
      dsv keep --clean --dry-run
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.errors import InputError

    if clean and versions:
        raise InputError("--clean looks at all versions; name none")
    if (dry_run or yes) and not clean:
        raise InputError("--dry-run and --yes go with --clean")
    workspace = terminal.workspace()
    if clean:
        from dsv_git.flow.copies.clean import clean as run

        cleaned = run(workspace, dry_run=dry_run, sure=yes)
        _say(cleaned, _cleaned(cleaned), as_json)
        return 0
    from dsv_git.flow.keep import keep_versions

    with progress_bar("keeping") as progress:
        kept = keep_versions(workspace, versions, progress)
    _say(kept, kept_line(kept), as_json)
    return 1 if kept.lost else 0


def _say(done: Kept | Cleaned, text: str, as_json: bool) -> None:
    if as_json:
        terminal.say_json({"schema": 1, **vars(done)})
    else:
        terminal.say(text)


def kept_line(kept: Kept) -> str:
    """What was kept, in one line; one more for what git ignores now, and for what was not kept."""
    from dsv_git.cli.scan_report import counted, few
    from dsv_git.review.numbers import byte_size

    text = f"kept {counted(kept.contents, 'content')} ({byte_size(kept.bytes)}) in {kept.where}"
    if kept.before:
        text += f"; {kept.before:,} were kept already"
    if kept.unkept:
        text += f"; {kept.unkept:,} that only their store can tell are not kept"
    if kept.ignored is not None:
        text += f"\n.gitignore has {kept.ignored} now: the copies stay out of git"
    if kept.lost:
        text += f"\nnot kept, for their content is not there: {few(kept.lost)}"
    return text


def _cleaned(done: Cleaned) -> str:
    from dsv_git.cli.scan_report import counted
    from dsv_git.review.numbers import byte_size

    verb = "would delete" if done.dry_run else "deleted"
    gone = f"{counted(done.contents, 'content')} ({byte_size(done.bytes)})"
    named = f"{done.named:,} {'is' if done.named == 1 else 'are'} named by versions"
    new = f" and {done.fresh:,} {'is' if done.fresh == 1 else 'are'} too new" if done.fresh else ""
    return f"{verb} {gone} in {done.where}; of those that stay, {named}{new}"
