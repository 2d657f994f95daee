"""docs/labels.md and docs/lists.md: every command does in a real repository what the page says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.cli.hand_made import read
from tests.conftest import SOURCE, Repo

BOX: Final = "0 .5 .5 .1 .1\n"
COCO: Final = '{"images": [{"id": 1, "file_name": "%s.jpg"}], "annotations": [], "categories": []}'
DATA: Final = {
    "data/pets/train/cat/1.jpg": "1",
    "data/pets/val/dog/2.jpg": "2",
    "data/coco/train/1.jpg": "3",
    "data/coco/val/2.jpg": "4",
    "data/coco/annotations/instances_train.json": COCO % "1",
    "data/coco/annotations/instances_val.json": COCO % "2",
    "data/coco8/data.yaml": "path: .\ntrain: images/train\nnames: [cat]\n",
    "data/coco8/images/train/1.jpg": "5",
    "data/coco8/labels/train/1.txt": BOX,
    "data/wild/train/0001.jpg": "6",
    "data/wild/train/0002.jpg": "7",
}


def blocks(page: str, language: str) -> list[str]:
    text = (SOURCE / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def commands(page: str) -> Iterator[list[str]]:
    """The words of every command of a page."""
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            yield shlex.split(line, comments=True)


def test_every_source_of_labels_is_added_as_its_page_says(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    for path, content in DATA.items():
        repo.write(path, content)
    (rows,) = blocks("labels.md", "json")
    repo.write("data/wild/train/metadata.jsonl", rows)
    for words in commands("labels.md"):
        repo.dsv(*words[1:])

    found = {
        name: [(e.label, e.split) for e in read(repo, name).entries if e.path.endswith(".jpg")]
        for name in ("pets", "coco", "coco8", "wild")
    }
    assert found == {
        "pets": [("cat", "train"), ("dog", "val")],
        "coco": [(None, "train"), (None, "val")],
        "coco8": [("cat", "train")],
        "wild": [("cat", "train"), ("dog", "train")],
    }


def test_the_tables_of_the_pages_are_read(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    repo.write("data/img_0001.jpg", "1")
    repo.write("labels.csv", blocks("labels.md", "csv")[0])
    repo.dsv("add", "data", "--name", "shots", "--labels", "labels.csv")
    (entry,) = read(repo, "shots").entries
    assert (entry.label, entry.split, entry.props) == (("cat", "dog"), "train", {"camera": "front"})

    for suffix, language in (("csv", "csv"), ("jsonl", "json")):
        repo.write(f"list.{suffix}", blocks("lists.md", language)[0])
        repo.write("pets/train/1.jpg", "1")
        repo.dsv("import", f"list.{suffix}", "--name", suffix, "--root", "pets")
    one, two = read(repo, "csv").entries
    assert read(repo, "jsonl").entries[0].label == one.label == ("cat", "dog")
    assert (one.props, two.props, two.hash[:4]) == ({"width": 640}, {"width": "640"}, "md5:")


def test_lists_go_out_and_come_back(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    repo.write("data/youtube/train/=1.jpg", "1")
    repo.write("data/youtube/train/2.jpg", "2")
    pattern = ("--labels", "{split}/*")
    repo.dsv("add", "data/youtube", "-n", "youtube", "--version", "1.0-youtube", *pattern)
    repo.commit("Add youtube")
    for words in commands("lists.md"):
        end = words.index(">") if ">" in words else len(words)
        answer = repo.dsv(*words[1:end])
        for place in words[end + 1 :]:
            repo.write(place, answer)

    first, second = (read(repo, name) for name in ("youtube", "youtube2"))
    assert first.digest == second.digest
    assert Path(repo.path / "youtube.jsonl").read_bytes() == first.files.read("files/_.jsonl")
