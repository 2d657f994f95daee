"""What is said of a git that failed."""

from __future__ import annotations

import pytest

from dsv_git.gitrepo.command import Git, GitFailed, telling_line
from tests.conftest import Repo, new_repo

REJECTED = """\
To ../origin.git
 ! [rejected]        main -> main (fetch first)
error: failed to push some refs to '../origin.git'
hint: Updates were rejected because the remote contains work that you do not
hint: have locally.
"""


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        (REJECTED, "! [rejected] main -> main (fetch first)"),
        (
            "fatal: Could not read from remote repository.\n\nPlease make sure you have access\n",
            "fatal: Could not read from remote repository.",
        ),
        (
            "error: gpg failed to sign the data:\n[GNUPG:] x\n\nfatal: failed to write commit\n",
            "error: gpg failed to sign the data:",
        ),
        ("a word\nhint: do this\n", "a word"),
        ("hint: do this\n", "hint: do this"),
        ("\n", ""),
    ],
)
def test_the_telling_line(stderr: str, line: str) -> None:
    assert telling_line(stderr) == line


def test_a_push_that_lost_a_race_says_what_was_rejected(repo: Repo) -> None:
    repo.write("a", "1")
    repo.commit("One")
    repo.git("init", "-q", "--bare", "../origin.git")
    repo.git("push", "-q", "../origin.git", "main")
    other = new_repo(repo.path.parent / "other", repo.path.parent / "home")
    other.write("b", "2")
    other.commit("Two")
    with pytest.raises(GitFailed, match=r"git push: ! \[rejected\] main -> main"):
        Git(other.path).run("push", "../origin.git", "main")


def test_no_words_are_the_exit_code() -> None:
    assert str(GitFailed(("diff",), 1, "")) == "git diff: exit code 1"
