"""docs/story.md: every command is typed against a ClearML server and prints what stands there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.clearml_server import ClearMLServer
from tests.test_readme import SOURCE, Typed, pattern, prepare, run

TEXT = (SOURCE / "docs/story.md").read_text(encoding="utf-8")


def typed(text: str) -> list[Typed]:
    """The commands of a page, each with what it prints."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            end = next(n for n, line in enumerate(lines) if not line.endswith("\\"))
            found.append(Typed("\n".join(lines[: end + 1]), tuple(lines[end + 1 :])))
    return found


def test_the_story_is_what_happens(tmp_path: Path, server: ClearMLServer) -> None:
    checkout, env = prepare(tmp_path)
    env |= server.quick_environment
    env["PATH"] = f"{checkout}/.venv/bin:{env['PATH']}"
    env |= {"PYTHONPATH": str(SOURCE), "PYTHONWARNINGS": ""}  # of the package, as it is
    team = tmp_path / "team"
    team.mkdir()
    commands = typed(TEXT)
    answers = run([one.command for one in commands], team, env)
    for one, (output, code) in zip(commands, answers, strict=True):
        assert code == 0, f"$ {one.command}\n{output}"
        matched = re.fullmatch(pattern(one.shown), output)
        assert matched, f"$ {one.command}\nprinted:\n{output}\nshown:\n" + "\n".join(one.shown)
