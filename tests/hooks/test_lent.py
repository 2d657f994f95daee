"""prepare-commit-msg is in the hooks folder only while a commit needs it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dsv_git.gitrepo.hook_proof import stale_hooks
from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.gitrepo.hook_stubs import block, stub
from dsv_git.gitrepo.hooks import HookAction
from tests.conftest import Repo
from tests.hooks.conftest import Hooked

NAME = "prepare-commit-msg"
TOLD = f"hook {NAME} .git/COMMIT_EDITMSG"


@pytest.fixture
def edited(hooked: Hooked, tmp_path: Path) -> Hooked:
    """An editor that notes whether the hook is there, and writes what SUBJECT says."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nls .git/hooks >"$HOME/there"\nprintf "$SUBJECT" >"$1"\n')
    editor.chmod(0o755)
    hooked.repo.env |= {"GIT_EDITOR": f"'{editor}'", "SUBJECT": "Words", "HOME": str(tmp_path)}
    return hooked


def lies_there(hooked: Hooked) -> bool:
    return (hooked.hooks / NAME).exists()


def stage(hooked: Hooked, path: str = "manifests/pets/manifest.yaml") -> None:
    hooked.repo.write(path, f"version: '{len(hooked.repo.git('rev-list', '--all'))}'\n")
    hooked.repo.git("add", "-A")


def test_a_commit_of_data_in_an_editor_borrows_it(edited: Hooked, tmp_path: Path) -> None:
    assert not lies_there(edited)
    for _ in range(2):
        stage(edited)
        edited.repo.git("commit")
        assert TOLD in edited.commands()
        assert NAME not in (tmp_path / "there").read_text()  # it took itself away
        assert not lies_there(edited)


def linked(edited: Hooked) -> Repo:
    """A linked working tree of the repository."""
    edited.repo.git("worktree", "add", "-q", "../linked")
    return replace(edited.repo, path=edited.repo.path.parent / "linked")


def test_beside_linked_working_trees_it_stays_until_the_last_is_gone(edited: Hooked) -> None:
    tree = linked(edited)
    tree.write("manifests/more.txt", "more")
    tree.git("add", "-A")
    tree.git("commit")
    assert any(f"hook {NAME} " in command for command in edited.commands())
    edited.install()
    assert lies_there(edited)
    edited.repo.git("worktree", "remove", "../linked")
    edited.code("more")
    assert not lies_there(edited)


def test_working_trees_that_commit_at_once_take_nothing_from_each_other(edited: Hooked) -> None:
    trees = [edited.repo, linked(edited)]

    def commits(tree: Repo) -> None:
        for number in range(12):
            tree.write("manifests/pets/more.txt", f"{tree.path.name} {number}\n")
            tree.git("add", "-A")
            tree.git("commit", "-q")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(commits, trees))
    assert [int(tree.git("rev-list", "--count", "HEAD")) for tree in trees] == [13, 13]


@pytest.mark.parametrize(
    ("path", "options"),
    [("manifests/pets/manifest.yaml", ["-m", "x"]), ("train.py", []), ("train.py", ["-m", "x"])],
)
def test_no_other_commit_does(edited: Hooked, path: str, options: list[str]) -> None:
    stage(edited, path)
    edited.repo.git("commit", *options)
    assert TOLD not in edited.commands()
    assert not lies_there(edited)


@pytest.mark.parametrize("options", [["--amend"], ["-e", "-m", "x"], []])
def test_nothing_is_left_of_a_commit_that_needed_none_or_was_given_up(
    edited: Hooked, options: list[str]
) -> None:
    edited.code("more")
    stage(edited)
    edited.repo.run("git", "commit", *options, code=1, env={"SUBJECT": ""})
    assert not lies_there(edited)


def test_a_refused_commit_borrows_nothing(edited: Hooked) -> None:
    stage(edited)
    edited.repo.run("git", "commit", code=1, env={"DSV_CODE": "1"})
    assert not lies_there(edited)


def test_a_commit_that_a_persons_own_check_refused_leaves_one_to_the_next(edited: Hooked) -> None:
    place = edited.hooks / "pre-commit"
    ours = place.read_bytes()
    place.write_bytes(ours + b"exit 1\n")
    stage(edited)
    edited.repo.run("git", "commit", code=1)
    assert lies_there(edited)
    place.write_bytes(ours)
    edited.repo.git("commit", "-m", "Words")
    assert not lies_there(edited)


