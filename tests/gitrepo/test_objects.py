"""Reading objects by names, also by such that git's reading process does not survive."""

from __future__ import annotations

import os
import signal

import pytest

from dsv_git.gitrepo.command import Git
from dsv_git.gitrepo.objects import Objects
from tests.conftest import Repo


@pytest.fixture
def objects(repo: Repo) -> Objects:
    repo.write("a", "1")
    repo.commit("One")
    return Objects(Git(repo.path))


@pytest.mark.parametrize("name", ["@{upstream}", "main@{push}", "nothing", "HEAD:b", "a\nb", ""])
def test_a_name_that_leads_nowhere_spoils_no_later_read(objects: Objects, name: str) -> None:
    for _ in range(3):
        assert objects.read(name) is None
        assert objects.read("HEAD:a") == (objects.resolve("HEAD:a"), "blob", b"1")


def test_a_read_outlives_the_end_of_its_process(objects: Objects) -> None:
    assert objects.resolve("HEAD")
    for number in (signal.SIGKILL, signal.SIGTERM):
        process = objects._process
        assert process is not None
        os.kill(process.pid, number)
        assert objects.blob("HEAD:a") == b"1"
