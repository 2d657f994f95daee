"""`docs/cli.md` says what the commands say of themselves."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from dsv_git.cli.main import SECTIONS, dsv

DOCS = Path(__file__).resolve().parent.parent / "docs"
VERBS = [verb for verbs in SECTIONS.values() for verb in verbs]


def generator() -> ModuleType:
    """The script that writes the page."""
    spec = importlib.util.spec_from_file_location("generate_cli", DOCS / "generate_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_help_says_now() -> None:
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert written == generator().page(), "stale; write it anew: python docs/generate_cli.py"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_an_example_that_names_it(verb: str) -> None:
    command = dsv.get_command(click.Context(dsv), verb)
    assert command is not None
    _, _, example = (command.help or "").partition("Example:\n")
    lines = [line.strip() for line in example.splitlines() if line.strip()]
    assert lines, f"dsv {verb} --help has no example"
    assert all(line.startswith(f"dsv {verb}") for line in lines)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_does(verb: str) -> None:
    command = dsv.get_command(click.Context(dsv), verb)
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_verb_is_told_in_one_short_line() -> None:
    context = click.Context(dsv)
    commands = {verb: dsv.get_command(context, verb) for verb in VERBS}
    told = {verb: c.get_short_help_str(90) for verb, c in commands.items() if c is not None}
    assert told.keys() == set(VERBS)
    assert [verb for verb, line in told.items() if not line or line.endswith("...")] == []


def test_hidden_commands_are_not_on_the_page() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^### dsv (.+)$", page, flags=re.MULTILINE) == VERBS
