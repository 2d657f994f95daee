"""The README: its commands are typed as they stand there, its tables are what the code says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from dsv_git.checks.rules import RULES
from dsv_git.cli.main import SECTIONS
from dsv_git.errors import ExitCode
from dsv_git.flow.config import FILE, KEYS, Config, parse_config
from tests.conftest import environment

SOURCE = Path(__file__).resolve().parent.parent
README = SOURCE / "README.md"
PROJECT = SOURCE / "pyproject.toml"
PAGES = [README, SOURCE / "CONTRIBUTING.md", SOURCE / "CHANGELOG.md"]
PAGES += sorted((SOURCE / "docs").rglob("*.md"))
SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True)
class Typed:
    """A command of a `console` block, and the lines that the README shows below it: all that it
    prints."""

    command: str
    shown: tuple[str, ...]


def blocks(language: str) -> list[str]:
    """The code blocks of one language, in the README's order."""
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def session() -> Iterator[Typed]:
    """Every command of the `console` blocks (a line that ends in a backslash goes on), and the
    saving of every `python` block under the name in its first line."""
    text = README.read_text(encoding="utf-8")
    fence = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for language, block in fence.findall(text):
        if language == "python":
            yield Typed(f"cat >{saved_as(block)} <<'END OF FILE'\n{block}END OF FILE", ())
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            end = next(n for n, line in enumerate(lines) if not line.endswith("\\"))
            yield Typed("\n".join(lines[: end + 1]), tuple(lines[end + 1 :]))


def saved_as(block: str) -> str:
    """The file name that a Python block states."""
    found = re.match(r"# (\S+\.py)\n", block)
    assert found is not None, f"a Python block without a name:\n{block}"
    return found[1]


def pattern(shown: tuple[str, ...]) -> str:
    """What a command must print: `…` stands for anything in a line, and alone for any lines."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"[ ]*\n"
        for line in shown
    ]
    return "".join(parts)


def prepare(base: Path) -> tuple[Path, dict[str, str]]:
    """A clone of this project after `sh .ci/install`, as far as the README's commands see it."""
    checkout, home = base / "dsv-git", base / "home"
    programs = checkout / ".venv/bin"
    programs.mkdir(parents=True)
    (checkout / "dsv_git").symlink_to(SOURCE / "dsv_git")
    for name, arguments in (("dsv", "-m dsv_git "), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (programs / name).chmod(0o755)
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.org\n")
    return checkout, environment(home)


def run(commands: list[str], cwd: Path, env: dict[str, str]) -> list[tuple[str, int]]:
    """What each command printed, and its exit code. One shell runs them all."""
    marks = ["\nprintf '\\036%d\\036' $?\n" for _ in commands]
    script = "".join(text for pair in zip(commands, marks, strict=True) for text in pair)
    file = Path(env["HOME"]) / "typed.sh"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["sh", file],
        cwd=cwd,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    parts = done.stdout.split("\036")
    answers = list(zip(parts[::2], map(int, parts[1::2]), strict=False))
    assert len(answers) == len(commands), done.stdout
    return answers


def test_the_commands_print_what_the_readme_shows(tmp_path: Path) -> None:
    checkout, env = prepare(tmp_path)
    typed = list(session())
    assert typed
    answers = run([one.command for one in typed], checkout, env)
    for one, (output, code) in zip(typed, answers, strict=True):
        assert code == 0, f"$ {one.command}\n{output}"
        assert "Traceback" not in output, f"$ {one.command}\n{output}"
        matched = re.fullmatch(pattern(one.shown), output)
        assert matched, f"$ {one.command}\nprinted:\n{output}\nshown:\n" + "\n".join(one.shown)


def test_every_python_example_is_run_by_a_command() -> None:
    commands = [one.command for one in session()]
    names = [saved_as(block) for block in blocks("python")]
    assert names
    assert [name for name in names if f"python {name}" not in commands] == []


def table(title: str, page: Path = README) -> list[list[str]]:
    """The rows of the first table below a heading, its cells without markup."""
    text = page.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2]
    found = re.search(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    assert found is not None, f"no table below {title!r}"
    rows = [line.strip("|\n ").split(" | ") for line in found[0].splitlines()]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows[2:]]


