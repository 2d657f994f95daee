"""`dsv register`: the child that talks to a registry; never typed by a person."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("register", hidden=True)
@click.argument("top", type=click.Path(path_type=Path))
@click.option("--branch")
def command(top: Path, branch: str | None) -> None:
    """Answers the requests on standard input, one JSON document a line."""
    import msgspec

    from dsv_git.flow.register.order import Answer
    from dsv_git.flow.register.orphan import end_with_reader
    from dsv_git.flow.register.service import Service
    from dsv_git.flow.workspace import Workspace

    # What libraries print would be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    end_with_reader(answers.fileno())

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")

    Service(Workspace.open(top), branch, say).serve(sys.stdin.buffer)
