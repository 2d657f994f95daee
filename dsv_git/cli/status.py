"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsv_git.cli import terminal

if TYPE_CHECKING:
    from dsv_git.flow.status import DataState, ManifestState, Status


@click.command("status")
@click.argument("names", nargs=-1)
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
        terminal.say_json(found)
        return
    for line in _lines(found):
        terminal.say(line)
    if found.missing_hooks:
        terminal.note(
            f"warning: hooks are not installed in this clone ({', '.join(found.missing_hooks)}): "
            "dsv init"
        )


def _lines(found: Status) -> list[str]:
    lines: list[str] = []
    for state in found.manifests:
        lines += _manifest_lines(state)
    if not found.manifests:
        lines.append("no manifest yet: dsv add DATA --name NAME")
    for name in found.pending:
        lines.append(f"pending: {name} (dsv sync)")
    lines += [f"pending: {p.manifest}@{p.version}: {p.reason} ({p.hint})" for p in found.problems]
    return lines


def _manifest_lines(state: ManifestState) -> list[str]:
    words = {"draft": "not committed", "pending": "pending", "registered": f"= {state.id}"}
    published = ", published" if state.published else ""
    lines = [f"{state.manifest}@{state.version}  {words[state.state]}{published}"]
    return [*lines, f"  data: {_data(state.data, state.manifest)}"]


def _data(data: DataState, name: str) -> str:
    from dsv_git.scan.notices import shown

    if data.way == "none":
        return data.reason or "not looked at"
    how = "" if data.way == "known" else " (by path and size: nothing was hashed in this clone yet)"
    if data.clean:
        return f"as the manifest says{how}"
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (data.new, "new"),
            (data.changed, "changed"),
            (data.gone, "gone"),
            (data.relabelled, "with another label"),
        )
        if count
    ]
    few = ", ".join(shown(path) for path in data.sample)
    return f"{', '.join(parts)}{how}: {few}… (dsv update {name})"