def test_the_table_of_verbs_has_every_verb_in_the_order_of_the_help() -> None:
    named = [row[0].split()[1] for row in table("The commands")]
    assert named == [verb for verbs in SECTIONS.values() for verb in verbs]


def test_the_table_of_exit_codes_has_every_code() -> None:
    assert [int(row[0]) for row in table("Exit codes")] == sorted(int(code) for code in ExitCode)


def test_the_configuration_shown_is_what_counts_without_a_file() -> None:
    shown = blocks("yaml")[0]
    assert parse_config(shown, tuple(RULES)) == Config() == parse_config("", tuple(RULES))
    keys = re.findall(r"^([a-z]+):", shown, flags=re.MULTILINE)
    assert keys == list(KEYS)
    assert len(fields(Config)) == len(KEYS) + 1, "`register` holds two of them"
    assert f"`{FILE}`" in README.read_text(encoding="utf-8")


def test_the_table_of_rules_has_every_rule_with_its_severity() -> None:
    assert {row[0]: row[1] for row in table("Checks")} == dict(RULES)


def third_parties(room: str) -> set[str]:
    """The libraries that the modules of a room import, by their names in code."""
    place = SOURCE / "dsv_git" / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_bytes()))]
    froms = {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
    names = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    tops = {name.partition(".")[0] for name in froms | names}
    return tops - sys.stdlib_module_names - {"dsv_git"}


def test_the_table_of_rooms_names_every_room_and_what_it_imports() -> None:
    rows = table("The rooms", SOURCE / "CONTRIBUTING.md")
    layers = re.search(r"^layers = \[$(.*?)^\]$", PROJECT.read_text(encoding="utf-8"), re.M | re.S)
    assert layers is not None
    assert [row[0] for row in rows] == re.findall(r"dsv_git\.(\w+)", layers[1])
    code = {"ruamel.yaml": "ruamel", "GitPython": "git", "Pillow": "PIL", "PyJWT": "jwt"}
    for room, *_, parties in rows:
        named = {code.get(party, party) for party in parties.split(", ") if party != "none"}
        assert named == third_parties(room), room


@pytest.mark.parametrize("shell", SHELLS)
def test_the_completion_that_the_readme_names_completes_verbs(tmp_path: Path, shell: str) -> None:
    assert f"_DSV_COMPLETE={shell}_source dsv" in README.read_text(encoding="utf-8")
    checkout, env = prepare(tmp_path)
    dsv = f'"{checkout}/.venv/bin/dsv"'
    at = "ded" if shell == "fish" else "1"
    typed = f"COMP_WORDS='dsv ded' COMP_CWORD={at} _DSV_COMPLETE={shell}_complete {dsv}"
    (script, _), (answer, _) = run([f"_DSV_COMPLETE={shell}_source {dsv}", typed], tmp_path, env)
    assert "_DSV_COMPLETE" in script
    assert f"{shell}_complete" in script
    assert "dedupe" in answer
    assert "merge" not in answer


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(SOURCE).as_posix())
def test_every_link_leads_to_a_file_that_is_there(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    local = {target.partition("#")[0] for target in targets if "://" not in target} - {""}
    assert sorted(target for target in local if not (page.parent / target).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(SOURCE).as_posix())
def test_every_anchor_is_a_heading(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text):
        if "://" in target:
            continue
        other = (page.parent / target).read_text(encoding="utf-8") if target else text
        headings = re.findall(r"^#+ (.+)$", other, flags=re.MULTILINE)
        slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
        assert anchor in slugs, f"{target}#{anchor}"
