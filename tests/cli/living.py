"""A team's repository with real data, for verbs that scan."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cli.hand_made import read
from tests.conftest import Repo

PETS = {
    "train/cat/1.jpg": "a cat",
    "train/cat/2.jpg": "another cat",
    "train/dog/1.jpg": "a dog",
    "val/cat/3.jpg": "a third cat",
}
PATTERN = "{split}/{label}/*"


def init(repo: Repo) -> Repo:
    """`dsv init`: from now on a commit registers."""
    repo.dsv("init", "--registry", "local")
    return repo


def pets(repo: Repo, *options: str, commit: bool = True) -> Repo:
    """The manifest `pets` of data in `data/pets`, committed and so registered."""
    init(repo)
    for path, content in PETS.items():
        repo.write(f"data/pets/{path}", content)
    repo.dsv("add", "data/pets", "--name", "pets", *(options or ("--labels", PATTERN)))
    if commit:
        repo.commit("Add pets")
    return repo


def answer(repo: Repo, *args: str) -> Any:
    """What a verb says in JSON."""
    return json.loads(repo.dsv(*args, "--json"))


def status(repo: Repo, name: str = "pets") -> Any:
    """What `dsv status` says of one manifest."""
    (found,) = answer(repo, "status", name)["manifests"]
    return found


def differences(repo: Repo, name: str = "pets") -> tuple[int, int, int, int]:
    """The new, changed, gone and relabelled files that `dsv status` counts."""
    data = status(repo, name)["data"]
    assert data["way"] != "none", data
    return data["new"], data["changed"], data["gone"], data["relabelled"]


CLEAN = (0, 0, 0, 0)


def entries(repo: Repo, name: str = "pets") -> dict[str, str | tuple[str, ...] | None]:
    """The entries of a manifest: path → label."""
    return {entry.path: entry.label for entry in read(repo, name).entries}


def records(repo: Repo, name: str = "pets") -> list[str]:
    """The recorded versions' files."""
    return sorted(path.name for path in (repo.path / f"manifests/{name}/versions").glob("*"))


def times(folder: Path) -> dict[str, int]:
    """When each file below a folder was written last."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def age(repo: Repo, *folders: str) -> None:
    """Makes files as old as data usually is: what is fresh is hashed again, to be sure."""
    for folder in folders or ("data",):
        for base, _, names in os.walk(repo.path / folder):
            for name in names:
                os.utime(Path(base, name), (1_700_000_000, 1_700_000_000), follow_symlinks=False)


def kinds(diff: Sequence[Any]) -> dict[str, int]:
    """The counts of a diff that are not zero."""
    return {kind: count for kind, count in diff[0]["counts"].items() if count}
