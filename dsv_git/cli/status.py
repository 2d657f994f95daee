"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.data.state import DataState
    from dsv_git.flow.history.manifest_state import ManifestState
    from dsv_git.flow.status import Status


@click.command("status")
@click.argument("names", nargs=-1, shell_complete=completion.manifests)
@terminal.json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Compare the data with the manifests, and say what is pending.

    \b
    Example:
      dsv status
      dsv status youtube --json
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.status import status

    workspace = terminal.workspace()
    with progress_bar("hashing") as progress:
        found = status(workspace, names, progress)
    if as_json:
        terminal.say_json({"schema": 1, **vars(found)})
        return
    for line in _lines(found):
        terminal.say(line)
    if found.missing_hooks:
        terminal.note(
            f"warning: hooks are not installed in this clone ({', '.join(found.missing_hooks)}): "
            "dsv init"
        )


def _lines(found: Status) -> Iterator[str]:
    if found.unresolved:
        yield "git stopped before the manifests were merged: dsv resolve"
    for state in found.manifests:
        yield from _manifest_lines(state)
    if not found.manifests:
        yield "no manifest yet: dsv add DATA --name NAME"
    for name in found.pending:
        yield f"pending: {name} (dsv sync)"
    for problem in found.problems:
        name = "" if problem.manifest == "*" else f"{problem.manifest}@{problem.version}: "
        yield f"pending: {name}{problem.reason} ({problem.hint})"


def _manifest_lines(state: ManifestState) -> Iterator[str]:
    from dsv_git.manifest.names import printable

    if state.state == "broken":
        yield f"{state.manifest}  cannot be read: {state.reason}"
        return
    words = {"draft": "not committed", "pending": "pending", "registered": f"= {state.id}"}
    published = ", published" if state.published else ""
    other = f", registered in {state.elsewhere} alone (dsv sync)" if state.elsewhere else ""
    yield f"{state.manifest}@{state.version}  {words[state.state]}{published}{other}"
    yield f"  data: {_data(state.data, state.manifest)}"
    if state.behind:
        newer = ", ".join(map(printable, state.behind))
        yield f"  behind its sources: {newer} (dsv update {state.manifest})"


def _data(data: DataState, name: str) -> str:
    from dsv_git.scan.notices import shown

    if data.way == "none":
        return data.reason or "not looked at"
    how = "" if data.way == "known" else " (by path and size: nothing was hashed in this clone yet)"
    if data.clean:
        return f"as the manifest says{how}"
    counts = (
        (data.new, "new"),
        (data.changed, "changed"),
        (data.gone, "gone"),
        (data.relabelled, "with another label"),
    )
    parts = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    few = ", ".join(map(shown, data.sample))
    more = "…" if data.differences > len(data.sample) else ""
    here = f"; only missing here: dsv restore {name} --to FOLDER" if data.gone else ""
    return f"{parts}{how}: {few}{more} (dsv update {name}{here})"
