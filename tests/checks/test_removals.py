"""Rules `mass-removal`, `class-vanished`: what a change takes away."""

from __future__ import annotations

import pytest

from dsv_git.manifest.dropped import Dropped, encode_dropped
from dsv_git.manifest.layout import Layout
from tests.checks.conftest import every_finding, only_finding, severities
from tests.conftest import Repo
from tests.manifests import entries, write_manifest

YAML = "manifests/pets/manifest.yaml"
ALL = {f"train/{'cat' if n % 2 else 'dog'}/{n:02}.jpg": str(n) for n in range(50)}
DEEP = Layout(depth=2)


def without(count: int) -> dict[str, str]:
    """The fifty files without the first ones."""
    return {path: text for path, text in ALL.items() if int(text) >= count}


@pytest.fixture
def fifty(team: Repo) -> Repo:
    """Fifty files of two classes, committed."""
    write_manifest(team, "pets", "1.0", ALL)
    team.commit("Fifty")
    return team


def test_a_fifth_may_go_and_one_more_may_not(fifty: Repo) -> None:
    write_manifest(fifty, "pets", "1.1", without(10))
    assert every_finding(fifty) == []
    write_manifest(fifty, "pets", "1.1", without(11))
    found = only_finding(fifty, "mass-removal")
    assert found["message"] == "11 of 50 entries are removed (22 %)"
    assert found["file"] == YAML
    assert found["concerned"] == ["train/cat/01.jpg", "train/cat/03.jpg", "train/cat/05.jpg"]
    assert found["hint"].endswith("Data-Override: mass-removal")
    assert severities(fifty, "mass-removal") == [["warn"], []]


@pytest.mark.parametrize(("total", "rules"), [(10, []), (11, ["mass-removal"])])
def test_nine_files_are_no_mass_and_ten_are(team: Repo, total: int, rules: list[str]) -> None:
    contents = {f"{n}.jpg": str(n) for n in range(total)}
    write_manifest(team, "pets", "1.0", contents)
    team.commit("Few")
    write_manifest(team, "pets", "1.1", {"0.jpg": "0"})
    assert [one["rule"] for one in every_finding(team)] == rules


def test_entries_of_lists_that_did_not_change_count_in_the_whole(team: Repo) -> None:
    contents = ALL | {f"val/cow/{n}.jpg": f"c{n}" for n in range(10)}
    write_manifest(team, "pets", "1.0", contents, layout=DEEP)
    team.commit("Sixty")
    cats = [path for path in contents if path.startswith("train/cat")]
    for count, rules in ((12, []), (13, ["mass-removal"])):
        left = {path: text for path, text in contents.items() if path not in cats[:count]}
        write_manifest(team, "pets", "1.1", left, layout=DEEP)
        assert [one["rule"] for one in every_finding(team)] == rules
    assert only_finding(team, "mass-removal")["message"] == "13 of 60 entries are removed (22 %)"


def test_a_renamed_file_is_not_removed(fifty: Repo) -> None:
    moved = {path.replace("train/", "all/train/"): text for path, text in ALL.items()}
    write_manifest(fifty, "pets", "1.1", moved)
    assert every_finding(fifty) == []


def test_rows_that_another_layout_spreads_anew_are_not_removed(fifty: Repo) -> None:
    write_manifest(fifty, "pets", "1.0", ALL, layout=DEEP)
    assert every_finding(fifty) == []


def test_what_is_dropped_on_purpose_is_not_counted(fifty: Repo) -> None:
    gone = [entry for entry in entries(ALL) if entry.path not in without(11)]
    write_manifest(fifty, "pets", "1.1", without(11))
    dropped = [Dropped(entry.path, entry.hash, "dark") for entry in gone]
    place = "manifests/pets/dropped.jsonl"
    fifty.write(place, encode_dropped(dropped))
    assert every_finding(fifty) == []
    fifty.write(place, encode_dropped(dropped[:1]))
    assert every_finding(fifty) == []


def test_a_version_without_a_file_and_a_manifest_that_is_gone(fifty: Repo) -> None:
    (fifty.path / "manifests/pets/files/_.jsonl").unlink()
    fifty.git("add", "-A")
    told = {one["rule"]: one["message"] for one in every_finding(fifty, "--staged")}
    assert told["mass-removal"] == "all 50 entries are removed, no file list is left"
    fifty.git("rm", "-rqf", "manifests/pets")
    found = only_finding(fifty, "mass-removal", "--staged")
    assert found["message"] == "the manifest is removed, with all its 50 entries"


def test_a_manifest_under_another_name_is_not_removed(fifty: Repo) -> None:
    fifty.git("mv", "manifests/pets", "manifests/animals")
    assert every_finding(fifty, "--staged") == []
    assert every_finding(fifty) == []


def test_a_label_that_has_no_image_any_more(fifty: Repo) -> None:
    write_manifest(fifty, "pets", "1.0", ALL | {"train/cow/c.jpg": "c"})
    fifty.commit("A cow")
    write_manifest(fifty, "pets", "1.1", ALL)
    found = only_finding(fifty, "class-vanished")
    assert found["message"] == "a label has no image any more"
    assert found["concerned"] == ["cow"]
    assert severities(fifty, "class-vanished") == [["warn"], []]


def test_a_label_with_one_image_left_in_a_list_that_did_not_change(team: Repo) -> None:
    cows = {"train/cow/c.jpg": "c", "val/cow/d.jpg": "d"}
    write_manifest(team, "pets", "1.0", ALL | cows, layout=DEEP)
    team.commit("Cows")
    del cows["train/cow/c.jpg"]
    write_manifest(team, "pets", "1.1", ALL | cows, layout=DEEP)
    assert every_finding(team) == []
    write_manifest(team, "pets", "1.1", ALL, layout=DEEP)
    assert only_finding(team, "class-vanished")["concerned"] == ["cow"]


def test_a_label_that_is_another_name_now_has_vanished(fifty: Repo) -> None:
    place = fifty.path / "manifests/pets/files/_.jsonl"
    place.write_text(place.read_text().replace('"label":"cat"', '"label":"kitten"'))
    assert only_finding(fifty, "class-vanished")["concerned"] == ["cat"]
