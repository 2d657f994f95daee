"""The stubs in linked working trees, separate git directories and other people's folders."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import Repo, new_repo
from tests.hooks.conftest import Hooked

CHECK = "check --staged --before-message"
COMMIT = "hook post-commit"


def test_a_linked_working_tree_shares_hooks_and_the_pending_mark(
    hooked: Hooked, tmp_path: Path
) -> None:
    tree = tmp_path / "second tree"
    hooked.repo.git("worktree", "add", "-q", "-b", "side", str(tree))
    second = Hooked(Repo(tree, hooked.repo.env), hooked.recorder, hooked.log)
    second.other("a")
    assert second.commands() == []
    second.data("1")
    check, message, commit = second.starts()
    assert (check.command, commit.command) == (CHECK, COMMIT)
    assert message.command.startswith("hook commit-msg /")
    assert check.folder == commit.folder == str(tree)
    hooked.pending.parent.mkdir(exist_ok=True)
    hooked.pending.touch()
    second.other("b")
    assert second.commands() == [COMMIT]
    assert not hooked.pending.exists()


def test_a_rebase_in_a_linked_working_tree_is_registered_at_its_end(
    hooked: Hooked, tmp_path: Path
) -> None:
    tree = tmp_path / "second tree"
    hooked.repo.git("worktree", "add", "-q", "-b", "side", str(tree))
    second = Hooked(Repo(tree, hooked.repo.env), hooked.recorder, hooked.log)
    second.data("1")
    hooked.other("a")
    second.starts()
    second.repo.git("rebase", "-q", "main")
    assert second.commands() == ["hook post-rewrite rebase"]


def test_a_git_directory_that_is_elsewhere_is_found(bare: Hooked, tmp_path: Path) -> None:
    bare.repo.git("init", "-q", "--separate-git-dir", str(tmp_path / "kept apart"))
    bare.install()
    bare.data("1")
    assert bare.commands() == [CHECK, COMMIT]
    (tmp_path / "kept apart/dsv/pending").touch()
    bare.other("a")
    assert bare.commands() == [COMMIT]


def test_a_submodule_is_a_repository_of_its_own(bare: Hooked, tmp_path: Path) -> None:
    inner = new_repo(tmp_path / "inner", tmp_path / "home")
    inner.git("commit", "-q", "--allow-empty", "-m", "Start")
    bare.repo.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "m"
    )
    module = Repo(bare.repo.path / "m", bare.repo.env)
    module.git("config", "user.name", "Ada")
    module.git("config", "user.email", "ada@example.org")
    module.write(".dsv.yaml", "registry: local\n")
    hooked = Hooked(module, bare.recorder, bare.log)
    hooked.install()
    hooked.data("1")
    assert hooked.commands() == [CHECK, COMMIT]


def test_a_branch_without_dsv_is_left_alone(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "--orphan", "pages")
    hooked.repo.git("rm", "-q", "-r", "-f", ".")
    hooked.data("1")
    assert hooked.commands() == []
    hooked.repo.git("checkout", "-q", "main")
    hooked.data("1")
    assert hooked.commands() == [CHECK, COMMIT]


@pytest.mark.parametrize("folder", [".githooks", "tools/git hooks"])
def test_a_committed_hooks_folder_gets_our_hooks(bare: Hooked, folder: str) -> None:
    bare.repo.git("config", "core.hooksPath", folder)
    outcomes = bare.install()
    assert "commit it" in str(outcomes["post-commit"])
    assert not bare.hooks.exists()
    bare.data("1")
    assert bare.commands() == [CHECK, COMMIT]
    for path in (bare.repo.path / folder).iterdir():
        assert str(bare.repo.path).encode() not in path.read_bytes()


def test_a_committed_hook_is_quiet_in_a_clone_without_dsv(bare: Hooked, tmp_path: Path) -> None:
    bare.repo.git("config", "core.hooksPath", ".githooks")
    bare.install()
    bare.data("1")
    bare.repo.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", bare.repo.env)
    clone.git("config", "core.hooksPath", ".githooks")
    clone.write("manifests/pets/manifest.yaml", "version: '2'\n")
    done = clone.run("git", "-c", "user.name=B", "-c", "user.email=b@c", "commit", "-qam", "x")
    assert done.stderr == ""


def test_a_shared_hooks_folder_does_nothing_in_other_repositories(
    bare: Hooked, tmp_path: Path
) -> None:
    shared = tmp_path / "my hooks"
    bare.repo.git("config", "--global", "core.hooksPath", str(shared))
    outcomes = bare.install()
    assert outcomes["post-commit"].path == shared / "post-commit"
    assert "other repositories share" in str(outcomes["post-commit"])
    bare.data("1")
    assert bare.commands() == [CHECK, COMMIT]
    other = Hooked(new_repo(tmp_path / "other", tmp_path / "home"), bare.recorder, bare.log)
    other.data("1")
    assert other.commands() == []


def test_while_something_is_pending_any_commit_starts_dsv(hooked: Hooked) -> None:
    hooked.pending.parent.mkdir(exist_ok=True)
    hooked.pending.touch()
    hooked.code("more")
    assert hooked.commands() == [COMMIT]
    hooked.code("again")
    assert hooked.commands() == []


def test_hooks_stay_quiet_until_the_time_in_the_mark_unless_data_changes(hooked: Hooked) -> None:
    hooked.pending.parent.mkdir(exist_ok=True)
    hooked.pending.write_text(f"{int(time.time()) + 600}\n")
    hooked.code("more")
    assert hooked.commands() == []
    hooked.data("1")
    assert hooked.commands() == [CHECK, COMMIT]
    hooked.pending.write_text(f"{int(time.time()) - 1}\n")
    hooked.code("again")
    assert hooked.commands() == [COMMIT]


def test_a_start_that_did_not_finish_is_tried_again_by_the_next_commit(hooked: Hooked) -> None:
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.commit("Data", env={"DSV_KEEP": "1"})
    assert hooked.commands() == [CHECK, COMMIT]
    hooked.code("more")
    assert hooked.commands() == [COMMIT]


def test_a_registration_that_fails_never_fails_git(hooked: Hooked) -> None:
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A")
    hooked.repo.git("commit", "-qm", "Data", "--no-verify", env={"DSV_CODE": "3"})
    hooked.repo.git("commit", "-q", "--amend", "-m", "Data", "--no-verify", env={"DSV_CODE": "3"})
    assert hooked.commands() == [COMMIT, COMMIT]
