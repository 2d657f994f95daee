"""`dsv restore` in a repository whose registry is the local one."""

from __future__ import annotations

from tests.cli.living import pets
from tests.conftest import Repo


def test_the_local_registry_loses_nothing_so_nothing_is_committed(repo: Repo) -> None:
    pets(repo)
    repo.write("data/pets/val/cat/4.jpg", "a fourth cat")
    repo.dsv("update", "pets")
    repo.commit("Another cat")
    before = repo.git("rev-parse", "HEAD")
    assert "are there already" in repo.dsv("restore", "pets@1.0", "--registry")
    assert repo.git("rev-parse", "HEAD") == before
    assert repo.status == ""
