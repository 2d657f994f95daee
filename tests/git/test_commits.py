"""What an ordinary `git commit` does: data and ID are one commit, nothing else changes."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import Repo
from tests.git.conftest import MORE, count, draft, records, settled, unplug, versions
from tests.manifests import INITIAL


def test_a_commit_of_code_makes_no_other_commit(tracked: Repo) -> None:
    before = count(tracked)
    tracked.write("train.py", "print(2)\n")
    tracked.commit("Code")
    assert count(tracked) == before + 1
    assert versions(tracked) == []


def test_a_root_commit_holds_its_record(repo: Repo) -> None:
    repo.dsv("init")
    draft(repo, "1.0", INITIAL)
    repo.commit("Everything at once")
    assert count(repo) == 1
    assert repo.status == ""
    settled(repo, "1.0")


def test_the_record_names_id_key_and_numbers(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    first, second = (records(tracked)[version] for version in ("1.0", "1.1"))
    assert first["id"] == f"local:{first['key'][:32]}"
    assert second["parents"] == [{"id": first["id"], "manifest": "pets", "version": "1.0"}]
    assert second["stats"] == {
        "files": 4, "bytes": 4, "added": 1, "removed": 0, "modified": 0, "renamed": 0,
        "labels": {"cat": 3, "dog": 1},
    }  # fmt: skip
    settled(tracked, "1.0", "1.1")


def test_commit_all_takes_the_record_into_the_same_commit(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    before = count(tracked)
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.git("commit", "-q", "-a", "-m", "Second")
    assert count(tracked) == before + 1
    assert tracked.status == ""
    settled(tracked, "1.0", "1.1")


def test_a_partial_commit_leaves_the_rest_of_the_same_manifest_uncommitted(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    draft(tracked, "1.1", MORE, parent="1.0")
    path = "manifests/pets/manifest.yaml"
    text = (tracked.path / path).read_text()
    tracked.write(path, text.replace("version: 1.1\n", "version: 1.1\ndescription: more\n"))
    hunks = "y\n" * 10
    tracked.git("add", "manifests/pets/files")
    done = subprocess.run(
        ["git", "commit", "-q", "-p", "-m", "Partly"],
        cwd=tracked.path, env=tracked.env, input=hunks, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tracked.write(path, (tracked.path / path).read_text() + "tags: [later]\n")
    assert tracked.status == " M manifests/pets/manifest.yaml"
    settled(tracked, "1.0", "1.1")
    assert "later" in (tracked.path / path).read_text()


def test_leftovers_of_a_hunk_by_hunk_commit_stay_as_they_were(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.git("add", "manifests")
    list_file = tracked.path / "manifests/pets/files/_.jsonl"
    staged = list_file.read_bytes()
    list_file.write_bytes(staged.splitlines(keepends=True)[0])
    unstaged = list_file.read_bytes()
    tracked.git("commit", "-q", "-m", "What is staged")
    assert list_file.read_bytes() == unstaged
    assert tracked.status == " M manifests/pets/files/_.jsonl"
    assert records(tracked)["1.1"]["stats"]["files"] == 4


def test_commit_only_leaves_other_staged_files_staged(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.git("add", "manifests")
    tracked.write("train.py", "print(3)\n")
    tracked.write("notes.txt", "two\n")
    tracked.git("add", "train.py")
    tracked.git("commit", "-q", "-m", "Data alone", "--only", "--", "manifests")
    assert tracked.status == " M notes.txt\nM  train.py"
    settled(tracked, "1.0")
    tracked.git("commit", "-q", "-m", "Code")
    settled(tracked, "1.0")


def test_author_and_dates_of_the_commit_are_kept(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit(
        "First", "--author=Grace Höpper <grace@example.org>", "--date=2001-02-03T04:05:06+0200",
        env={"GIT_COMMITTER_DATE": "2002-03-04T05:06:07+0100"},
    )  # fmt: skip
    facts = tracked.git("log", "-1", "--format=%an|%ae|%aI|%cn|%cI|%s")
    assert facts == (
        "Grace Höpper|grace@example.org|2001-02-03T04:05:06+02:00|Ada|"
        "2002-03-04T05:06:07+01:00|First"
    )
    settled(tracked, "1.0")


def test_a_message_in_another_encoding_survives_byte_for_byte(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.git("add", "-A")
    message = tracked.path.parent / "message"
    message.write_bytes("Größe\n".encode("latin-1"))
    tracked.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "-F", str(message))
    assert tracked.git("log", "-1", "--format=%s", "--encoding=UTF-8") == "Größe"
    settled(tracked, "1.0")


def test_two_manifests_of_one_commit_are_recorded_in_it(tracked: Repo) -> None:
    from tests.manifests import write_manifest

    write_manifest(tracked, "pets", "1.0", INITIAL)
    write_manifest(tracked, "street/cars", "1.0", {"a.jpg": "9"})
    before = count(tracked)
    tracked.commit("Both")
    assert count(tracked) == before + 1
    settled(tracked, "1.0", name="pets")
    settled(tracked, "1.0", name="street/cars")


def test_untracked_and_modified_files_of_the_user_are_untouched(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.git("add", "manifests")
    tracked.write("notes.txt", "mine\n")
    tracked.write("new file.txt", "mine too\n")
    tracked.git("commit", "-q", "-m", "Data")
    assert tracked.status == ' M notes.txt\n?? "new file.txt"'
    assert (tracked.path / "notes.txt").read_text() == "mine\n"


def test_a_description_alone_makes_no_new_version(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    before = records(tracked)
    path = "manifests/pets/manifest.yaml"
    tracked.write(path, (tracked.path / path).read_text() + "description: better words\n")
    tracked.commit("Words")
    assert records(tracked) == before
    settled(tracked, "1.0")


def test_the_kept_tree_of_a_version_holds_its_lists(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    key = records(tracked)["1.0"]["key"]
    kept = tracked.git("rev-parse", f"refs/dsv/{key}:files")
    assert kept == tracked.git("rev-parse", "HEAD:manifests/pets/files")


def test_writeback_commit_makes_a_commit_that_follows(tracked: Repo) -> None:
    tracked.write(".dsv.yaml", "registry: local\nwriteback: commit\n")
    tracked.commit("Configure")
    before = count(tracked)
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First", "--author=Grace <grace@example.org>")
    assert count(tracked) == before + 2
    assert tracked.git("log", "-1", "--format=%an %s").startswith(
        "Ada Record data versions pets@1.0"
    )
    assert tracked.status == ""
    settled(tracked, "1.0")


def test_writeback_stage_leaves_the_record_for_the_next_commit(tracked: Repo) -> None:
    tracked.write(".dsv.yaml", "registry: local\nwriteback: stage\n")
    tracked.commit("Configure")
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    assert tracked.status == "A  manifests/pets/versions/1.0.json"
    tracked.git("commit", "-q", "-m", "The record")
    settled(tracked, "1.0")


def test_writeback_none_writes_nothing_into_git(tracked: Repo) -> None:
    tracked.write(".dsv.yaml", "registry: local\nwriteback: none\n")
    tracked.commit("Configure")
    draft(tracked, "1.0", INITIAL)
    before = count(tracked)
    done = tracked.run("git", "add", "-A")
    done = tracked.run("git", "commit", "-m", "First")
    assert "pets@1.0 = local:" in done.stderr
    assert (count(tracked), tracked.status, versions(tracked)) == (before + 1, "", [])


def test_a_branch_outside_register_branches_registers_nothing(tracked: Repo) -> None:
    tracked.write(".dsv.yaml", 'registry: local\nregister: {branches: [main, "release/*"]}\n')
    tracked.commit("Configure")
    tracked.git("switch", "-q", "-c", "try")
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    assert versions(tracked) == []
    tracked.git("switch", "-q", "-c", "release/1")
    tracked.dsv("sync")
    assert versions(tracked) == ["1.0"]


def test_a_broken_manifest_never_fails_the_commit_and_is_said_in_one_line(tracked: Repo) -> None:
    tracked.write("manifests/pets/manifest.yaml", "format: 1\nverson: 1.0\ndata: {root: x}\n")
    tracked.git("add", "-A")
    done = tracked.run("git", "commit", "--no-verify", "-m", "Broken")
    said = [line for line in done.stderr.splitlines() if "stays pending" in line]
    assert len(said) == 1
    assert "manifests/pets/manifest.yaml:2: unknown key 'verson'" in done.stderr
    assert versions(tracked) == []


def test_hooks_start_no_python_for_a_commit_of_code(tracked: Repo) -> None:
    unplug(tracked)
    tracked.write("train.py", "print(4)\n")
    tracked.git("add", "-A")
    done = tracked.run("git", "commit", "-m", "Code", env={"PATH": tracked.env["PATH"]})
    assert "dsv" not in done.stderr
    assert sys.executable


def test_a_new_list_that_commit_all_leaves_out_is_said(tracked: Repo) -> None:
    from dsv_git.manifest.layout import Layout
    from tests.manifests import write_manifest

    write_manifest(tracked, "pets", "1.0", INITIAL, layout=Layout(2))
    tracked.commit("First")
    more = {**INITIAL, "train/bird/z.jpg": "9"}
    write_manifest(tracked, "pets", "1.1", more, ["pets@1.0"], layout=Layout(2))
    done = tracked.run("git", "commit", "-a", "-m", "Without the new list")
    assert "manifests/pets/files/train/bird.jsonl is not in the commit" in done.stderr
    tracked.git("add", "-A")
    done = tracked.run("git", "commit", "--amend", "--no-edit")
    assert "is not in the commit" not in done.stderr
    assert records(tracked)["1.1"]["stats"]["files"] == 4
    settled(tracked, "1.0", "1.1")
