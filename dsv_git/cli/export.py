"""`dsv export`: a version as a list that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.export import Format


@click.command("export")
@click.argument("version", metavar="N[@V]|ID", shell_complete=completion.versions)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "croissant"]),
    help="Default: what the ending of FILE says, else jsonl.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Default: standard output. Croissant is two files: FILE, and the list beside it.",
)
def command(version: str, form: Format | None, to: Path | None) -> None:
    """Write the files of a version as a list: CSV, JSON Lines or Croissant.

    Without @V it is what the working tree holds; N@COMMIT is what a commit holds. All of it comes
    from git alone, the data is not touched. Nothing is lost: of a list in CSV or JSON Lines dsv
    import makes a manifest with the same entries.

    Croissant (JSON-LD of MLCommons, 1.0) describes the version and a list in JSON Lines, which is
    written beside FILE.

    \b
    Example:
      dsv export youtube > youtube.jsonl
      dsv export youtube@1.0-youtube --to youtube.csv
      dsv export youtube@HEAD~1 --format csv
      dsv export youtube --format croissant --to out/croissant.json
    """
    from dsv_git.flow.export import export, format_of, stream

    workspace = terminal.workspace()
    chosen = format_of(to, form)
    if to is None:
        for part in stream(workspace, version, chosen):
            terminal.say_bytes(part)
        return
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import number

    done = export(workspace, version, chosen, to)
    written = " and ".join(printable(str(place)) for place in done.places)
    files = "1 file" if done.files == 1 else f"{number(done.files)} files"
    terminal.say(f"{done.version}: {files}, written to {written}")
