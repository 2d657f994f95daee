"""`dsv diff`: what changed between two commits, or a commit and the working tree."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.diff import Comparison

_NAMES: Final = "dsv.names"


class Separated(click.Command):
    """A command that remembers which arguments stand behind `--`: they are names, no revisions."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes what is behind the first `--` aside."""
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_NAMES] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command("diff", cls=Separated, options_metavar="[OPTIONS]")
@click.argument("words", nargs=-1, metavar="[A [B]] [N...]", shell_complete=completion.manifests)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="For a person, a program, a pull request's comment, a browser.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--last", is_flag=True, help="The last commit that changed data.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where anything differs.")
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    form: str,
    as_json: bool,
    last: bool,
    exit_code: bool,
) -> int:
    """Show what changed in the data: between two commits, or since one.

    Without B the commit A (HEAD, if it is not given) is compared with the working tree; of all
    manifests, or of those named. A..B and A...B (since the common ancestor) work as in git. A word
    that is a revision and a manifest is a revision; behind -- all are manifests.

    \b
    Example:
      dsv diff                       # what is not committed yet
      dsv diff HEAD~1                # against the commit before
      dsv diff v1 v2 youtube         # one manifest between two tags
      dsv diff --last --format json  # the last data change, for a program
      dsv diff main...HEAD --format markdown  # a branch, for a comment on its pull request
    """
    from dsv_git.flow.diff import compare
    from dsv_git.flow.history.sides import last_change, sides

    workspace, names = terminal.workspace(), ctx.meta[_NAMES]
    asked = last_change(workspace, words + names) if last else sides(workspace, words, names)
    found = compare(workspace, asked)
    if as_json or form == "json":
        _say_json(found)
    elif form == "text":
        _say_text(found)
    else:
        _say_page(found, form)
    return int(exit_code and bool(found.manifests))


def _say_json(found: Comparison) -> None:
    from dsv_git.review.comparison import comparison_document
    from dsv_git.review.document import as_json

    document = comparison_document(found.before, found.after, found.manifests, found.renamed)
    terminal.say(as_json(document), nl=False)


def _say_page(found: Comparison, form: str) -> None:
    """Markdown or HTML."""
    from dsv_git.review.html import page
    from dsv_git.review.markdown import markdown

    write = markdown if form == "markdown" else page
    text = write(found.before, found.after, found.manifests, found.renamed)
    terminal.say(text, nl=False)


def _say_text(found: Comparison) -> None:
    from dsv_git.manifest.names import printable
    from dsv_git.review.lines import Line, plain, rich_text
    from dsv_git.review.text import diff_lines

    lines: list[Line] = []
    for diff in found.manifests:
        if lines:
            lines.append(())
        former = found.renamed.get(diff.manifest)
        if former is not None:
            lines.append(((f"{printable(former)} → {printable(diff.manifest)}", "cyan"),))
        lines.extend(diff_lines(diff))
    if not lines:
        before, after = printable(found.before), printable(found.after)
        lines.append(((f"no data changed between {before} and {after}", "dim"),))
    if sys.stdout.isatty():
        terminal.show(rich_text(lines))
    else:
        terminal.say(plain(lines), nl=False)
