"""Repositories whose hooks are installed: what a commit registers is seen in its tree."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repo
from tests.manifests import ANY_CONTENT, INITIAL, write_manifest

MORE = {**INITIAL, "train/cat/d.jpg": "4"}


@pytest.fixture
def tracked(repo: Repo) -> Repo:
    """A repository after `dsv init` and a first commit of code."""
    repo.dsv("init")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    repo.write("train.py", "print(1)\n")
    repo.write("notes.txt", "one\n")
    repo.commit("Start")
    return repo


def unplug(repo: Repo) -> None:
    """Lets hooks find no dsv, until `dsv init`: neither by its interpreter nor on PATH."""
    repo.git("config", "dsv.python", "/nowhere/python")
    folders = repo.env["PATH"].split(os.pathsep)
    repo.env["PATH"] = os.pathsep.join(one for one in folders if not Path(one, "dsv").exists())


def records(repo: Repo, name: str = "pets", rev: str = "HEAD") -> dict[str, Any]:
    """The records that a commit holds, by version."""
    folder = f"manifests/{name}/versions/"
    listed = repo.git("ls-tree", "-z", "--name-only", rev, folder).split("\0")
    found = [json.loads(repo.git("show", f"{rev}:{path}")) for path in listed if path]
    by_version = {record["version"]: record for record in found}
    assert len(by_version) == len(found), "two records of one version"
    return by_version


def versions(repo: Repo, name: str = "pets", rev: str = "HEAD") -> list[str]:
    """The versions that have a record."""
    return sorted(records(repo, name, rev))


def count(repo: Repo, rev: str = "HEAD") -> int:
    """How many commits a history has."""
    return int(repo.git("rev-list", "--count", rev))


def draft(
    repo: Repo, version: str, contents: Mapping[str, str] = MORE, parent: str | None = None
) -> None:
    """Writes a version of the manifest `pets` into the working tree."""
    write_manifest(repo, "pets", version, contents, [f"pets@{parent}"] if parent else [])


def settled(repo: Repo, *expected: str, name: str = "pets") -> None:
    """One record for each version, nothing pending, a second sync changes nothing."""
    assert versions(repo, name) == sorted(expected)
    head, status = repo.git("rev-parse", "HEAD"), repo.status
    repo.dsv("sync")
    assert (repo.git("rev-parse", "HEAD"), repo.status) == (head, status)
