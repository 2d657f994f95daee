"""docs/derive.md: every command is typed, and prints what stands there."""

from __future__ import annotations

import re
from pathlib import Path

from dsv_git.query.fields import FIELDS
from tests.test_docs_story import typed
from tests.test_readme import SOURCE, pattern, prepare, run

TEXT = (SOURCE / "docs/derive.md").read_text(encoding="utf-8")


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    checkout, env = prepare(tmp_path)
    env["PATH"] = f"{checkout}/.venv/bin:{env['PATH']}"
    env |= {"PYTHONPATH": str(SOURCE)}
    team = tmp_path / "team"
    team.mkdir()
    commands = typed(TEXT)
    assert len(commands) > 15
    answers = run([one.command for one in commands], team, env)
    for one, (output, code) in zip(commands, answers, strict=True):
        assert code == 0, f"$ {one.command}\n{output}"
        matched = re.fullmatch(pattern(one.shown), output)
        assert matched, f"$ {one.command}\nprinted:\n{output}\nshown:\n" + "\n".join(one.shown)


def test_the_table_of_fields_names_every_field() -> None:
    rows = re.findall(r"^\| (`[^|]*) \| [^|]* \| [^|]* \|$", TEXT, re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert set(FIELDS) <= named
