"""Rules `mass-removal`, `class-vanished`: what a change takes away."""

from __future__ import annotations

import pytest

from dsv_git.manifest.dropped import Dropped, encode_dropped
from dsv_git.manifest.layout import Layout
from tests.checks.conftest import every_finding, only_finding, severities
from tests.conftest import Repo
from tests.manifests import entries, write_manifest

YAML = "manifests/pets/manifest.yaml"
TEN = {f"train/{'cat' if n % 2 else 'dog'}/{n}.jpg": str(n) for n in range(10)}
DEEP = Layout(depth=2)


def without(*names: str) -> dict[str, str]:
    """Ten files without some."""
    return {path: text for path, text in TEN.items() if path.rpartition("/")[2] not in names}


@pytest.fixture
def ten(team: Repo) -> Repo:
    """Ten files of two classes, committed."""
    write_manifest(team, "pets", "1.0", TEN)
    team.commit("Ten")
    return team


def test_a_fifth_may_go_and_one_more_may_not(ten: Repo) -> None:
    write_manifest(ten, "pets", "1.1", without("1.jpg", "2.jpg"))
    assert every_finding(ten) == []
    write_manifest(ten, "pets", "1.1", without("1.jpg", "2.jpg", "3.jpg"))
    found = only_finding(ten, "mass-removal")
    assert found["message"] == "3 of 10 entries are removed (30 %)"
    assert found["file"] == YAML
    assert found["concerned"] == ["train/cat/1.jpg", "train/cat/3.jpg", "train/dog/2.jpg"]
    assert found["hint"].endswith("Data-Override: mass-removal")
    assert severities(ten, "mass-removal") == [["warn"], []]


def test_entries_of_lists_that_did_not_change_count_in_the_whole(team: Repo) -> None:
    contents = TEN | {f"val/cow/{n}.jpg": f"c{n}" for n in range(10)}
    write_manifest(team, "pets", "1.0", contents, layout=DEEP)
    team.commit("Twenty")
    four = [path for path in contents if path.startswith("train/cat")][:4]
    left = {path: text for path, text in contents.items() if path not in four}
    write_manifest(team, "pets", "1.1", left, layout=DEEP)
    assert every_finding(team) == []
    del left["train/dog/0.jpg"]
    write_manifest(team, "pets", "1.1", left, layout=DEEP)
    assert only_finding(team, "mass-removal")["message"] == "5 of 20 entries are removed (25 %)"


def test_a_renamed_file_is_not_removed(ten: Repo) -> None:
    moved = {path.replace("train/", "all/train/"): text for path, text in TEN.items()}
    write_manifest(ten, "pets", "1.1", moved)
    assert every_finding(ten) == []


def test_rows_that_another_layout_spreads_anew_are_not_removed(ten: Repo) -> None:
    write_manifest(ten, "pets", "1.0", TEN, layout=DEEP)
    assert every_finding(ten) == []


def test_what_is_dropped_on_purpose_is_not_counted(ten: Repo) -> None:
    gone = [entry for entry in entries(TEN) if entry.path[-5] in "123"]
    write_manifest(ten, "pets", "1.1", without("1.jpg", "2.jpg", "3.jpg"))
    dropped = [Dropped(entry.path, entry.hash, "dark") for entry in gone]
    ten.write("manifests/pets/dropped.jsonl", encode_dropped(dropped))
    assert every_finding(ten) == []
    ten.write("manifests/pets/dropped.jsonl", encode_dropped(dropped[:2]))
    assert every_finding(ten) == []


def test_a_version_without_a_file_and_a_manifest_that_is_gone(ten: Repo) -> None:
    (ten.path / "manifests/pets/files/_.jsonl").unlink()
    ten.git("add", "-A")
    told = {one["rule"]: one["message"] for one in every_finding(ten, "--staged")}
    assert told["mass-removal"] == "all 10 entries are removed, no file list is left"
    ten.git("rm", "-rqf", "manifests/pets")
    found = only_finding(ten, "mass-removal", "--staged")
    assert found["message"] == "the manifest is removed, with all its 10 entries"


def test_a_manifest_under_another_name_is_not_removed(ten: Repo) -> None:
    ten.git("mv", "manifests/pets", "manifests/animals")
    assert every_finding(ten, "--staged") == []
    assert every_finding(ten) == []


def test_a_label_that_has_no_image_any_more(ten: Repo) -> None:
    write_manifest(ten, "pets", "1.0", TEN | {"train/cow/c.jpg": "c"})
    ten.commit("A cow")
    write_manifest(ten, "pets", "1.1", TEN)
    found = only_finding(ten, "class-vanished")
    assert found["message"] == "a label has no image any more"
    assert found["concerned"] == ["cow"]
    assert severities(ten, "class-vanished") == [["warn"], []]


def test_a_label_with_one_image_left_in_a_list_that_did_not_change(team: Repo) -> None:
    cows = {"train/cow/c.jpg": "c", "val/cow/d.jpg": "d"}
    write_manifest(team, "pets", "1.0", TEN | cows, layout=DEEP)
    team.commit("Cows")
    del cows["train/cow/c.jpg"]
    write_manifest(team, "pets", "1.1", TEN | cows, layout=DEEP)
    assert every_finding(team) == []
    write_manifest(team, "pets", "1.1", TEN, layout=DEEP)
    assert only_finding(team, "class-vanished")["concerned"] == ["cow"]


def test_a_label_that_is_another_name_now_has_vanished(ten: Repo) -> None:
    place = ten.path / "manifests/pets/files/_.jsonl"
    place.write_text(place.read_text().replace('"label":"cat"', '"label":"kitten"'))
    assert only_finding(ten, "class-vanished")["concerned"] == ["cat"]
