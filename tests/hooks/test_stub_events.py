"""Which events of git start dsv, and which leave it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.hooks.conftest import Hooked

CHECK = "check --staged --before-message"
COMMIT = "hook post-commit"
MERGE = "hook post-merge 0"
REWRITE = "hook post-rewrite rebase"
PATCH = "hook post-applypatch"


def branch(hooked: Hooked, name: str = "side") -> None:
    """Starts a branch whose commits are recorded from now on."""
    hooked.repo.git("checkout", "-q", "-b", name)


def back(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "main")
    hooked.starts()


def test_a_root_commit_with_data_is_checked_and_registered(bare: Hooked) -> None:
    bare.install()
    bare.data("1")
    assert bare.commands() == [CHECK, COMMIT]


def test_commits_of_code_and_empty_ones_start_nothing(hooked: Hooked) -> None:
    hooked.code("more")
    hooked.repo.git("commit", "-q", "--allow-empty", "-m", "Empty")
    assert hooked.commands() == []


def test_a_commit_with_data_is_checked_and_registered(hooked: Hooked) -> None:
    hooked.data("1")
    assert hooked.commands() == [CHECK, COMMIT]


def test_a_commit_that_deletes_a_manifest_is_seen(hooked: Hooked) -> None:
    hooked.data("1")
    hooked.starts()
    hooked.repo.git("rm", "-q", "-r", "manifests")
    hooked.repo.git("commit", "-q", "-m", "Drop")
    assert hooked.commands() == [CHECK, COMMIT]


def test_an_amended_message_of_data_is_registered_once(hooked: Hooked) -> None:
    hooked.data("1")
    hooked.starts()
    hooked.repo.git("commit", "-q", "--amend", "-m", "Better words")
    assert hooked.commands() == [COMMIT]


def test_code_amended_into_a_commit_of_data_registers_it_under_its_new_name(hooked: Hooked) -> None:
    hooked.data("1")
    hooked.repo.write("train.py", "print('amended')\n")
    hooked.repo.git("add", "train.py")
    hooked.starts()
    hooked.repo.git("commit", "-q", "--amend", "--no-edit")
    assert hooked.commands() == [COMMIT]


def test_an_amend_in_the_middle_of_a_rebase_waits_for_its_end(hooked: Hooked) -> None:
    hooked.data("1")
    hooked.code("2")
    hooked.starts()
    edit = {"GIT_SEQUENCE_EDITOR": "sed -i.bak -e '1s/pick/edit/'"}
    hooked.repo.git("rebase", "-q", "-i", "HEAD~2", env=edit)
    hooked.repo.git("commit", "-q", "--amend", "-m", "Better words")
    assert hooked.commands() == []
    hooked.repo.git("rebase", "--continue")
    assert hooked.commands() == [REWRITE]


def test_a_manifest_that_another_hook_stages_after_ours_is_seen(hooked: Hooked) -> None:
    """As a formatter does that adds what it changed."""
    ours = hooked.hooks / "pre-commit"
    ours.write_text(ours.read_text() + "sleep 0.1\ngit add manifests\n")
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.write("train.py", "print('more')\n")
    hooked.repo.git("add", "train.py")
    hooked.repo.git("commit", "-q", "-m", "Code, and what the hook adds")
    assert [one.command.split(" /")[0] for one in hooked.starts()] == [
        "hook commit-msg .git/COMMIT_EDITMSG",
        COMMIT,
    ]


def test_the_hooks_of_a_commit_of_code_start_git_once(
    hooked: Hooked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"
    hooked.repo.write("train.py", "print('more')\n")
    hooked.repo.git("add", "train.py")
    hooked.repo.git("commit", "-q", "-m", "Code", env={"GIT_TRACE2_EVENT": str(trace)})
    started = [line for line in trace.read_text().splitlines() if '"event":"start"' in line]
    ours = [line for line in started if "--literal-pathspecs" in line]
    assert len(ours) == 1


def test_an_amended_commit_of_code_starts_nothing(hooked: Hooked) -> None:
    hooked.code("more")
    hooked.repo.git("commit", "-q", "--amend", "-m", "Better words")
    assert hooked.commands() == []


def test_a_failing_check_stops_the_commit_and_no_verify_passes_it(hooked: Hooked) -> None:
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A")
    failing = {"DSV_CODE": "1"}
    hooked.repo.run("git", "commit", "-qm", "Data", code=1, env=failing)
    hooked.repo.git("commit", "-qm", "Data", "--no-verify", env=failing)
    assert hooked.commands() == [CHECK, COMMIT]


def test_hooks_see_the_top_folder_and_the_index_of_a_partial_commit(hooked: Hooked) -> None:
    hooked.data("1")
    hooked.starts()
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '2'\n")
    hooked.repo.run("git", "-C", "manifests/pets", "commit", "-qm", "Part", "manifest.yaml")
    check, message, commit = hooked.starts()
    assert {check.folder, message.folder, commit.folder} == {str(hooked.repo.path)}
    assert "next-index" in check.index
    assert message.index == check.index
    assert commit.index


def test_an_index_that_the_user_chose_is_passed_on(hooked: Hooked, tmp_path: Path) -> None:
    index = {"GIT_INDEX_FILE": str(tmp_path / "their index")}
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A", env=index)
    hooked.repo.git("commit", "-qm", "Data", env=index)
    assert [start.index for start in hooked.starts()] == [index["GIT_INDEX_FILE"]] * 3


def test_the_message_is_checked_where_data_changes_and_there_alone(hooked: Hooked) -> None:
    hooked.data("1")
    message = "hook commit-msg .git/COMMIT_EDITMSG"
    assert [start.command for start in hooked.starts()] == [CHECK, message, COMMIT]
    hooked.code("2")
    hooked.repo.git("commit", "-qm", "Nothing", "--allow-empty")
    assert hooked.starts() == []


def test_a_merge_commit_with_data_is_checked_and_registered(hooked: Hooked) -> None:
    branch(hooked)
    hooked.data("1")
    back(hooked)
    hooked.repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert hooked.commands() == [CHECK, MERGE]


def test_a_merge_commit_of_code_starts_nothing(hooked: Hooked) -> None:
    branch(hooked)
    hooked.other("a")
    back(hooked)
    hooked.repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert hooked.commands() == []


@pytest.mark.parametrize("undone", [False, True], ids=["kept", "taken back before the end"])
def test_a_fast_forward_over_data_is_registered(hooked: Hooked, undone: bool) -> None:
    branch(hooked)
    hooked.data("1")
    if undone:
        hooked.repo.git("revert", "--no-edit", "HEAD")
    hooked.other("a")
    back(hooked)
    hooked.repo.git("merge", "-q", "--ff-only", "side")
    assert hooked.commands() == [MERGE]


def test_a_fast_forward_over_code_starts_nothing(hooked: Hooked) -> None:
    branch(hooked)
    hooked.other("a")
    back(hooked)
    hooked.repo.git("merge", "-q", "--ff-only", "side")
    assert hooked.commands() == []


def test_a_fast_forward_over_data_that_a_merge_discarded_is_registered(hooked: Hooked) -> None:
    branch(hooked, "dropped")
    hooked.data("1")
    back(hooked)
    branch(hooked)
    hooked.other("a")
    hooked.repo.git("merge", "-q", "-s", "ours", "-m", "Drop", "dropped")
    back(hooked)
    hooked.repo.git("merge", "-q", "--ff-only", "side")
    assert hooked.commands() == [MERGE]


def test_a_squash_merge_waits_for_its_commit(hooked: Hooked) -> None:
    branch(hooked)
    hooked.data("1")
    back(hooked)
    hooked.pending.touch()
    hooked.repo.git("merge", "-q", "--squash", "side")
    assert hooked.commands() == []
    hooked.repo.git("commit", "-q", "-m", "Squashed")
    assert hooked.commands() == [CHECK, COMMIT]


@pytest.mark.parametrize("side", ["theirs", "ours"])
def test_a_merge_that_a_person_concludes_is_checked_whichever_side_won(
    hooked: Hooked, side: str
) -> None:
    hooked.data("1")
    branch(hooked)
    hooked.data("2-side")
    back(hooked)
    hooked.data("2-main")
    hooked.starts()
    hooked.repo.run("git", "merge", "-q", "side", code=1)
    hooked.repo.git("checkout", f"--{side}", "manifests")
    hooked.repo.git("add", "manifests")
    hooked.repo.git("commit", "-q", "--no-edit")
    assert hooked.commands() == [CHECK, *([COMMIT] if side == "theirs" else [])]


def clone(hooked: Hooked, tmp_path: Path) -> Repo:
    """A colleague's clone of a shared repository that `hooked` pulls from."""
    shared = tmp_path / "shared.git"
    hooked.repo.git("clone", "-q", "--bare", ".", str(shared))
    hooked.repo.git("remote", "add", "origin", str(shared))
    hooked.repo.git("fetch", "-q", "origin")
    hooked.repo.git("branch", "-q", "--set-upstream-to=origin/main", "main")
    hooked.repo.git("clone", "-q", str(shared), str(tmp_path / "colleague"))
    colleague = Repo(tmp_path / "colleague", hooked.repo.env)
    colleague.git("config", "user.name", "Bob")
    colleague.git("config", "user.email", "bob@example.org")
    return colleague


