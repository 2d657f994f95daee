"""`dsv report`: a change as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.errors import InputError
    from dsv_git.flow.report import Made


@click.command("report", options_metavar="[OPTIONS]")
@click.argument("words", nargs=-1, metavar="[RANGE] [N...]", shell_complete=completion.manifests)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the page is written; else below .git/dsv, where no commit takes it.",
)
@click.option(
    "--pictures",
    type=click.IntRange(min=0),
    default=48,
    show_default=True,
    metavar="COUNT",
    help="How many thumbnails the page holds at most; they never exceed 5 MB.",
)
@terminal.json_option
def command(words: tuple[str, ...], output: Path | None, pictures: int, as_json: bool) -> None:
    """Write a change as one HTML page: lineage, numbers, charts, pictures, all changes.

    RANGE is as dsv diff takes it: A..B, A...B, one or two revisions; of all manifests, or of those
    named. Without it: what this branch changed since its upstream, else the last data change. The
    page needs no network and no other file. Pictures are read from the data where it is on this
    machine; whoever gets the page sees them. With --json: where it is, and what it shows (the key
    diff is what dsv diff --json gives).

    \b
    Example:
      dsv report
      dsv report origin/main...HEAD -o review.html
      dsv report v1..v2 youtube --pictures 0
    """
    from dsv_git.flow.report import asked_sides, report
    from dsv_git.review.numbers import byte_size, number

    if output is not None and not output.absolute().parent.exists():
        raise _no_folder(output.parent)
    workspace = terminal.workspace()
    place = (output or workspace.repository.git_dir / "dsv" / "report.html").absolute()
    made = report(workspace, asked_sides(workspace, words), place, pictures)
    if as_json:
        _say_json(made)
        return
    terminal.say(made.headline)
    counted = "1 picture" if made.pictures == 1 else f"{number(made.pictures)} pictures"
    terminal.say(f"{output or made.place.as_uri()} ({byte_size(made.size)}, {counted})")
    if made.unreadable:
        images = "1 image" if made.unreadable == 1 else f"{number(made.unreadable)} images"
        terminal.note(f"{images} could not be shown: the content is not on this machine")


def _no_folder(folder: Path) -> InputError:
    """A mistyped place is no folder to make."""
    import shlex

    from dsv_git.errors import InputError
    from dsv_git.manifest.names import printable

    said = printable(str(folder))
    return InputError(f"there is no folder {said}", hint=f"mkdir -p {shlex.quote(said)}")


def _say_json(made: Made) -> None:
    from dsv_git.review.comparison import comparison_document

    found = made.comparison
    diff = comparison_document(found.before, found.after, found.manifests, found.renamed)
    terminal.say_json(
        {
            "schema": 1,
            "page": str(made.place),
            "bytes": made.size,
            "headline": made.headline,
            "pictures": made.pictures,
            "unreadable": made.unreadable,
            "diff": diff,
        }
    )
