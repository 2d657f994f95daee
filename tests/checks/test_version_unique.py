"""Rule `version-unique`."""

from __future__ import annotations

import shutil

import pytest

from tests.checks.conftest import MORE, edit, finding, findings, line_of, register, severities
from tests.conftest import Repo
from tests.manifests import write_manifest

YAML = "manifests/youtube/manifest.yaml"


@pytest.fixture
def team(team: Repo) -> Repo:
    """Two manifests of one dataset, the first at its second version."""
    register(team, "kaggle", "1.0", {"a.jpg": "1"}, dataset="pets")
    register(team, "kaggle", "1.1", {"a.jpg": "2"}, ["kaggle@1.0"], dataset="pets")
    write_manifest(team, "youtube", "1.0-youtube", {"b.jpg": "3"}, dataset="pets")
    return team


def test_versions_of_one_dataset_in_two_manifests(team: Repo) -> None:
    assert findings(team) == []


def test_two_manifests_that_declare_one_version(team: Repo) -> None:
    edit(team, YAML, "1.0-youtube", "1.1")
    found = finding(team, "version-unique")
    assert (found["manifest"], found["line"]) == ("youtube", line_of(team, YAML, "version"))
    assert "the version 1.1 of pets in Datasets is taken: kaggle has it" in found["message"]
    assert severities(team, "version-unique") == [["warn"], []]


@pytest.mark.parametrize("change", [("dataset: pets", "dataset: videos"), ("Datasets", "Videos")])
def test_another_dataset_or_project_has_versions_of_its_own(
    team: Repo, change: tuple[str, str]
) -> None:
    edit(team, YAML, "1.0-youtube", "1.1")
    edit(team, YAML, *change)
    assert findings(team) == []


def test_a_version_that_another_manifest_has_registered_before(team: Repo) -> None:
    edit(team, YAML, "1.0-youtube", "1.0")
    found = finding(team, "version-unique")
    assert found["manifest"] == "youtube"
    assert "kaggle has registered it (local:" in found["message"]


def test_a_registered_version_of_what_was_another_dataset(team: Repo) -> None:
    edit(team, "manifests/kaggle/manifest.yaml", "1.1", "1.2")
    edit(team, "manifests/kaggle/manifest.yaml", "dataset: pets", "dataset: videos")
    edit(team, YAML, "1.0-youtube", "1.0")
    edit(team, YAML, "dataset: pets", "dataset: videos")
    assert findings(team) == []


def test_the_manifest_that_the_change_touches_is_the_one_told_of(team: Repo) -> None:
    team.commit("Both")
    edit(team, "manifests/kaggle/manifest.yaml", "version: 1.1", "version: 1.0-youtube")
    team.git("add", "-A")
    assert finding(team, "version-unique", "--staged")["manifest"] == "kaggle"


def test_a_copy_of_a_manifest_has_no_versions_of_its_own(team: Repo) -> None:
    shutil.copytree(team.path / "manifests/kaggle", team.path / "manifests/copy")
    assert finding(team, "version-unique")["manifest"] == "kaggle"
    register(team, "kaggle", "1.2", {"a.jpg": "3"}, ["kaggle@1.1"], dataset="pets")
    assert "kaggle has registered it" in finding(team, "version-unique")["message"]


def test_a_renamed_manifest_takes_its_versions_along(team: Repo) -> None:
    team.commit("Both")
    team.git("mv", "manifests/kaggle", "manifests/kaggle2")
    edit(team, "manifests/kaggle2/manifest.yaml", "kaggle@1.0", "kaggle2@1.0")
    assert [one["rule"] for one in findings(team) if one["rule"] == "version-unique"] == []


def test_two_versions_whose_records_macos_takes_for_one_file(team: Repo) -> None:
    register(team, "youtube", "1.0-Youtube", MORE, dataset="pets")
    assert findings(team) == []
    write_manifest(
        team, "youtube", "1.0-youtube", {"b.jpg": "3"}, ["youtube@1.0-Youtube"], dataset="pets"
    )
    found = finding(team, "version-unique")
    assert "versions/1.0-youtube.json" in found["message"]
    assert "case alone" in found["message"]