def test_pulling_what_a_remote_branch_holds_starts_nothing(hooked: Hooked, tmp_path: Path) -> None:
    colleague = clone(hooked, tmp_path)
    Hooked(colleague, hooked.recorder, hooked.log).data("1")
    colleague.git("push", "-q", "origin", "main")
    hooked.repo.git("pull", "-q")
    assert (hooked.repo.path / "manifests").exists()
    assert hooked.commands() == []


def test_pulling_with_no_remote_branch_of_it_registers(hooked: Hooked, tmp_path: Path) -> None:
    colleague = clone(hooked, tmp_path)
    Hooked(colleague, hooked.recorder, hooked.log).data("1")
    hooked.repo.git("pull", "-q", str(colleague.path), "main")
    assert hooked.commands() == [MERGE]


def test_a_pull_that_merges_both_sides_data_registers_the_merge(
    hooked: Hooked, tmp_path: Path
) -> None:
    colleague = clone(hooked, tmp_path)
    Hooked(colleague, hooked.recorder, hooked.log).data("1")
    colleague.git("push", "-q", "origin", "main")
    hooked.repo.write("manifests/cars/manifest.yaml", "version: '1'\n")
    hooked.repo.commit("Cars")
    hooked.starts()
    hooked.repo.git("pull", "-q", "--no-rebase", "--no-edit")
    assert hooked.commands() == [CHECK, MERGE]


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_a_rebase_of_data_is_registered_once_at_its_end(hooked: Hooked, backend: str) -> None:
    branch(hooked)
    hooked.data("1")
    hooked.data("2")
    hooked.other("a")
    back(hooked)
    hooked.other("b")
    hooked.repo.git("checkout", "-q", "side")
    hooked.repo.git("rebase", "-q", backend, "main")
    assert hooked.commands() == [REWRITE]


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_a_rebase_of_code_starts_nothing(hooked: Hooked, backend: str) -> None:
    branch(hooked)
    hooked.other("a")
    back(hooked)
    hooked.other("b")
    hooked.repo.git("checkout", "-q", "side")
    hooked.repo.git("rebase", "-q", backend, "main")
    assert hooked.commands() == []


