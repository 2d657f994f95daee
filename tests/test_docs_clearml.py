"""docs/with-clearml.md: what it names is there, what it quotes is said, what it types is understood."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest
from ruamel.yaml import YAML

from dsv_git.checks.rules import RULES
from dsv_git.cli.main import dsv
from dsv_git.flow.config import parse_config
from dsv_git.flow.register.page import AGAINST_PARENTS, SAMPLES
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.registry.clearml import task
from dsv_git.review.charts import TITLES
from tests.clearml_server import ClearMLServer
from tests.test_readme import pattern, prepare, run

SOURCE: Final = Path(__file__).resolve().parent.parent
TEXT: Final = (SOURCE / "docs/with-clearml.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", TEXT, re.M | re.S)
SAYING: Final = {"InputError", "Unreachable", "Refused"}
"""What a message for a person is the first argument of."""


def section(title: str) -> str:
    """The text below a heading, up to the next one of its level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    assert found is not None, title
    return found[1]


def blocks(language: str, name: str = "") -> list[str]:
    """The blocks of a language, by the name that stands behind it."""
    return [text for kind, called, text in BLOCKS if (kind, called) == (language, name)]


def files(*places: str) -> Iterator[Path]:
    """The Python files of the package at these places."""
    for place in places:
        yield from sorted((SOURCE / "dsv_git").glob(place))


def said(node: ast.expr) -> str | None:
    """A text of the code, `…` for what is put in; None for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
        return "".join(map(str, parts))
    return None


def messages(path: Path) -> set[str]:
    """Every message that a module raises."""
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in SAYING and c.args]
    return {text for text in (said(call.args[0]) for call in named) if text is not None}


def quoted(title: str) -> list[str]:
    """The first cells of the rows of a section's tables."""
    rows = re.findall(r"^\| `([^`]+)` \|", section(title), re.M)
    return [row.replace("\\|", "|") for row in rows]


def test_every_message_of_a_registration_has_its_row() -> None:
    places = files("registry/clearml/*.py", "flow/register/*.py", "flow/renew.py")
    raised = set[str]().union(*map(messages, places))
    assert raised
    assert sorted(raised - set(quoted("Messages"))) == []


def test_every_message_of_the_page_is_said_by_the_code() -> None:
    nodes = (n for path in files("**/*.py") for n in ast.walk(ast.parse(path.read_bytes())))
    known = {said(node) for node in nodes if isinstance(node, (ast.Constant, ast.JoinedStr))}
    rows = quoted("Messages")
    assert len(rows) == len(set(rows))
    assert [row for row in rows if row not in known] == []


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 10
    for file, name in named:
        tree = ast.parse((SOURCE / file).read_bytes())
        assert name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, (
            f"{file} {name}"
        )


def test_every_command_that_is_named_is_there_with_its_options() -> None:
    context = click.Context(dsv)
    named = re.findall(r"\bdsv ([a-z]+)\b([^`\n|#]*)", " ".join(re.findall(r"`[^`]+`", TEXT)))
    typed = [line for _, _, text in BLOCKS for line in text.splitlines()]
    named += [found for line in typed for found in re.findall(r"^[ $-]*dsv ([a-z]+)(.*)", line)]
    assert len(named) > 10
    for verb, rest in named:
        command = dsv.get_command(context, verb)
        assert command is not None, verb
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options, f"dsv {verb}{rest}"


def test_the_user_properties_are_those_that_are_set() -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith("| User properties")]
    cells = row.split(" | ")
    named = [name for name in re.findall(r"`(\w+)`", cells[1]) if name != "properties"]
    assert sorted(named) == sorted({*task.NAMED, *task.FROM_GIT})


def test_every_chart_of_a_version_is_named() -> None:
    plots = section("What arrives where")
    assert [
        title for title in (*TITLES, AGAINST_PARENTS, SAMPLES) if f"*{title}*" not in plots
    ] == []


@pytest.mark.parametrize("text", blocks("yaml", "manifest"))
def test_what_is_shown_of_a_manifest_is_understood(text: str) -> None:
    rest = "" if "data:" in text else "data: {root: data/pets}\n"
    parse_declaration(f"format: 1\nversion: 1.0\n{rest}{text}", "pets", "page")


@pytest.mark.parametrize("text", blocks("yaml", "configuration"))
def test_what_is_shown_of_the_configuration_is_understood(text: str) -> None:
    parse_config(text, tuple(RULES))


def test_the_recipes_for_ci_give_the_history_the_credentials_and_the_right_to_push() -> None:
    (github,), (gitlab,) = blocks("yaml", "github"), blocks("yaml", "gitlab")
    job = YAML(typ="safe").load(github)["jobs"]["dsv"]
    checkout, *_ = job["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert YAML(typ="safe").load(github)["permissions"] == {"contents": "write"}
    other = YAML(typ="safe").load(gitlab)["dsv"]
    assert other["variables"]["GIT_DEPTH"] == 0
    scripts = [*(step.get("run", "") for step in job["steps"]), *other["script"]]
    assert sum("dsv sync --branch" in script for script in scripts) == 2
    for name in ClearMLServer().environment.keys() - {"CLEARML_CONFIG_FILE"}:
        assert name in job["env"], name
        assert f"`{name}`" in TEXT, name


def test_the_commands_print_what_the_page_shows(tmp_path: Path, server: ClearMLServer) -> None:
    checkout, env = prepare(tmp_path)
    env.update(server.environment)
    programs = checkout / ".venv/bin"
    env["PATH"] = f"{programs}:{env['PATH']}"
    typed = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *shown = part.splitlines()
            typed.append((command, tuple(shown)))
    assert typed
    answers = run([command for command, _ in typed], checkout, env)
    for (command, shown), (output, code) in zip(typed, answers, strict=True):
        assert code == 0, f"$ {command}\n{output}"
        assert re.fullmatch(pattern(shown), output), f"$ {command}\nprinted:\n{output}"
