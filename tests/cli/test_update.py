"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from tests.cli.hand_made import read, snapshot
from tests.cli.living import (
    CLEAN,
    PATTERN,
    age,
    answer,
    differences,
    entries,
    init,
    kinds,
    pets,
    records,
    times,
)
from tests.conftest import Repo

ROOT = "data/pets"


def update(repo: Repo, *options: str, name: str = "pets") -> dict[str, int]:
    """Updates, and gives the kinds of changes."""
    return kinds(answer(repo, "update", name, *options)["diff"]["manifests"])


def parents(repo: Repo, name: str = "pets") -> list[str]:
    return [str(parent) for parent in read(repo, name).declaration.parents]


def version(repo: Repo, name: str = "pets") -> str:
    return read(repo, name).declaration.version


def test_without_a_change_nothing_is_written(repo: Repo) -> None:
    pets(repo)
    before = times(repo.path / "manifests")
    assert "pets@1.0: the data is what the manifest says" in repo.dsv("update", "pets")
    assert times(repo.path / "manifests") == before
    assert repo.status == ""
    assert version(repo) == "1.0"


def test_a_new_file_makes_the_next_version_and_is_the_only_change(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/val/dog/new.jpg", "new")
    said = repo.dsv("update", "pets")
    assert "pets@1.1: next version of 1.0" in said
    assert "+1 added" in said
    assert (version(repo), parents(repo)) == ("1.1", ["pets@1.0"])
    assert entries(repo)["val/dog/new.jpg"] == "dog"
    repo.commit("One more")
    assert records(repo) == ["1.0.json", "1.1.json"]
    record = json.loads((repo.path / "manifests/pets/versions/1.1.json").read_text())
    assert {k: record["stats"][k] for k in ("files", "added", "removed", "modified")} == {
        "files": 5,
        "added": 1,
        "removed": 0,
        "modified": 0,
    }
    assert differences(repo) == CLEAN


def test_a_draft_is_changed_in_place(repo: Repo) -> None:
    pets(repo, commit=False)
    (repo.path / f"{ROOT}/train/cat/1.jpg").unlink()
    assert "pets@1.0: changed in place" in repo.dsv("update", "pets")
    assert (version(repo), parents(repo)) == ("1.0", [])
    repo.commit("Add pets")
    repo.write(f"{ROOT}/a.jpg", "a")
    update(repo)
    repo.write(f"{ROOT}/b.jpg", "b")
    assert update(repo) == {"added": 1}
    assert (version(repo), parents(repo), len(entries(repo))) == ("1.1", ["pets@1.0"], 5)


def test_what_happened_to_each_file_is_told(repo: Repo) -> None:
    pets(repo)
    data = repo.path / ROOT
    (data / "train/cat/1.jpg").rename(data / "train/cat/one.jpg")
    (data / "train/cat/2.jpg").rename(data / "train/dog/2.jpg")
    (data / "train/dog/1.jpg").unlink()
    repo.write(f"{ROOT}/val/cat/3.jpg", "other")
    found = answer(repo, "update", "pets")
    (diff,) = found["diff"]["manifests"]
    assert kinds([diff]) == {"removed": 1, "modified": 1, "renamed": 2}
    assert diff["flagged"]["relabelled"] == 1
    assert found["lost"] == ["train/dog/1.jpg", "val/cat/3.jpg"]
    assert entries(repo) == {
        "train/cat/one.jpg": "cat",
        "train/dog/2.jpg": "dog",
        "val/cat/3.jpg": "cat",
    }
    assert differences(repo) == CLEAN


def test_contents_that_are_nowhere_now_are_named(repo: Repo) -> None:
    """A removed file whose copy stays, here or in another manifest, can still be had."""
    pets(repo)
    repo.write("other/1.jpg", "a dog")
    repo.dsv("add", "other", "--name", "other", "--dataset", "other")
    repo.write(f"{ROOT}/val/cat/copy.jpg", "a cat")
    update(repo)
    for path in ("train/cat/1.jpg", "train/cat/2.jpg", "train/dog/1.jpg", "val/cat/3.jpg"):
        (repo.path / ROOT / path).unlink()
    said = repo.dsv("update", "pets")
    assert "2 former contents exist nowhere else now: train/cat/2.jpg, val/cat/3.jpg" in said


def test_the_version_may_be_named(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/a.jpg", "a")
    assert "is registered already" in repo.dsv_result("update", "pets", "-v", "1.0").stderr
    assert "pets@2.0-night: next version of 1.0" in repo.dsv("update", "pets", "-v", "2.0-night")
    assert parents(repo) == ["pets@1.0"]
    both = repo.dsv_result("update", "pets", "-v", "3.0", "--same-version")
    assert (both.returncode, "exclude each other" in both.stderr) == (2, True)


def test_the_same_version_while_nobody_has_it(repo: Repo, tmp_path: Path) -> None:
    """A forgotten exclude: rewritten and amended, it is one commit with a renewed record; when it
    was pushed, it is refused."""
    pets(repo)
    first = (repo.path / "manifests/pets/versions/1.0.json").read_text()
    repo.write(f"{ROOT}/train/cat/2.jpg", "better")
    assert "changed in place" in repo.dsv("update", "pets", "--same-version")
    repo.git("add", "-A")
    repo.git("commit", "-q", "--amend", "--no-edit")
    assert repo.git("rev-list", "--count", "HEAD") == "1"
    assert (version(repo), parents(repo), records(repo)) == ("1.0", [], ["1.0.json"])
    renewed = json.loads((repo.path / "manifests/pets/versions/1.0.json").read_text())
    assert renewed["key"] != json.loads(first)["key"]
    assert repo.status == ""
    assert differences(repo) == CLEAN

    repo.git("init", "-q", "--bare", str(tmp_path / "origin.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    repo.git("push", "-q", "-u", "origin", "main")
    repo.write(f"{ROOT}/train/cat/2.jpg", "best")
    before = snapshot(repo, "manifests")
    refused = repo.dsv_result("update", "pets", "--same-version")
    assert refused.returncode == 2
    assert "pets@1.0 is published" in refused.stderr
    assert snapshot(repo, "manifests") == before


def test_a_comment_and_the_order_of_keys_survive(repo: Repo) -> None:
    pets(repo)
    place = repo.path / "manifests/pets/manifest.yaml"
    text = place.read_text().replace(
        "data:\n", "# from the zoo\ndata:   # on the NAS\n  exclude: ['val/']  # for later\n"
    )
    place.write_text(text)
    assert update(repo) == {"removed": 1}
    after = place.read_text()
    assert "# from the zoo\ndata:   # on the NAS\n  exclude: ['val/']  # for later\n" in after
    gone = sorted(set(text.splitlines()) - set(after.splitlines()))
    assert [line.partition(":")[0] for line in gone] == ["made_by", "version"]
    assert sorted(entries(repo)) == ["train/cat/1.jpg", "train/cat/2.jpg", "train/dog/1.jpg"]


def test_include_edited_by_hand(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/train/cat/notes.txt", "x")
    place = repo.path / "manifests/pets/manifest.yaml"
    place.write_text(place.read_text().replace("data:\n", 'data:\n  include: ["*.jpg"]\n'))
    assert update(repo) == {}
    assert version(repo) == "1.0"
    place.write_text(place.read_text().replace("*.jpg", "*.txt"))
    assert update(repo) == {"added": 1, "removed": 4}
    assert (version(repo), list(entries(repo))) == ("1.1", ["train/cat/notes.txt"])


def test_nothing_left_is_an_error(repo: Repo) -> None:
    pets(repo)
    for path in (repo.path / ROOT).rglob("*.jpg"):
        path.unlink()
    before = snapshot(repo, "manifests")
    done = repo.dsv_result("update", "pets")
    assert (done.returncode, "no file left" in done.stderr) == (2, True)
    assert snapshot(repo, "manifests") == before


def test_labels_stay_where_nothing_says_others(repo: Repo) -> None:
    """They belong to a content: they move with it, also onto a name that is taken."""
    init(repo)
    rows = ["path,label", "a.jpg,cat", "b.jpg,dog", "c.jpg,cow", "d.jpg,emu"]
    repo.write("labels.csv", "\n".join(rows) + "\n")
    for second, name in enumerate("abcd"):
        repo.write(f"{ROOT}/{name}.jpg", f"picture {name}")
        # Two files of one size and one time that change places are told apart by nothing.
        os.utime(repo.path / ROOT / f"{name}.jpg", (second, second))
    repo.dsv("add", ROOT, "--name", "pets", "--labels", "labels.csv")
    place = repo.path / "manifests/pets/manifest.yaml"
    place.write_text(re.sub(r"labels:\n.*\n", "", place.read_text()))
    assert update(repo) == {}
    data = repo.path / ROOT
    (data / "a.jpg").rename(data / "swap")
    (data / "b.jpg").rename(data / "a.jpg")
    (data / "swap").rename(data / "b.jpg")
    (data / "far").mkdir()
    (data / "c.jpg").rename(data / "far/c.jpg")
    repo.write(f"{ROOT}/d.jpg", "a better picture")
    repo.write(f"{ROOT}/e.jpg", "unknown")
    update(repo)
    assert entries(repo) == {
        "a.jpg": "dog",
        "b.jpg": "cat",
        "d.jpg": "emu",
        "e.jpg": None,
        "far/c.jpg": "cow",
    }


def test_a_corrected_table_relabels(repo: Repo) -> None:
    init(repo)
    repo.write("labels.csv", "path,label\na.jpg,cat\nb.jpg,dog\n")
    repo.write(f"{ROOT}/a.jpg", "a")
    repo.write(f"{ROOT}/b.jpg", "b")
    repo.dsv("add", ROOT, "--name", "pets", "--labels", "labels.csv")
    repo.commit("Add pets")
    repo.write("labels.csv", "path,label\na.jpg,dog\nb.jpg,dog\n")
    assert differences(repo) == (0, 0, 0, 1)
    found = answer(repo, "update", "pets")
    assert kinds(found["diff"]["manifests"]) == {"relabelled": 1}
    assert found["diff"]["manifests"][0]["relabelled"] == [{"from": "cat", "to": "dog", "count": 1}]
    assert version(repo) == "1.1"
    assert differences(repo) == CLEAN


def test_labels_from_elsewhere_from_now_on(repo: Repo) -> None:
    pets(repo)
    repo.write("labels.csv", "path,label,split\ntrain/cat/1.jpg,lynx,train\n")
    repo.dsv("update", "pets", "--labels", "labels.csv", "--description", "by eye")
    d = read(repo, "pets").declaration
    assert (d.version, d.description, d.labels and d.labels.table) == (
        "1.1",
        "by eye",
        "labels.csv",
    )
    assert entries(repo)["train/cat/1.jpg"] == "lynx"
    assert entries(repo)["train/dog/1.jpg"] is None


def test_a_description_alone_makes_no_new_version(repo: Repo) -> None:
    pets(repo)
    assert "changed in place" in repo.dsv("update", "pets", "--description", "of the zoo")
    d = read(repo, "pets").declaration
    assert (d.version, d.description) == ("1.0", "of the zoo")


def test_the_next_version_starts_without_the_formers_description(repo: Repo) -> None:
    pets(repo, "--labels", PATTERN, "--description", "as fetched")
    place = repo.path / "manifests/pets/manifest.yaml"
    place.write_text("# ours\n" + place.read_text().replace("as fetched", "as fetched  # by Ada"))
    repo.commit("Words")
    repo.write("data/pets/train/cat/9.jpg", "new")
    repo.dsv("update", "pets")
    d = read(repo, "pets").declaration
    assert (d.version, d.description) == ("1.1", "")
    text = place.read_text()
    assert text.startswith("# ours\n")
    assert "# by Ada" in text
    repo.write("data/pets/train/cat/9.jpg", "newer")
    repo.dsv("update", "pets", "--description", "one more cat")
    repo.write("data/pets/train/cat/9.jpg", "newest")
    repo.dsv("update", "pets")
    d = read(repo, "pets").declaration
    assert (d.version, d.description) == ("1.1", "one more cat"), "a draft keeps its own"


def test_a_description_that_a_person_wrote_for_the_next_version_stays(repo: Repo) -> None:
    pets(repo, "--labels", PATTERN, "--description", "as fetched")
    place = repo.path / "manifests/pets/manifest.yaml"
    place.write_text(place.read_text().replace("as fetched", "one more cat"))
    repo.write("data/pets/train/cat/9.jpg", "new")
    repo.dsv("update", "pets")
    d = read(repo, "pets").declaration
    assert (d.version, d.description) == ("1.1", "one more cat")


def test_files_that_get_no_label_are_counted(repo: Repo) -> None:
    pets(repo)
    repo.write("data/pets/train/stray.jpg", "new")
    repo.write("data/pets/train/cat/9.jpg", "newer")
    done = repo.dsv_result("update", "pets")
    assert "note: 1 of 2 files looked at got no label" in done.stderr, "those that changed"
    found = answer(repo, "update", "pets", "--labels", "*/{label}/*")
    assert (found["labelled"], found["without_label"]) == (6, 1), "another source: all of them"


def test_without_a_source_of_labels_none_is_missed(repo: Repo) -> None:
    pets(repo, "--description", "no labels")
    repo.write("data/pets/train/stray.jpg", "new")
    found = answer(repo, "update", "pets")
    assert (found["labelled"], found["without_label"]) == (0, 0)


def test_one_moved_box_is_one_reannotated_image(repo: Repo) -> None:
    init(repo)
    coco = {
        "images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}],
        "categories": [{"id": 7, "name": "cat"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 9, 9]},
            {"id": 2, "image_id": 2, "category_id": 7, "bbox": [0, 0, 9, 9]},
        ],
    }
    repo.write("boxes.json", json.dumps(coco))
    for name in "12":
        repo.write(f"{ROOT}/{name}.jpg", name)
    repo.dsv("add", ROOT, "--name", "pets", "--labels", "train=boxes.json")
    repo.commit("Add pets")
    before = read(repo, "pets").digest
    coco["annotations"][1]["bbox"] = [0, 0, 9, 8]
    repo.write("boxes.json", json.dumps(coco, indent=1))
    found = answer(repo, "update", "pets")
    assert kinds(found["diff"]["manifests"]) == {"reannotated": 1}
    assert [change["path"] for change in found["diff"]["manifests"][0]["changes"]] == ["2.jpg"]
    assert read(repo, "pets").digest != before
    assert version(repo) == "1.1"


def test_what_was_dropped_stays_out_until_it_is_another_content(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/train/cat/copy.jpg", "a cat")
    update(repo)
    repo.commit("With a copy")
    repo.dsv("dedupe", "pets")
    repo.commit("Without the copy")
    assert differences(repo) == CLEAN
    assert update(repo) == {}
    repo.write(f"{ROOT}/val/dog/new.jpg", "new")
    assert update(repo) == {"added": 1}
    assert "train/cat/copy.jpg" not in entries(repo)
    repo.commit("One more")
    repo.write(f"{ROOT}/train/cat/copy.jpg", "no copy any more")
    assert differences(repo) != CLEAN
    assert update(repo) == {"added": 1}
    assert "train/cat/copy.jpg" in entries(repo)
    assert differences(repo) == CLEAN


def test_a_line_taken_out_of_dropped_brings_the_file_back(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/train/cat/copy.jpg", "a cat")
    update(repo)
    repo.dsv("dedupe", "pets")
    assert differences(repo) == CLEAN
    (repo.path / "manifests/pets/dropped.jsonl").unlink()
    assert differences(repo) == (1, 0, 0, 0)
    assert update(repo) == {"copied": 1}


def test_a_mounted_merge_keeps_its_labels_and_hashes_nothing_again(repo: Repo) -> None:
    pets(repo)
    repo.write("wild/tiger/1.jpg", "a tiger")
    repo.dsv("add", "wild", "--name", "wild", "--labels", "{label}/*")
    age(repo, "data", "wild")
    repo.dsv("update", "pets")
    repo.dsv("update", "wild")
    repo.commit("Add wild")
    repo.dsv("merge", "pets", "wild", "--into", "all", "--version", "2.0")
    repo.commit("Merge")
    assert differences(repo, "all") == CLEAN
    (repo.path / "wild/tiger/1.jpg").rename(repo.path / "wild/tiger/first.jpg")
    repo.write(f"{ROOT}/train/cat/new.jpg", "new")
    found = answer(repo, "update", "all")
    assert kinds(found["diff"]["manifests"]) == {"added": 1, "renamed": 1}
    assert sum(one["hashed_files"] for one in (found, *found["sources"])) <= 2
    labels = entries(repo, "all")
    assert labels["wild/tiger/first.jpg"] == "tiger"
    assert labels["pets/train/cat/1.jpg"] == "cat"
    assert labels["pets/train/cat/new.jpg"] == "cat"
    assert differences(repo, "all") == CLEAN


def many(repo: Repo) -> None:
    """A manifest of so many files that its lists are split: 2 splits, 3 labels each."""
    init(repo)
    for number in range(6000):
        folder = f"{('train', 'val')[number % 2]}/{('cat', 'cow', 'dog')[number % 3]}"
        place = repo.path / ROOT / folder
        if number < 6:
            place.mkdir(parents=True)
        (place / f"{number}.jpg").write_bytes(b"%d" % number)
    age(repo)
    repo.dsv("add", ROOT, "--name", "pets", "--labels", PATTERN)


def test_the_layout_stays_and_only_lists_that_change_are_written(repo: Repo) -> None:
    many(repo)
    repo.commit("Add pets")
    layout = read(repo, "pets").layout
    lists = set(read(repo, "pets").lists)
    assert len(lists) > 1
    before = times(repo.path / "manifests/pets/files")
    data = repo.path / ROOT
    (data / "train/cat/0.jpg").rename(data / "train/cat/zero.jpg")
    (data / "train/cow/4.jpg").write_bytes(b"other")
    (data / "val/dog/5.jpg").unlink()
    repo.write(f"{ROOT}/train/cat/copy.jpg", "12")
    found = answer(repo, "update", "pets")
    assert kinds(found["diff"]["manifests"]) == {
        "copied": 1,
        "removed": 1,
        "modified": 1,
        "renamed": 1,
    }
    assert found["hashed_files"] <= 4
    assert found["lost"] == ["train/cow/4.jpg", "val/dog/5.jpg"]
    after = times(repo.path / "manifests/pets/files")
    written = {Path(path).name for path in after if after[path] != before[path]}
    touched = {
        read(repo, "pets").layout.place(path)[0].rpartition("/")[2]
        for path in ("train/cat/0.jpg", "train/cow/4.jpg", "val/dog/5.jpg", "train/cat/zero.jpg")
    }
    assert written == touched
    assert (read(repo, "pets").layout, set(read(repo, "pets").lists)) == (layout, lists)
    assert len(entries(repo)) == 6000
    assert differences(repo) == CLEAN

    repo.write(f"{ROOT}/test/emu/1.jpg", "emu")  # a folder that no list is for yet
    assert update(repo) == {"added": 1}
    assert len(entries(repo)) == 6001
    assert read(repo, "pets").layout == layout
    repo.commit("All of it")
    assert repo.dsv("check", "HEAD")
    assert differences(repo) == CLEAN


def test_lists_are_spread_anew_when_asked_for(repo: Repo) -> None:
    pets(repo)
    assert "the data is what the manifest says" in repo.dsv("update", "pets", "--relayout")
    for number in range(4100):
        repo.write(f"{ROOT}/{('val', 'train')[number % 2]}/cow/{number}.jpg", str(number))
    update(repo)
    assert read(repo, "pets").layout.depth == 0
    repo.commit("Cows")
    assert update(repo) == {}
    said = repo.dsv("update", "pets", "--relayout")
    assert "pets@1.2: next version of 1.1" in said
    assert read(repo, "pets").layout.depth == 1
    assert len(entries(repo)) == 4104
    assert sorted(read(repo, "pets").lists) == ["files/train.jsonl", "files/val.jsonl"]


def test_a_root_that_is_not_here_says_how_to_name_another(repo: Repo) -> None:
    pets(repo)
    (repo.path / ROOT).rename(repo.path / "moved")
    before = snapshot(repo, "manifests")
    done = repo.dsv_result("update", "pets")
    assert done.returncode == 2
    assert "git config dsv.pets.root FOLDER" in done.stderr
    assert snapshot(repo, "manifests") == before
    repo.git("config", "dsv.pets.root", "moved")
    assert update(repo) == {}


def test_an_unknown_name_names_the_nearest(repo: Repo) -> None:
    pets(repo)
    done = repo.dsv_result("update", "pest")
    assert (done.returncode, "did you mean pets?" in done.stderr) == (2, True)


def test_a_table_may_speak_of_files_that_were_dropped(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("data/a.jpg", "same")
    repo.write("data/b.jpg", "same")
    repo.write("labels.csv", "path,label\na.jpg,cat\nb.jpg,cat\n")
    repo.dsv("add", "data", "--name", "pets", "--labels", "labels.csv")
    repo.dsv("dedupe", "pets")
    done = repo.dsv_result("update", "pets")
    assert done.returncode == 0
    assert "labelled path" not in done.stderr
    assert len(entries_of(repo)) == 1


def entries_of(repo: Repo) -> list[str]:
    return (repo.path / "manifests/pets/files/_.jsonl").read_text().splitlines()