def test_a_persons_hook_is_never_taken_for_the_one_that_was_lent(edited: Hooked) -> None:
    program = edited.repository.state_dir / "lent" / NAME
    shutil.copy(program, edited.hooks / NAME)
    (edited.hooks / NAME).write_text("#!/bin/sh\n")  # as an editor writes, in place
    edited.repo.run("sh", str(program), ".git/COMMIT_EDITMSG")
    assert (edited.hooks / NAME).read_text() == "#!/bin/sh\n"
    assert program.read_bytes() == stub(NAME)


def test_where_a_persons_pre_commit_runs_the_check_it_is_installed_for_good(bare: Hooked) -> None:
    bare.hooks.mkdir()
    (bare.hooks / "pre-commit").write_text("#!/bin/sh\ndsv check --staged\n")
    (bare.hooks / "pre-commit").chmod(0o755)
    assert bare.install()[NAME].action is HookAction.INSTALLED
    assert lies_there(bare)
    assert bare.install()[NAME].action is HookAction.UNCHANGED
    assert missing_hooks(bare.repository) == ()


def test_the_pre_commit_framework_that_came_later_keeps_ours_lending(edited: Hooked) -> None:
    place = edited.hooks / "pre-commit"
    place.rename(place.with_name("pre-commit.legacy"))
    place.write_text(
        "#!/bin/sh\n# File generated by pre-commit\nexec .git/hooks/pre-commit.legacy\n"
    )
    place.chmod(0o755)
    assert edited.install()[NAME].action is HookAction.UNCHANGED
    stage(edited)
    edited.repo.git("commit")
    assert TOLD in edited.commands()


def test_what_is_no_file_at_its_place_is_told_as_a_missing_hook(edited: Hooked) -> None:
    (edited.hooks / NAME).mkdir()
    assert missing_hooks(edited.repository) == (NAME,)
    assert stale_hooks(edited.repository) == ()
    assert edited.install()[NAME].action is HookAction.REFUSED


def test_one_that_a_killed_git_left_goes_with_the_next_commit(edited: Hooked) -> None:
    (edited.hooks / NAME).write_bytes(stub(NAME))
    (edited.hooks / NAME).chmod(0o755)
    edited.code("more")
    assert not lies_there(edited)


def test_one_that_a_killed_git_left_goes_with_dsv_init_and_with_uninstall(edited: Hooked) -> None:
    for way in (edited.install, edited.uninstall):
        (edited.hooks / NAME).write_bytes(stub(NAME))
        way()
        assert not lies_there(edited)


def test_beside_a_persons_own_it_stays_and_dsv_init_is_asked_for(edited: Hooked) -> None:
    own = b"#!/bin/sh\necho mine >>mine.log\n"
    (edited.hooks / NAME).write_bytes(own)
    (edited.hooks / NAME).chmod(0o755)
    assert missing_hooks(edited.repository) == (NAME,)
    assert edited.install()[NAME].action is HookAction.ADDED
    assert missing_hooks(edited.repository) == ()
    assert edited.install()[NAME].action is HookAction.UNCHANGED
    stage(edited)
    edited.repo.git("commit")
    assert TOLD in edited.commands()
    assert block(NAME) in (edited.hooks / NAME).read_bytes()
    assert (edited.repo.path / "mine.log").read_text() == "mine\n"
    edited.uninstall()
    assert (edited.hooks / NAME).read_bytes() == own


def test_where_the_hooks_folder_is_not_the_clones_it_is_installed_as_the_others(
    bare: Hooked,
) -> None:
    bare.repo.git("config", "core.hooksPath", ".githooks")
    assert bare.install()[NAME].action is HookAction.INSTALLED
    assert (bare.repo.path / ".githooks" / NAME).is_file()
    assert missing_hooks(bare.repository) == ()


def test_a_program_that_is_gone_or_damaged_is_told(edited: Hooked) -> None:
    program = edited.repository.state_dir / "lent" / NAME
    program.write_bytes(b"#!/bin/sh\n")
    assert stale_hooks(edited.repository) == (NAME,)
    assert missing_hooks(edited.repository) == (NAME,)
    program.unlink()
    assert missing_hooks(edited.repository) == (NAME,)
    assert edited.install()[NAME].action is HookAction.LENT
    assert missing_hooks(edited.repository) == ()
    assert edited.install()[NAME].action is HookAction.UNCHANGED


def test_uninstall_leaves_nothing_of_it(edited: Hooked) -> None:
    assert NAME in {outcome.name for outcome in edited.uninstall()}
    assert not (edited.repository.state_dir / "lent").exists()
