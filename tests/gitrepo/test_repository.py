"""A repository's configuration, as git reads it."""

from __future__ import annotations

import pytest

from dsv_git.gitrepo.repository import Repository
from tests.conftest import Repo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dsv.python", "/usr/bin/python3"),
        ("dsv.Two Words/é.root", "/mnt/a b\nc"),
        ("dsv.a.b/c.d.root", "~/data"),
        ("core.CommentChar", ";"),
        ("dsv.empty.root", ""),
    ],
)
def test_a_value_is_the_one_that_git_gives(repo: Repo, name: str, value: str) -> None:
    repo.git("config", name, value)
    found = Repository.discover(repo.path)
    assert found.config(name) == value
    assert found.config(name.upper() if name.count(".") == 1 else name) == value


def test_the_last_of_several_values_counts(repo: Repo) -> None:
    repo.git("config", "--add", "dsv.pets.root", "/one")
    repo.git("config", "--add", "dsv.pets.root", "/two")
    assert Repository.discover(repo.path).config("dsv.pets.root") == "/two"


def test_the_case_of_a_manifest_s_name_counts(repo: Repo) -> None:
    repo.git("config", "dsv.Pets.root", "/upper")
    found = Repository.discover(repo.path)
    assert found.config("dsv.Pets.root") == "/upper"
    assert found.config("dsv.pets.root") is None


def test_what_is_set_and_unset_here_is_seen_at_once(repo: Repo) -> None:
    found = Repository.discover(repo.path)
    assert found.config("dsv.python") is None
    found.set_config("dsv.python", "/usr/bin/python3")
    assert found.config("dsv.python") == "/usr/bin/python3"
    found.unset_config("dsv.python")
    assert found.config("dsv.python") is None


def test_an_unset_value_is_none(repo: Repo) -> None:
    assert Repository.discover(repo.path).config("dsv.nothing.root") is None
