"""The line that says a version was registered."""

from __future__ import annotations

from tests.cli.living import init
from tests.conftest import Repo


def test_one_file_is_not_called_files(repo: Repo) -> None:
    init(repo)
    repo.write("data/a.txt", "a")
    repo.dsv("add", "data", "--name", "pets")
    repo.git("add", "-A")
    repo.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "One")
    assert "(1 file, +1)" in repo.dsv("sync")
