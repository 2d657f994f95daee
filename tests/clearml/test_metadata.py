"""What is said of a version may change: ClearML is told, under the same ID."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.clearml.reading import Json, Version
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo

SAID = """\
description: first words
tags: [raw, small]
properties:
  source: https://example.org/pets
  script: scripts/fetch.py
reports:
  tables: [reports/classes.csv]
"""
CHANGED = """\
description: other words
tags: [small, checked]
properties:
  source: https://example.org/other
  licence: CC0
reports:
  tables: [reports/classes.csv]
"""


def declare(repo: Repo, said: str, before: str = "", name: str = "pets") -> None:
    """Writes what is said of the version into `manifest.yaml`."""
    place = repo.path / f"manifests/{name}/manifest.yaml"
    text = place.read_text()
    assert before in text
    place.write_text(text.replace(before, "") + said)


def new_set(repo: Repo, name: str) -> None:
    """A new manifest of one file."""
    repo.write(f"data/{name}/a.txt", f"content of {name}")
    repo.dsv("add", f"data/{name}", "--name", name)


def at_head(repo: Repo, server: ClearMLServer, name: str = "pets", version: str = "1.0") -> Version:
    return Version(server, repo.path, repo.git("rev-parse", "HEAD"), name, version)


@pytest.fixture
def said(clearml_repo: Repo, server: ClearMLServer) -> Version:
    """A registered version of which much is said."""
    new_set(clearml_repo, "pets")
    clearml_repo.write("reports/classes.csv", "class,images\ncat,1\n")
    declare(clearml_repo, SAID)
    clearml_repo.commit("Add pets")
    return at_head(clearml_repo, server)


def amend(repo: Repo) -> None:
    repo.git("commit", "-q", "-a", "--amend", "--no-edit")


def anew(repo: Repo) -> None:
    repo.git("commit", "-q", "-a", "-m", "Say it better")


def alive(server: ClearMLServer) -> list[Json]:
    """The versions that are not archived."""
    return [task for task in server.tasks.values() if "archived" not in task["system_tags"]]


def test_all_that_the_manifest_says_arrives(said: Version) -> None:
    assert said.task["comment"] == "first words"
    assert set(said.task["tags"]) == {"raw", "small", "external files"}
    assert said.properties["source"] == "https://example.org/pets"
    assert said.task["script"]["entry_point"] == "scripts/fetch.py"
    (trace,) = said.plots["classes"]["data"]
    assert trace["cells"]["values"] == [["cat"], ["1"]]


@pytest.mark.parametrize("commit", [amend, anew])
def test_changed_words_reach_the_same_version(
    clearml_repo: Repo, server: ClearMLServer, said: Version, commit: Callable[[Repo], None]
) -> None:
    former = said.id
    said.task["tags"].append("golden")
    by_hand = {"section": "properties", "name": "reviewed", "value": "by Grace"}
    said.task["hyperparams"]["properties"]["reviewed"] = by_hand
    runtime = {name: value for name, value in said.runtime.items() if name != "dsv_owned"}
    declare(clearml_repo, CHANGED, SAID)
    clearml_repo.write("reports/classes.csv", "class,images\ndog,7\n")
    commit(clearml_repo)
    now = at_head(clearml_repo, server)
    assert (now.id, len(server.tasks)) == (former, 1)
    assert clearml_repo.status == ""
    task = now.task
    assert task["comment"] == "other words"
    assert set(task["tags"]) == {"small", "checked", "golden", "external files"}
    assert now.properties["source"] == "https://example.org/other"
    assert now.properties["licence"] == "CC0"
    assert now.properties["reviewed"] == "by Grace"
    assert "script" not in now.properties
    assert task["script"]["entry_point"] == ""
    (trace,) = now.plots["classes"]["data"]
    assert trace["cells"]["values"] == [["dog"], ["7"]]
    assert {name: value for name, value in now.runtime.items() if name != "dsv_owned"} == runtime
    assert task["status"] == "completed"
    # A commit that says more is not the one that made the version.
    made = said.commit if commit is anew else now.commit
    assert located(now) == (made, made)


def test_words_that_a_person_took_over_are_theirs_no_more_when_they_go(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    declare(clearml_repo, "tags: [small]\n", SAID)
    amend(clearml_repo)
    now = at_head(clearml_repo, server)
    assert set(now.task["tags"]) == {"small", "external files"}
    assert now.task["comment"] == ""
    assert {"source", "script"}.isdisjoint(now.properties)
    assert {"version", "files", "digest", "git_commit"} <= set(now.properties)


def test_an_unchanged_manifest_is_not_told_again(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    server.forget_calls()
    clearml_repo.write("notes.txt", "something else")
    clearml_repo.commit("Add notes")
    clearml_repo.dsv("sync")
    assert server.calls == ()


# Rewritten commits


def located(version: Version) -> tuple[str, str]:
    return version.properties["git_commit"], version.task["script"]["version_num"]


def test_an_amended_message_moves_the_version(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    clearml_repo.git("commit", "-q", "--amend", "-m", "Other words")
    now = at_head(clearml_repo, server)
    assert now.commit != said.commit
    assert located(now) == (now.commit, now.commit)
    assert (now.id, len(server.tasks)) == (said.id, 1)


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_three_rebased_commits_are_told_each(
    clearml_repo: Repo, server: ClearMLServer, backend: str
) -> None:
    clearml_repo.commit("Begin", "--allow-empty")
    clearml_repo.git("checkout", "-q", "-b", "work")
    names = ("cats", "dogs", "owls")
    for name in names:
        new_set(clearml_repo, name)
        clearml_repo.commit(f"Add {name}")
    before = {name: at_head(clearml_repo, server, name).id for name in names}
    clearml_repo.git("checkout", "-q", "main")
    clearml_repo.write("notes.txt", "meanwhile")
    clearml_repo.commit("Meanwhile")
    clearml_repo.git("checkout", "-q", "work")
    clearml_repo.git("rebase", "-q", backend, "main")
    assert {name: at_head(clearml_repo, server, name).id for name in names} == before
    assert len(server.tasks) == 3
    for place, name in enumerate(reversed(names)):
        commit = clearml_repo.git("rev-parse", f"HEAD~{place}")
        path = f"manifests/{name}/manifest.yaml"
        assert path in clearml_repo.git("show", "--name-only", "--format=", commit)
        assert located(at_head(clearml_repo, server, name)) == (commit, commit)
    assert clearml_repo.status == ""


def test_a_reset_and_another_commit_move_the_version(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    clearml_repo.commit("Begin")
    new_set(clearml_repo, "pets")
    clearml_repo.commit("Add pets")
    former = at_head(clearml_repo, server)
    clearml_repo.git("reset", "-q", "HEAD~1")
    clearml_repo.commit("Add pets, better told")
    now = at_head(clearml_repo, server)
    assert (now.id, len(server.tasks)) == (former.id, 1)
    assert now.commit != former.commit
    assert located(now) == (now.commit, now.commit)


def test_a_version_committed_again_after_a_hard_reset_keeps_its_id(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    """Its record is gone with the commit: the key finds the version."""
    clearml_repo.commit("Begin")
    new_set(clearml_repo, "pets")
    clearml_repo.commit("Add pets")
    former = at_head(clearml_repo, server)
    clearml_repo.git("reset", "-q", "--hard", "HEAD~1")
    new_set(clearml_repo, "pets")
    declare(clearml_repo, "description: found again\n")
    clearml_repo.commit("Add pets again")
    now = at_head(clearml_repo, server)
    assert (now.id, len(server.tasks)) == (former.id, 1)
    assert located(now) == (now.commit, now.commit)
    assert now.task["comment"] == "found again"


# Another clone


@pytest.fixture
def remote(clearml_repo: Repo, tmp_path: Path) -> str:
    """A bare repository that is the remote."""
    url = str(tmp_path / "origin.git")
    clearml_repo.git("init", "-q", "--bare", "-b", "main", url)
    clearml_repo.git("remote", "add", "origin", url)
    return url


def clone(repo: Repo, remote: str, path: Path) -> Repo:
    repo.git("clone", "-q", remote, str(path))
    other = Repo(path, dict(repo.env))
    other.git("config", "user.name", "Grace")
    other.git("config", "user.email", "grace@example.org")
    other.dsv("init")
    return other


def test_a_clone_that_pulls_tells_nothing_again(
    clearml_repo: Repo, server: ClearMLServer, remote: str, said: Version, tmp_path: Path
) -> None:
    clearml_repo.git("push", "-q", "-u", "origin", "main")
    other = clone(clearml_repo, remote, tmp_path / "other")
    declare(clearml_repo, CHANGED, SAID)
    anew(clearml_repo)
    clearml_repo.git("push", "-q")
    server.forget_calls()
    other.git("pull", "-q")
    other.write("notes.txt", "unrelated")
    other.commit("Notes")
    assert server.calls == ()
    assert other.git("rev-list", "--count", "origin/main..") == "1"
    before = everything(said)
    other.dsv("sync")  # it may tell all of it again, but nothing else
    assert everything(said) == before
    server.forget_calls()
    other.dsv("sync")
    assert server.calls == ()


def test_a_clone_that_told_once_tells_nothing_of_what_it_pulls(
    clearml_repo: Repo, server: ClearMLServer, remote: str, said: Version, tmp_path: Path
) -> None:
    clearml_repo.git("push", "-q", "-u", "origin", "main")
    other = clone(clearml_repo, remote, tmp_path / "other")
    declare(other, CHANGED, SAID)
    anew(other)
    other.git("push", "-q")
    clearml_repo.git("pull", "-q")
    declare(clearml_repo, SAID, CHANGED)
    clearml_repo.write("reports/classes.csv", "class,images\nowl,2\n")
    anew(clearml_repo)
    clearml_repo.git("push", "-q")
    assert said.task["comment"] == "first words"
    server.forget_calls()
    other.git("pull", "-q")
    assert server.calls == ()


def everything(version: Version) -> list[object]:
    """What the server says of a version, times apart, and apart from the folder of a clone."""
    task = version.task
    said = {name: value for name, value in version.properties.items() if name != "data_path"}
    names = ("comment", "runtime", "script", "status", "configuration")
    known = {name: deepcopy(task[name]) for name in names}
    return [known, sorted(task["tags"]), said, version.plots]


def test_a_clone_that_says_more_tells_it(
    clearml_repo: Repo, server: ClearMLServer, remote: str, said: Version, tmp_path: Path
) -> None:
    clearml_repo.git("push", "-q", "-u", "origin", "main")
    other = clone(clearml_repo, remote, tmp_path / "other")
    declare(other, CHANGED, SAID)
    anew(other)
    now = at_head(other, server)
    assert (now.id, now.task["comment"]) == (said.id, "other words")
    assert set(now.task["tags"]) == {"small", "checked", "external files"}
    assert "script" not in now.properties
    assert now.properties["git_commit"] == said.commit


def test_facts_that_no_server_heard_are_told_by_the_next_sync(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    server.stop()
    declare(clearml_repo, CHANGED, SAID)
    anew(clearml_repo)
    assert said.task["comment"] == "first words"
    server.start()
    clearml_repo.dsv("sync")
    assert said.task["comment"] == "other words"
    assert at_head(clearml_repo, server).id == said.id


# Another content under the same name


def test_other_content_before_it_is_published_takes_the_name_over(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    clearml_repo.write("data/pets/b.txt", "forgotten")
    clearml_repo.dsv("update", "pets", "--same-version")
    clearml_repo.git("add", "-A")
    amend(clearml_repo)
    now = at_head(clearml_repo, server)
    assert now.id != said.id
    assert "archived" in server.tasks[said.id]["system_tags"]
    assert [task["id"] for task in alive(server)] == [now.id]
    assert (now.runtime["version"], now.runtime["ds_link_count"]) == ("1.0", 2)
    assert located(now) == (now.commit, now.commit)
    assert clearml_repo.status == ""


def test_other_content_of_a_published_version_is_refused(
    clearml_repo: Repo, server: ClearMLServer, remote: str, said: Version
) -> None:
    clearml_repo.git("push", "-q", "-u", "origin", "main")
    clearml_repo.write("data/pets/b.txt", "forgotten")
    refused = clearml_repo.dsv_result("update", "pets", "--same-version")
    assert refused.returncode != 0
    assert "published" in refused.stderr
    (lines,) = (clearml_repo.path / "manifests/pets/files").iterdir()
    lines.write_text('{"path":"b.txt","size":9,"hash":"xxh3:' + "0" * 32 + '"}\n')
    clearml_repo.git("add", "-A")
    done = clearml_repo.run("git", "commit", "-q", "-m", "By hand", code=None)
    assert done.returncode != 0
    assert "dsv bump pets" in done.stdout + done.stderr
    clearml_repo.git("commit", "-q", "-m", "By hand", "--no-verify")
    clearml_repo.dsv_result("sync")
    assert set(server.tasks) == {said.id}
    assert said.runtime["ds_link_count"] == 1


def test_a_report_alone_that_changed_is_shown_by_the_next_sync(
    clearml_repo: Repo, server: ClearMLServer, said: Version
) -> None:
    clearml_repo.write("reports/classes.csv", "class,images\ndog,7\n")
    anew(clearml_repo)
    clearml_repo.dsv("sync")
    (trace,) = said.plots["classes"]["data"]
    assert trace["cells"]["values"] == [["dog"], ["7"]]
    assert located(said) == (said.commit, said.commit)


def test_words_of_ours_that_a_manifest_says_too_stay_ours(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    """And they stay when the manifest no longer says them."""
    new_set(clearml_repo, "pets")
    theirs = "tags: [external files]\nproperties: {files: many, digest: mine, git_commit: none}\n"
    declare(clearml_repo, theirs)
    clearml_repo.commit("Add pets")
    first = at_head(clearml_repo, server)
    before = dict(first.properties)
    assert before["files"] == "1"
    assert before["digest"] == first.record["digest"]
    declare(clearml_repo, "properties: {source: here}\n", theirs)
    anew(clearml_repo)
    assert first.properties == before | {"source": "here"}
    assert first.task["tags"] == ["external files"]
