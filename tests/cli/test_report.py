"""`dsv report`: one HTML page of a change, with pictures of what changed."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dsv_git.demo.story import IMAGES
from tests.conftest import Repo, new_team
from tests.manifests import INITIAL, write_manifest


class Seen(HTMLParser):
    """What a browser would make of a page: its text, its pictures, whatever leads elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.sources: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self.data = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert not [name for name in found if name.startswith("on")], found
        self._inside = found.get("id", "") if tag == "script" else tag if tag == "style" else ""
        self.scripts += tag == "script"
        if tag == "img":
            self.sources.append(found["src"])
        self.links += [
            found[name] for name in ("href", "action", "data", "poster") if name in found
        ]

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data += data
        elif not self._inside:
            self.words.append(data)

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    @property
    def text(self) -> str:
        """All that can be read, in one line."""
        return " ".join(" ".join(self.words).split())

    @property
    def rows(self) -> list[list[Any]]:
        """The list of changes: kind, path, former path, detail."""
        data = json.loads(self.data)
        return [[data["kinds"][row[1]][0], *row[2:]] for row in data["rows"]]

    @property
    def images(self) -> list[Image.Image]:
        """The pictures, decoded."""
        return [
            Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
            for source in self.sources
        ]


def report(repo: Repo, *args: str) -> Seen:
    repo.dsv("report", *args, "-o", "page.html")
    page = (repo.path / "page.html").read_text(encoding="utf-8")
    (repo.path / "page.html").unlink()
    return Seen(page)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two versions in two commits: a picture overwritten, one deleted, one moved to the folder of
    another label, one new."""
    folder = tmp_path_factory.mktemp("made")
    repo = new_team(folder)
    for label in ("cat", "rocket"):
        shutil.copytree(IMAGES / "kaggle/train" / label, repo.path / "data/train" / label)
    repo.dsv("add", "data", "--name", "pets", "--version", "1.0", "--labels", "{split}/{label}/*")
    repo.commit("First")
    cats = sorted((repo.path / "data/train/cat").iterdir())
    rockets = sorted((repo.path / "data/train/rocket").iterdir())
    shutil.copy(cats[0], repo.path / "data/train/cat/kept.jpg")
    shutil.copy(IMAGES / "kaggle/val/cat" / "img_0017.jpg", cats[0])
    cats[1].unlink()
    rockets[0].rename(repo.path / "data/train/cat" / rockets[0].name)
    repo.dsv("update", "pets")
    repo.commit("Second")
    return repo


@pytest.fixture
def pets(made: Repo, tmp_path: Path) -> Repo:
    """A copy of that repository with its data, to be changed."""
    place = tmp_path / "a team"
    shutil.copytree(made.path, place, symlinks=True)
    return Repo(place, made.env)


def test_the_page_says_what_changed(pets: Repo) -> None:
    page = report(pets, "HEAD~1..HEAD")
    files = len(list((pets.path / "data").rglob("*.jpg")))
    assert f"{files} → {files} files (0)" in page.text
    assert "pets 1.0 → 1.1: 1 removed, 1 modified, 1 moved, 1 copied, 1 relabelled." in page.text
    assert "relabelled: rocket → cat 1" in page.text
    version = json.loads((pets.path / "manifests/pets/versions/1.1.json").read_text())
    assert version["id"] in page.text
    assert pets.git("rev-parse", "--short=10", "HEAD") in page.text
    assert "Ada" in page.text
    assert sorted(row[0] for row in page.rows) == ["copied", "modified", "removed", "renamed"]
    (moved,) = (row for row in page.rows if row[0] == "renamed")
    assert moved[2].startswith("train/rocket/")
    assert moved[3] == "rocket → cat"


def test_the_page_is_self_contained(pets: Repo) -> None:
    page = report(pets)
    assert page.sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.sources)
    assert [link for link in page.links if not link.startswith("#")] == []
    assert page.scripts == 2


def test_a_modified_image_is_shown_before_and_after_where_its_former_content_still_is(
    pets: Repo,
) -> None:
    page = report(pets)
    # The one that was overwritten twice, for a copy of it is there; the moved one; not the deleted.
    assert len(page.images) == 3
    assert all(image.format == "JPEG" and max(image.size) <= 280 for image in page.images)
    assert page.sources[1] != page.sources[2]
    assert "1 image could not be shown" in page.text
    assert "before" in page.text
    (pets.path / "data/train/cat/kept.jpg").unlink()
    page = report(pets)
    assert len(page.images) == 2
    assert "not on this machine" in page.text


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_pair_of_pictures_counts_twice(pets: Repo, most: int) -> None:
    assert len(report(pets, "--pictures", str(most)).images) == min(most, 1)


def test_without_data_the_page_says_that_nothing_could_be_shown(pets: Repo) -> None:
    shutil.rmtree(pets.path / "data")
    done = pets.dsv_result("report", "-o", "page.html")
    assert done.returncode == 0
    assert "3 images could not be shown: the content is not on this machine" in done.stderr
    page = Seen((pets.path / "page.html").read_text(encoding="utf-8"))
    assert page.images == []
    assert "0 of 3 changed images" in page.text
    assert "was not found on this machine" in page.text
    assert len(page.rows) == 4


def test_a_file_with_other_content_than_the_manifest_says_is_not_shown(pets: Repo) -> None:
    for place in (pets.path / "data").rglob("*.jpg"):
        place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert report(pets).images == []


@pytest.mark.parametrize("most", [0, 1, 5])
def test_no_more_pictures_than_asked_for(repo: Repo, most: int) -> None:
    repo.dsv("init", "--registry", "local")
    shutil.copytree(IMAGES / "kaggle/val", repo.path / "data")
    repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    repo.commit("First")
    page = report(repo, "--pictures", str(most))
    assert len(page.images) == most
    labels = set(re.findall(r"([a-z]+) data/", page.text))
    assert len(labels) <= most
    if most:
        assert f"{most} of 8 changed images" in page.text


def test_without_a_range_it_is_what_the_branch_changed_else_the_last_data_change(
    pets: Repo, tmp_path: Path
) -> None:
    assert "pets 1.0 → 1.1" in report(pets).text
    pets.commit("Nothing", "--allow-empty")
    assert "pets 1.0 → 1.1" in report(pets).text
    pets.git("clone", "-q", "--bare", ".", str(tmp_path / "origin"))
    pets.git("remote", "add", "origin", str(tmp_path / "origin"))
    pets.git("fetch", "-q", "origin")
    pets.git("switch", "-q", "-c", "fewer", "--track", "origin/main")
    for version in ("1.2", "1.3"):
        next((pets.path / "data/train/rocket").glob("*.jpg")).unlink()
        pets.dsv("update", "pets", "--version", version)
        pets.commit(version)
    page = report(pets)
    assert "pets 1.1 → 1.3: 2 removed." in page.text
    assert "pets 1.1 → 1.3: 2 removed." in report(pets, "pets").text
    assert "pets 1.2 → 1.3: 1 removed." in report(pets, "HEAD~1..HEAD").text
    assert "pets@1.2" in page.text


def test_one_revision_is_compared_with_the_working_tree(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", {**INITIAL, "val/dog/new.jpg": "9"}, ["pets@1.0"])
    page = report(repo, "HEAD")
    assert "pets 1.0 → 1.1: 1 added." in page.text
    assert "not committed" in page.text


def test_no_change_is_a_page_that_says_so(pets: Repo) -> None:
    page = report(pets, "HEAD..HEAD")
    assert "No data changed between HEAD and HEAD." in page.text
    assert page.rows == []
    assert "pets@1.1" in page.text


def test_the_same_commits_and_data_give_the_same_bytes(pets: Repo) -> None:
    pets.dsv("report", "-o", "one.html")
    pets.dsv("report", "-o", "other.html")
    assert (pets.path / "one.html").read_bytes() == (pets.path / "other.html").read_bytes()


def test_without_a_file_the_page_is_where_no_commit_takes_it(pets: Repo) -> None:
    told = pets.dsv("report").splitlines()
    place = pets.path / ".git/dsv/report.html"
    assert told[1].startswith(place.as_uri())
    assert place.is_file()
    assert pets.status == ""


def test_a_program_is_told_where_the_page_is_and_what_it_shows(pets: Repo) -> None:
    text = pets.dsv("report", "HEAD~1..HEAD", "-o", "page.html").splitlines()[0]
    told = json.loads(pets.dsv("report", "HEAD~1..HEAD", "-o", "page.html", "--json"))
    assert told["schema"] == 1
    assert Path(told["page"]) == pets.path / "page.html"
    assert told["bytes"] == (pets.path / "page.html").stat().st_size
    assert told["headline"] == text
    assert told["diff"] == json.loads(pets.dsv("diff", "HEAD~1..HEAD", "--json"))


def test_wrong_usage_writes_nothing(pets: Repo) -> None:
    done = pets.dsv_result("report", "nowhere..HEAD", "-o", "page.html")
    assert done.returncode == 2
    assert "no commit 'nowhere'" in done.stderr
    assert pets.dsv_result("report", "--pictures", "-1", "-o", "page.html").returncode == 2
    assert not (pets.path / "page.html").exists()


def test_a_place_that_cannot_be_written_is_one_message(pets: Repo) -> None:
    pets.write("file", "x")
    done = pets.dsv_result("report", "-o", "file/page.html")
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) <= 2


def coco(boxes: list[list[float]]) -> str:
    annotations = [
        {"id": n, "image_id": 1, "category_id": 1, "bbox": box} for n, box in enumerate(boxes)
    ]
    images = [{"id": 1, "file_name": "a.png", "width": 200, "height": 100}]
    categories = [{"id": 1, "name": "cat"}]
    return json.dumps({"images": images, "annotations": annotations, "categories": categories})


def test_boxes_are_drawn_before_and_after_where_git_has_the_annotations(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    (repo.path / "data").mkdir()
    Image.new("RGB", (200, 100), "red").save(repo.path / "data/a.png")
    repo.write("boxes.json", coco([[20, 20, 60, 60]]))
    repo.dsv("add", "data", "--name", "pets", "--version", "1.0", "--labels", "all=boxes.json")
    repo.commit("First")
    repo.write("boxes.json", coco([[120, 20, 60, 60]]))
    repo.dsv("update", "pets")
    repo.commit("Second")
    page = report(repo)
    assert "with the boxes of their annotations" in page.text
    before, after = page.images
    assert _yellow(before, (20, 50)) and not _yellow(before, (120, 50))  # noqa: PT018
    assert _yellow(after, (120, 50)) and not _yellow(after, (20, 50))  # noqa: PT018
    (repo.path / "boxes.json").write_text(coco([[1, 1, 5, 5]]))
    repo.git("mv", "-f", "boxes.json", "elsewhere.json")
    repo.git("commit", "-q", "-m", "Away")
    assert len(report(repo, "HEAD~2..HEAD~1").images) == 2, "git still has them in both commits"


def _yellow(image: Image.Image, at: tuple[int, int]) -> bool:
    """Whether there is yellow within three pixels to the sides."""
    pixels = [image.convert("RGB").getpixel((at[0] + dx, at[1])) for dx in range(-3, 4)]
    return any(isinstance(p, tuple) and p[0] > 150 and p[1] > 120 and p[2] < 110 for p in pixels)


def test_a_mistyped_folder_is_not_made(pets: Repo, tmp_path: Path) -> None:
    place = tmp_path / "no where"
    done = pets.dsv_result("report", "HEAD~1", "-o", f"{place}/x.html")
    assert done.returncode == 2
    assert done.stderr == f"dsv: there is no folder {place}\n  mkdir -p '{place}'\n"
    assert not place.exists()
