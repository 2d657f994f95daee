"""docs/with-clearml.md: what it names is there, what it quotes is said, what it types works."""

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
from dsv_git.diff.sampling import LARGEST
from dsv_git.flow.config import Config, parse_config
from dsv_git.flow.register.page import AGAINST_PARENTS, SAMPLES
from dsv_git.flow.register.registrar import SILENCE
from dsv_git.flow.register.service import MANY
from dsv_git.gitrepo.state import QUIET
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.registry.clearml import task
from dsv_git.registry.clearml.chunks import CHUNK
from dsv_git.registry.clearml.refusals import CONNECT
from dsv_git.registry.clearml.state import ROWS
from dsv_git.review.charts import TITLES
from tests.clearml.test_article import FEATURES
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo
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


def test_every_feature_that_is_held_beside_plain_code_has_its_row() -> None:
    cells = re.findall(r"^\|.*\| ([^|]+) \|$", section("By hand, and with dsv"), re.M)
    named = re.findall(r"\*([^*]+)\*", " ".join(cells))
    assert sorted(named) == sorted(FEATURES)


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
    assert sorted(named) == sorted({*task.NAMED, *task.FROM_GIT, "made_by"})


def test_every_chart_of_a_version_is_named() -> None:
    plots = section("What arrives where")
    every = (*TITLES, AGAINST_PARENTS, SAMPLES)
    assert [title for title in every if f"*{title}*" not in plots] == []


def test_the_limits_are_those_of_the_code() -> None:
    said = " ".join(TEXT.split())
    assert f"within {CONNECT:g} seconds" in said
    assert f"registration has {Config().timeout} seconds" in said
    assert f"quiet for {QUIET // 60} minutes" in said
    assert f"more than {MANY:,} files" in said
    assert (SILENCE, "gives up after three minutes of silence" in said) == (180, True)
    assert f"At most {ROWS:,}, and the head says so" in said
    assert f"at most {CHUNK // 2**20} MB of files" in said
    assert f"up to {LARGEST['audio'] // 10**6} MB as they are" in said
    assert LARGEST["audio"] == LARGEST["video"]


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


def session() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command of the `console` blocks with what is shown below it, and the saving of every
    `python` block under the name in its first line."""
    for language, _, text in BLOCKS:
        if language == "python":
            name = text.splitlines()[0].removeprefix("# ")
            yield f"cat >{name} <<'END OF FILE'\n{text}END OF FILE", ()
        elif language == "console":
            for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
                command, *shown = part.splitlines()
                yield command, tuple(shown)


def test_the_commands_print_what_the_page_shows(tmp_path: Path, server: ClearMLServer) -> None:
    checkout, env = prepare(tmp_path)
    env.update(server.quick_environment)
    env.update(PATH=f"{checkout / '.venv/bin'}:{env['PATH']}", PYTHONWARNINGS="")
    typed = list(session())
    assert typed
    answers = run([command for command, _ in typed], checkout, env)
    for (command, shown), (output, code) in zip(typed, answers, strict=True):
        assert code == 0, f"$ {command}\n{output}"
        assert re.fullmatch(pattern(shown), output), f"$ {command}\nprinted:\n{output}"


@pytest.fixture
def unregistered(repo: Repo, server: ClearMLServer) -> Repo:
    """A bare repository whose branch `main` has a version that nobody has registered."""
    repo.dsv("init", "--registry", "clearml")
    repo.write("data/cat/a.jpg", "a")
    repo.dsv("add", "data", "--name", "pets")
    repo.dsv("uninstall")
    repo.commit("Add pets")
    bare = repo.path.parent / "pets.git"
    repo.git("clone", "-q", "--bare", ".", str(bare))
    repo.env.update(server.environment)
    return Repo(bare, repo.env)


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_recipes_for_ci_register_what_is_pending_and_push_it(
    unregistered: Repo, tmp_path: Path, host: str
) -> None:
    (text,) = blocks("yaml", host)
    document = YAML(typ="safe").load(text)
    gitlab = host == "gitlab"
    last = document["dsv"]["script"] if gitlab else document["jobs"]["dsv"]["steps"][-1]["run"]
    lines = last if gitlab else [last]
    checkout, env = prepare(tmp_path / "machine")
    (checkout / ".venv/bin/pip").write_text("#!/bin/sh\n")
    (checkout / ".venv/bin/pip").chmod(0o755)
    given = {
        "PATH": f"{checkout / '.venv/bin'}:{env['PATH']}",
        "DSV_GIT": "dsv-git",
        "DSV_PUSH_TOKEN": "token",
        "CI_SERVER_HOST": "git.test",
        "CI_PROJECT_PATH": "team/pets",
        "CI_DEFAULT_BRANCH": "main",
    }
    unregistered.git("clone", "-q", ".", str(tmp_path / "job"))
    job = Repo(tmp_path / "job", {**unregistered.env, **given})
    job.git("checkout", "-q", "--detach", "origin/main")
    place = "https://dsv:token@git.test/team/pets.git"
    job.git("config", f"url.{unregistered.path}.insteadOf", place)
    job.run("sh", "-e", "-c", "\n".join(lines))
    assert unregistered.git("log", "-1", "--format=%s", "main") == "Record data versions pets@1.0"
    assert unregistered.git("log", "-1", "--format=%an", "main") == "dsv"
    assert len(unregistered.git("for-each-ref", "refs/dsv").splitlines()) == 1
