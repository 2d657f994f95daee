"""`dsv log`: versions with IDs, numbers, parents, and the commits that made them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repo, new_team
from tests.manifests import INITIAL, write_manifest

MORE = {**INITIAL, "train/cat/d.jpg": "44"}
OTHERS = {"train/owl/o.jpg": "o"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two manifests and the merge of them, each version registered by its commit."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place)
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    repo.commit("Second", "--author", "Grace <grace@example.org>")
    write_manifest(repo, "birds", "1.0", OTHERS)
    repo.commit("Birds")
    write_manifest(repo, "all", "1.0", {**MORE, **OTHERS}, ["pets@1.1", "birds@1.0"])
    repo.commit("Merge")
    return repo


@pytest.fixture
def flow(built: Repo, tmp_path: Path) -> Repo:
    """A copy of that repository, to work in."""
    return built.copy(tmp_path / "a team")


def versions(repo: Repo, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(repo.dsv("log", "--json", *options))["versions"]
    return found


def test_versions_come_newest_first_with_ids_numbers_and_who(flow: Repo) -> None:
    found = versions(flow)
    assert [row["name"] for row in found] == ["all@1.0", "birds@1.0", "pets@1.1", "pets@1.0"]
    by_name = {row["name"]: row for row in found}
    second = by_name["pets@1.1"]
    assert second["state"] == "registered"
    assert second["id"] == f"local:{second['key'][:32]}"
    assert second["parents"] == [{"name": "pets@1.0", "id": by_name["pets@1.0"]["id"]}]
    assert (second["stats"]["files"], second["stats"]["bytes"], second["stats"]["added"]) == (
        4,
        5,
        1,
    )
    assert second["commit"]["id"] == flow.git("rev-parse", "HEAD~2")
    assert (second["commit"]["author"], second["commit"]["email"]) == ("Grace", "grace@example.org")
    assert second["commit"]["subject"] == "Second"
    text = flow.dsv("log", "pets")
    when = flow.git("log", "-1", "--format=%ad", "--date=format:%Y-%m-%d %H:%M %z", "HEAD~2")
    assert text.splitlines()[:3] == [
        f"pets@1.1  {second['id']}",
        "  4 files, 5 bytes  +1  2 labels  from pets@1.0",
        f"  {second['commit']['id'][:10]}  {when}  Grace  Second",
    ]
    assert "birds" not in text


def test_a_limit_says_how_many_more_there_are(flow: Repo) -> None:
    found = json.loads(flow.dsv("log", "--json", "--limit", "1"))
    assert [row["name"] for row in found["versions"]] == ["all@1.0"]
    assert found["more"] == 3
    assert flow.dsv("log", "--limit", "1").endswith("\n\n… 3 more\n")


def test_the_graph_has_the_ancestors_in_other_manifests(flow: Repo) -> None:
    told = flow.dsv("log", "--graph", "all")
    marks = [line.split("@")[0] for line in told.splitlines() if "●" in line]
    assert marks == ["● all", "● │ birds", "  ● pets", "  ● pets"]
    assert "├─╮" in told
    assert "birds" not in flow.dsv("log", "--graph", "pets")


def test_mermaid_has_versions_and_ids(flow: Repo) -> None:
    told = flow.dsv("log", "--mermaid", "pets")
    first, second = reversed(versions(flow, "pets"))
    assert told == (
        "graph TD\n"
        f'  v0["pets@1.0<br/>{first["id"]}"]\n'
        f'  v1["pets@1.1<br/>{second["id"]}"]\n'
        "  v0 --> v1\n"
    )


def test_a_version_without_a_record_is_pending_with_its_numbers(flow: Repo) -> None:
    write_manifest(flow, "pets", "1.2", INITIAL, ["pets@1.1"])
    flow.git("add", "-A")
    flow.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "Quietly")
    newest = versions(flow)[0]
    assert (newest["name"], newest["state"], newest["id"]) == ("pets@1.2", "pending", None)
    assert newest["parents"][0]["id"].startswith("local:")
    assert (newest["stats"]["files"], newest["stats"]["removed"]) == (3, 1)
    assert newest["commit"]["subject"] == "Quietly"
    assert flow.dsv("log").startswith("pets@1.2  pending\n")


def test_another_content_under_a_published_name_is_conflicting(flow: Repo) -> None:
    # 1.0 is published: 1.1 names it as its parent.
    write_manifest(flow, "pets", "1.0", OTHERS)
    flow.git("add", "-A")
    flow.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "Rewrite")
    found = [row for row in versions(flow, "pets") if row["version"] == "1.0"]
    assert sorted(row["state"] for row in found) == ["conflicting", "registered"]
    assert all("#" in row["name"] for row in found)
    told = flow.dsv("log", "pets")
    assert "conflicting" in told
    assert "is published with another content" in told


def test_a_record_that_follows_its_version_leads_to_the_commit_that_made_it(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\nwriteback: commit\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    made = repo.commit("Second")
    repo.dsv("sync")
    assert repo.git("rev-parse", "HEAD") != made
    assert [row["commit"]["subject"] for row in versions(repo)] == ["Second", "First"]
    for ref in repo.git("for-each-ref", "--format=%(refname)", "refs/dsv").split():
        repo.git("update-ref", "-d", ref)
    assert [row["commit"]["subject"] for row in versions(repo)] == ["Second", "First"]


def test_a_shallow_clone_shows_the_records_without_their_commits(flow: Repo) -> None:
    flow.git("clone", "-q", "--depth", "1", f"file://{flow.path}", "shallow")
    found = versions(Repo(flow.path / "shallow", flow.env))
    assert {row["name"] for row in found} == {"all@1.0", "birds@1.0", "pets@1.1", "pets@1.0"}
    assert {row["commit"] for row in found} == {None}


def test_there_may_be_no_version_yet(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    assert repo.dsv("log") == "no version yet\n"
    write_manifest(repo, "pets", "1.0")
    failed = repo.dsv_result("log", "pets")
    assert (failed.returncode, "pets is not committed yet" in failed.stderr) == (2, True)
    repo.commit("First")
    failed = repo.dsv_result("log", "pest")
    assert (failed.returncode, "did you mean pets?" in failed.stderr) == (2, True)
    failed = repo.dsv_result("log", "--json", "--graph")
    assert (failed.returncode, "exclude each other" in failed.stderr) == (2, True)


def test_one_file_and_one_label_are_said_in_the_singular(repo: Repo) -> None:
    repo.dsv("init")
    write_manifest(repo, "pets", "1.0", {"train/cat/a.jpg": "1"})
    repo.commit("One")
    said = repo.dsv("log", "pets")
    assert "1 file, " in said
    assert said.rstrip().count("1 label") == 1
    assert "1 labels" not in said
