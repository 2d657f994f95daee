"""The commands of `docs/restore.md` are commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dsv_git.cli.main import dsv

PAGE = Path(__file__).resolve().parent.parent / "docs/restore.md"


def commands() -> list[str]:
    """The lines of the page's shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def test_there_are_commands() -> None:
    assert len(commands()) > 10


@pytest.mark.parametrize("line", commands())
def test_each_command_has_the_options_that_it_is_shown_with(line: str) -> None:
    program, verb, *words = shlex.split(line, comments=True)
    assert program == "dsv"
    command = dsv.get_command(dsv.make_context("dsv", [verb]), verb)
    assert command is not None
    with command.make_context(verb, words) as context:
        assert context.params
