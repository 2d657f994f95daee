"""Writes `docs/cli.md` from what `--help` says of every verb: `python docs/generate_cli.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from click.testing import CliRunner

from dsv_git.cli.main import SECTIONS, dsv

PAGE: Final = Path(__file__).with_name("cli.md")
WIDTH: Final = 80
"""Columns of the terminal that the help is laid out for."""

HEAD: Final = """\
<!-- Written by docs/generate_cli.py from the commands' own help; do not edit. -->
# The commands

What `dsv --help` and `dsv VERB --help` say. `git dsv VERB` is the same. How the verbs work together
is in the [README](../README.md), what they write in [the manifest format](manifest-format.md).
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [HEAD, _block("dsv --help", _help())]
    for section, verbs in SECTIONS.items():
        parts.append(f"## {section}\n")
        for verb in verbs:
            parts += [f"### dsv {verb}\n", _block(f"dsv {verb} --help", _help(verb))]
    return "\n".join(parts)


def _help(*verb: str) -> str:
    """What a person sees. Raises the error of a verb that cannot say its help."""
    asked = CliRunner().invoke(
        dsv,
        [*verb, "--help"],
        prog_name="dsv",
        terminal_width=WIDTH,
        catch_exceptions=False,
    )
    return asked.output


def _block(command: str, output: str) -> str:
    lines = "\n".join(line.rstrip() for line in output.splitlines())
    return f"```text\n$ {command}\n{lines}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
