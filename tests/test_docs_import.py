"""docs/import.md: what it types is understood, what it names is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import click
import pytest

from dsv_git.cli.main import dsv
from dsv_git.flow.importing.clearml import DATA_PATH
from dsv_git.flow.importing.dvc import TRAILER

SOURCE: Final = Path(__file__).resolve().parent.parent
TEXT: Final = (SOURCE / "docs/import.md").read_text(encoding="utf-8")
TYPED: Final = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```$", TEXT, re.M | re.S)
    for line in block.splitlines()
]


@pytest.mark.parametrize("line", TYPED)
def test_every_command_is_understood(line: str) -> None:
    program, verb, *rest = shlex.split(line)
    context = click.Context(dsv, help_option_names=dsv.context_settings["help_option_names"])
    command = dsv.get_command(context, verb)
    assert program == "dsv"
    assert command is not None
    command.make_context(verb, list(rest), parent=context)


def test_what_is_named_is_there() -> None:
    assert f"`{DATA_PATH}`" in TEXT
    assert f"`{TRAILER}`" in TEXT
    for option in set(re.findall(r"`(--[a-z]+)", TEXT)) - {"--all-commits"}:
        command = dsv.get_command(click.Context(dsv), "import")
        assert command is not None
        assert option in {name for one in command.params for name in one.opts}, option
