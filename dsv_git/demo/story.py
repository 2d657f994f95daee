"""The story that `dsv demo` tells: two sources, one cleaned, both merged, one mistake refused."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IMAGES: Final = Path(__file__).parent / "images"

STORY: Final = r"""
# A fresh repository, looked after by dsv.
$ git init -q -b main
$ git config user.name Demo
$ git config user.email demo@example.org
$ dsv init --registry REGISTRY

# A first source was downloaded. Its pictures stay where they are; git gets the manifest.
$ cp -R IMAGES/kaggle data/kaggle
$ dsv add data/kaggle --name kaggle --version 1.0-kaggle --labels '{split}/{label}/*' \
      --project 'Dataset/Object Detection' --dataset obj-detect --description downloaded
$ git add -A
$ git commit -q -m 'Add 1.0-kaggle'

# A second source: it has duplicates, and some pictures lie in the wrong folder.
$ cp -R IMAGES/youtube data/youtube
$ dsv add data/youtube --name youtube --version 1.0-youtube --labels '{split}/{label}/*' \
      --project 'Dataset/Object Detection' --dataset obj-detect --description 'frames of videos'
$ git add -A
$ git commit -q -m 'Add 1.0-youtube'

# Clean it: duplicates out, labels from a table that somebody corrected by eye.
$ dsv dedupe youtube
$ cp IMAGES/labels-youtube-corrected.csv labels-youtube.csv
$ dsv update youtube --labels labels-youtube.csv --description 'drop duplicates, correct labels'
$ git add -A
$ git commit -q -m 'Drop duplicates, correct three labels'

# Merge both: the version to train on has both as parents.
$ dsv merge kaggle youtube --into all --version 1.0
$ git add -A
$ git commit -q -m 'Merge 1.0-kaggle and 1.1-youtube'

# A mistake: a row of a published version is deleted by hand. The check refuses the commit.
$ sed -i.bak '$d' manifests/kaggle/files/_.jsonl
! git commit -q -a -m Oops
$ git restore --staged --worktree manifests
$ rm manifests/kaggle/files/_.jsonl.bak

# What a reviewer of the cleaning sees.
$ dsv diff HEAD~2 HEAD~1 youtube

# The lineage, with the IDs to train on.
$ dsv log --graph
$ dsv status
"""
"""`$` a command, `!` one that must be refused, `#` what the next ones are for."""

NEXT: Final = (
    "dsv show all            the version to train on, whole",
    "dsv diff --last         the last change of data",
    "PYTHON -c \"import dsv_git; print(dsv_git.load('all').id)\"",
    "rm data/kaggle/val/cat/*.jpg && dsv status && dsv update kaggle && git add -A && git commit",
)
"""What to type next; `PYTHON` is the interpreter that has dsv_git."""


@dataclass(frozen=True)
class Step:
    """A command: as a person reads it, its arguments, what it is for, whether it is refused."""

    text: str
    arguments: tuple[str, ...]
    why: str
    refused: bool


def story(registry: str) -> Iterator[Step]:
    """The commands, in order, all of them run at the top of the repository."""
    why = ""
    for line in STORY.replace("\\\n", "").splitlines():
        mark, _, text = line.partition(" ")
        if mark == "#":
            why = text
        elif mark:
            text = " ".join(text.split()).replace("REGISTRY", registry)
            arguments = shlex.split(text.replace("IMAGES", shlex.quote(str(IMAGES))))
            yield Step(text.replace("IMAGES/", "…/"), tuple(arguments), why, refused=mark == "!")
            why = ""
