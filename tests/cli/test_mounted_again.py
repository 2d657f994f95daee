"""A share that is mounted again: other devices, inodes and ctimes below the same path."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from tests.conftest import ANY_CONTENT, Repo

CALM = 1_600_000_000


def data_state(repo: Repo) -> dict[str, Any]:
    """What `dsv status` says of the data."""
    found: dict[str, Any] = json.loads(repo.dsv("status", "--json"))["manifests"][0]["data"]
    return found


def test_after_a_remount_nothing_is_hashed_and_a_fresh_clone_compares_sizes_and_says_so(
    repo: Repo,
) -> None:
    repo.dsv("init")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    share = repo.path.parent / "share"
    for number in range(3):
        place = repo.write(f"../share/{number}.jpg", f"content {number}")
        os.utime(place, (CALM, CALM))
    repo.dsv("add", str(share), "--name", "pets")
    repo.commit("Pets")
    assert data_state(repo)["way"] == "known"

    inodes = {path.name: path.stat().st_ino for path in share.iterdir()}
    again = share.with_name("again")
    shutil.copytree(share, again)
    share.rename(share.with_name("before"))
    # Another content of the same size and time: who reads it notices, who trusts stat does not.
    (again / "0.jpg").write_text("c0ntent 0")
    os.utime(again / "0.jpg", (CALM, CALM))
    again.rename(share)
    assert all(path.stat().st_ino != inodes[path.name] for path in share.iterdir())
    state = data_state(repo)
    assert (state["way"], state["new"], state["gone"], state["changed"]) == ("known", 0, 0, 0)

    repo.git("clone", "-q", str(repo.path), "../clone")
    clone = Repo(repo.path.parent / "clone", repo.env)
    assert data_state(clone)["way"] == "size"
    assert "path and size" in clone.dsv("status")
    (share / "1.jpg").write_text("longer than it was")
    assert data_state(clone)["changed"] == 1