def test_a_rebase_that_a_person_gives_up_is_registered_by_the_next_commit(hooked: Hooked) -> None:
    branch(hooked)
    hooked.data("1")
    hooked.code("side")
    back(hooked)
    hooked.code("main")
    hooked.repo.git("checkout", "-q", "side")
    hooked.repo.run("git", "rebase", "-q", "main", code=1)
    hooked.repo.git("rebase", "--quit")
    hooked.repo.git("reset", "-q", "--hard")
    assert hooked.commands() == []
    hooked.other("a")
    assert hooked.commands() == [COMMIT]


def patches(hooked: Hooked, tmp_path: Path) -> list[str]:
    """Mailed patches of the branch `side`."""
    folder = tmp_path / "mail"
    hooked.repo.git("format-patch", "-q", "-o", str(folder), "main..side")
    return sorted(str(path) for path in folder.iterdir())


def test_mailed_patches_are_registered_once_after_the_last(hooked: Hooked, tmp_path: Path) -> None:
    branch(hooked)
    hooked.data("1")
    hooked.other("a")
    hooked.other("b")
    back(hooked)
    hooked.repo.git("am", "-q", *patches(hooked, tmp_path))
    assert hooked.commands() == [PATCH]


def test_mailed_code_starts_nothing(hooked: Hooked, tmp_path: Path) -> None:
    branch(hooked)
    hooked.other("a")
    back(hooked)
    hooked.repo.git("am", "-q", *patches(hooked, tmp_path))
    assert hooked.commands() == []


def test_mailed_data_before_a_skipped_last_patch_is_registered_by_the_next_commit(
    hooked: Hooked, tmp_path: Path
) -> None:
    branch(hooked)
    hooked.data("1")
    hooked.code("side")
    back(hooked)
    hooked.code("main")
    hooked.repo.run("git", "am", "-q", *patches(hooked, tmp_path), code=128)
    hooked.repo.git("am", "--skip")
    assert hooked.commands() == []
    hooked.other("a")
    assert hooked.commands() == [COMMIT]


def test_cherry_picks_and_reverts_of_data_are_registered(hooked: Hooked) -> None:
    branch(hooked)
    hooked.data("1")
    back(hooked)
    hooked.repo.git("cherry-pick", "side")
    hooked.repo.git("revert", "--no-edit", "HEAD")
    assert hooked.commands() == [COMMIT, COMMIT]


def test_cherry_picks_and_reverts_of_code_start_nothing(hooked: Hooked) -> None:
    branch(hooked)
    hooked.other("a")
    back(hooked)
    hooked.repo.git("cherry-pick", "side")
    hooked.repo.git("revert", "--no-edit", "HEAD")
    assert hooked.commands() == []


def test_a_squash_is_checked_though_all_that_it_did_to_the_data_was_taken_out(
    hooked: Hooked,
) -> None:
    repo = hooked.repo
    for name, change in (("data", hooked.data), ("code", hooked.code)):
        repo.git("switch", "-q", "-c", name, "main")
        change("1")
    repo.git("switch", "-q", "main")
    hooked.commands()
    repo.git("merge", "-q", "--squash", "code")
    repo.git("commit", "-q", "--no-edit")
    assert hooked.commands() == []
    repo.git("merge", "-q", "--squash", "data")
    repo.git("rm", "-q", "-rf", "manifests")
    hooked.other("instead")
    assert CHECK in hooked.commands()
