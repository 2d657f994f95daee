"""`dsv add`: data that lies somewhere becomes a manifest."""

from __future__ import annotations

import click

from dsv_git.cli import completion, terminal


@click.command("add")
@click.argument("data", shell_complete=completion.folders)
@click.option("--name", "-n", required=True, help="The manifest's name, below manifests/.")
@click.option("--version", "-v", default="1.0", show_default=True, help="The version's name.")
@click.option("--project", help="The registry's project.")
@click.option("--dataset", help="The registry's dataset, if not the manifest's name.")
@click.option("--description", default="", help="What this version is.")
@click.option(
    "--labels",
    multiple=True,
    metavar="SOURCE",
    shell_complete=completion.files,
    help="'{split}/{label}/*', labels.csv or .jsonl, SPLIT=FILE.json (COCO), several times, "
    "data.yaml or yolo:FOLDER (YOLO), metadata:NAME (in each folder).",
)
@click.option(
    "--parent",
    "parents",
    multiple=True,
    metavar="N@V",
    shell_complete=completion.versions,
    help="A parent; repeatable.",
)
@click.option("--tag", "tags", multiple=True, help="A tag; repeatable.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only these files; repeatable.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Not these files; repeatable.")
@click.option(
    "--hash",
    "algorithm",
    type=click.Choice(["xxh3", "sha256", "etag"]),
    default="xxh3",
    show_default=True,
    help="How contents are hashed; etag: the object store's own checksums, nothing is read.",
)
@terminal.json_option
def command(data: str, as_json: bool, **options: object) -> None:
    """Scan DATA into a new manifest: a folder, or a bucket (s3://, gs://, az://). The data itself
    is only read, and nothing of it is kept on this machine.

    Labels can come from the paths, from a table with the columns path, label and split (others
    become props), from COCO annotations, from YOLO label files, or from the metadata files of
    image folders.

    \b
    Example:
      dsv add data/youtube --name youtube --labels '{split}/{label}/*'
      dsv add s3://lake/youtube --name youtube --labels '{split}/{label}/*'
    """
    import shlex

    from dsv_git.cli.progress import progress_bar
    from dsv_git.cli.scan_report import counted, say_notices, say_without_label
    from dsv_git.flow.add import AddRequest, add
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import byte_size

    workspace = terminal.workspace()
    with progress_bar("hashing") as progress:
        added = add(workspace, AddRequest(data=data, **options), progress)  # type: ignore[arg-type]
    if as_json:
        terminal.say_json(added)
        return
    say_notices(added.notices)
    totals = added.totals
    labels = f", {counted(len(totals.labels), 'label')}" if totals.labels else ""
    size = byte_size(totals.bytes)
    terminal.say(
        f"{added.folder}: version {added.version}, {counted(totals.files, 'file')}, {size}{labels}"
    )
    say_without_label(added.without_label, counted(totals.files, "file"))
    if added.kept is not None:
        from dsv_git.cli.keep import kept_line

        terminal.say(kept_line(added.kept))
    if added.ignored:
        terminal.say(f".gitignore has {added.ignored} now: the data itself stays out of git")
    if added.tracked:
        keep_out = f"git rm -r -q --cached {shlex.quote(printable(data))}, and a line in .gitignore"
        terminal.say("git tracks this data itself too, so .gitignore stays as it is")
        terminal.say(f"  to keep the data out of git: {keep_out}")
    terminal.say("next: git add -A, then git commit: the commit registers the version")
