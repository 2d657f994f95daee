"""Writes the sample in `docs/review.md` from the demo: `python docs/generate_review.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).with_name("review.md")
ARGUMENTS: Final = ("diff", "HEAD~2", "HEAD~1", "youtube", "--format", "markdown")
BEGIN: Final = "<!-- Written by docs/generate_review.py from the demo; do not edit. -->\n"
END: Final = "<!-- The end of what docs/generate_review.py writes. -->\n"


def sample(folder: Path, env: Mapping[str, str]) -> str:
    """What a reviewer of the cleaning in the demo, made anew in `folder`, gets as Markdown."""
    demo = folder / "demo"
    _dsv(folder, env, "demo", str(demo))
    return _dsv(demo, env, *ARGUMENTS)


def page(old: str, text: str) -> str:
    """The page with this sample. Raises ValueError where it has no place for one."""
    head, begin, rest = old.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError("no place for the sample")
    return f"{head}{begin}\n{text}\n{end}{tail}"


def _dsv(folder: Path, env: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "dsv_git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=env, text=True, capture_output=True, check=True
    ).stdout


if __name__ == "__main__":
    here = {**os.environ, "PYTHONPATH": str(PAGE.parent.parent)}
    with tempfile.TemporaryDirectory() as place:
        PAGE.write_text(
            page(PAGE.read_text(encoding="utf-8"), sample(Path(place), here)), encoding="utf-8"
        )
