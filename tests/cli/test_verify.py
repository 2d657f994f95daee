"""`dsv verify`: data against a version, by content."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANY_CONTENT, Repo, new_team
from tests.manifests import write_manifest

CALM = 1_600_000_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repo, Path]:
    """A version of twelve files, times long ago, so that they are remembered; and a copy of it."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place, ANY_CONTENT)
    for number in range(12):
        file = repo.write(f"data/cat/{number}.jpg", f"content {number:2}")
        os.utime(file, (CALM, CALM))
    repo.dsv("add", "data", "--name", "pets", "--version", "1.0")
    repo.commit("First")
    shutil.copytree(repo.path, place / "copy", symlinks=True)
    return repo, place / "copy"


@pytest.fixture
def pets(built: tuple[Repo, Path]) -> Repo:
    """That repository as it was built, where it was built."""
    repo, copy = built
    shutil.rmtree(repo.path)
    shutil.copytree(copy, repo.path, symlinks=True)
    return repo


def answer(repo: Repo, *args: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("verify", *args, "--json", code=code))
    return found


def paths(found: list[dict[str, str]]) -> list[str]:
    return [one["path"] for one in found]


def rot(place: Path) -> None:
    """Another content of the same size and time: what a disk does."""
    data = place.read_bytes()
    place.write_bytes(data[:-1] + b"#")
    os.utime(place, (CALM, CALM))


def test_data_that_is_as_the_manifest_says_is_sound(pets: Repo) -> None:
    told = pets.dsv("verify", "pets")
    assert told == "pets@1.0: 12 files (120 bytes) as the manifest says\n"


def test_what_is_missing_damaged_and_extra_is_told_and_the_exit_code_is_1(pets: Repo) -> None:
    rot(pets.path / "data/cat/1.jpg")
    pets.write("data/cat/2.jpg", "longer than it was")
    (pets.path / "data/cat/3.jpg").unlink()
    pets.write("data/new.jpg", "new")
    found = answer(pets, "pets", code=1)
    assert found["sound"] is False
    assert paths(found["damaged"]) == ["cat/1.jpg", "cat/2.jpg"]
    assert paths(found["missing"]) == ["cat/3.jpg"]
    assert found["extra"] == ["new.jpg"]
    told = pets.dsv("verify", "pets@1.0", code=1)
    assert "1 missing, 2 damaged, 1 extra" in told
    assert "damaged  cat/1.jpg: other content" in told


def test_rot_that_status_cannot_see_is_seen_unless_only_the_changed_are_asked_for(
    pets: Repo,
) -> None:
    rot(pets.path / "data/cat/1.jpg")
    place = pets.write("data/cat/2.jpg", "content XX")
    os.utime(place, (CALM + 1, CALM + 1))
    found = answer(pets, "pets", "--changed", code=1)
    assert found["checked"] == 1
    assert paths(found["damaged"]) == ["cat/2.jpg"]
    assert paths(answer(pets, "pets", code=1)["damaged"]) == ["cat/1.jpg", "cat/2.jpg"]


def test_files_that_a_former_version_does_not_name_are_no_problem_of_it(pets: Repo) -> None:
    pets.write("data/dog.jpg", "dog")
    assert answer(pets, "pets", code=1)["extra"] == ["dog.jpg"]
    pets.dsv("update", "pets")
    pets.commit("Second")
    assert answer(pets, "pets@1.0")["extra"] == ["dog.jpg"]
    assert answer(pets, "pets")["extra"] == []


def test_what_was_dropped_on_purpose_is_not_extra_unless_its_content_is_another(
    pets: Repo,
) -> None:
    pets.write("data/twin.jpg", "content  1")
    pets.dsv("update", "pets")
    pets.dsv("dedupe", "pets")
    assert answer(pets, "pets")["extra"] == []
    pets.write("data/twin.jpg", "another")
    assert answer(pets, "pets", code=1)["extra"] == ["twin.jpg"]


def test_a_sample_is_the_same_again_with_its_seed_and_says_what_it_tells(pets: Repo) -> None:
    for number in range(6):
        rot(pets.path / f"data/cat/{number}.jpg")
    first = answer(pets, "pets", "--sample", "50%", "--seed", "3", code=1)
    again = answer(pets, "pets", "--sample", "6", "--seed", "3", code=1)
    assert first == again
    assert first["checked"] == 6
    assert first["sample"]["confidence"] == 0.99
    assert first["extra"] is None
    told = pets.dsv("verify", "pets", "--sample", "11", code=1)
    assert " of 12 files checked: below " in told
    assert "% damaged or missing, at 99 % confidence" in told


@pytest.mark.parametrize("asked", ["0", "101%", "nan%", "many"])
def test_a_sample_that_is_none_says_how_to_ask(pets: Repo, asked: str) -> None:
    done = pets.dsv_result("verify", "pets", f"--sample={asked}")
    assert done.returncode == 2
    assert "--sample 5%" in done.stderr


def test_each_entry_is_checked_by_its_own_algorithm(repo: Repo) -> None:
    repo.dsv("init")
    contents = {name: name.encode() for name in ("md5", "sha256", "etag", "parts")}
    md5 = {name: hashlib.md5(data).hexdigest() for name, data in contents.items()}  # noqa: S324
    hashes = {
        "md5": f"md5:{md5['md5']}",
        "sha256": f"sha256:{hashlib.sha256(contents['sha256']).hexdigest()}",
        "etag": f"etag:{md5['etag']}",
        "parts": f"etag:{md5['parts']}-2",
    }
    rows = "".join(
        json.dumps({"path": name, "size": len(contents[name]), "hash": hashes[name]}) + "\n"
        for name in sorted(contents)
    ).replace(": ", ":")
    write_manifest(repo, "old", "1.0", {"x": "1"})
    repo.write("manifests/old/files/_.jsonl", rows.replace(", ", ","))
    text = (repo.path / "manifests/old/manifest.yaml").read_text()
    root = next(
        line.split("root: ")[1].strip(" }") for line in text.splitlines() if "root: " in line
    )
    for name, data in contents.items():
        repo.write(f"{root}/{name}", data)
    found = answer(repo, "old")
    assert (found["checked"], paths(found["unproven"])) == (4, ["parts"])
    for name, data in contents.items():
        repo.write(f"{root}/{name}", bytes(len(data)))
    found = answer(repo, "old", code=1)
    assert paths(found["damaged"]) == ["md5", "sha256"]


def test_a_symbolic_link_is_the_file_inside_that_it_means_and_leads_nowhere_else(
    pets: Repo, tmp_path: Path
) -> None:
    (pets.path / "data/cat/link.jpg").symlink_to("1.jpg")
    pets.dsv("update", "pets")
    assert answer(pets, "pets")["sound"]
    outside = tmp_path / "same.jpg"
    outside.write_text("content  1")
    (pets.path / "data/cat/1.jpg").unlink()
    (pets.path / "data/cat/1.jpg").symlink_to(outside)
    found = answer(pets, "pets", code=1)
    assert paths(found["missing"]) == ["cat/1.jpg", "cat/link.jpg"]


def test_a_root_that_is_not_there_says_how_to_name_another(pets: Repo) -> None:
    (pets.path / "data").rename(pets.path.parent / "moved")
    done = pets.dsv_result("verify", "pets")
    assert done.returncode == 2
    assert "git config dsv.pets.root" in done.stderr
    pets.git("config", "dsv.pets.root", str(pets.path.parent / "moved"))
    assert answer(pets, "pets")["sound"]


def test_a_version_that_no_branch_has_any_more_is_found_among_the_kept_ones(pets: Repo) -> None:
    pets.write("data/dog.jpg", "dog")
    pets.dsv("update", "pets")
    pets.commit("Second")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    assert answer(pets, "pets@1.1")["files"] == 13
    assert answer(pets, "pets@HEAD", code=1)["extra"] == ["dog.jpg"]
    done = pets.dsv_result("verify", "pets@9.9")
    assert (done.returncode, "no version pets@9.9" in done.stderr) == (2, True)


def test_a_sample_of_every_file_gives_the_exact_answer(pets: Repo) -> None:
    assert pets.dsv("verify", "pets", "--sample", "100%") == (
        "pets@1.0: 12 files (120 bytes) as the manifest says\n"
    )
    rot(pets.path / "data/cat/1.jpg")
    told = pets.dsv("verify", "pets", "--sample", code=1)
    assert told.startswith("pets@1.0: 12 of 12 files checked: 1 damaged\n")
    assert answer(pets, "pets", "--sample", "12", code=1)["sample"] is None


def test_of_extra_files_alone_it_says_to_update_and_not_to_restore(pets: Repo) -> None:
    pets.write("data/new.jpg", "new")
    told = pets.dsv("verify", "pets", code=1)
    assert "  next: dsv update pets takes the extra files in; or remove them\n" in told
    assert "restore" not in told
    (pets.path / "data/cat/1.jpg").unlink()
    told = pets.dsv("verify", "pets", code=1)
    assert "next: dsv restore pets@1.0 --to" in told


def test_what_was_proven_wrong_is_no_longer_taken_for_right(pets: Repo) -> None:
    rot(pets.path / "data/cat/1.jpg")
    assert answer(pets, "pets", "--changed")["checked"] == 0
    assert "as the manifest says" in pets.dsv("status")
    pets.dsv("verify", "pets", code=1)
    for _ in range(2):
        found = answer(pets, "pets", "--changed", code=1)
        assert (found["checked"], paths(found["damaged"])) == (1, ["cat/1.jpg"])
        (state,) = json.loads(pets.dsv("status", "--json"))["manifests"]
        assert (state["data"]["changed"], state["data"]["sample"]) == (1, ["cat/1.jpg"])
    said = pets.dsv("update", "pets")
    assert "1 former content exists nowhere else now: cat/1.jpg" in said
    assert answer(pets, "pets", "--changed")["checked"] == 0
    assert answer(pets, "pets")["sound"]


def test_a_file_that_was_proven_wrong_and_is_right_again_is_known_again(pets: Repo) -> None:
    place = pets.path / "data/cat/1.jpg"
    right = place.read_bytes()
    rot(place)
    pets.dsv("verify", "pets", code=1)
    place.write_bytes(right)
    os.utime(place, (CALM, CALM))
    assert "as the manifest says" in pets.dsv("status")
    assert answer(pets, "pets", "--changed")["checked"] == 0


def test_a_file_that_differs_from_a_former_version_is_remembered_as_it_is(pets: Repo) -> None:
    place = pets.write("data/cat/1.jpg", "content XX")
    os.utime(place, (CALM, CALM + 1))
    pets.dsv("update", "pets")
    pets.commit("Second")
    assert paths(answer(pets, "pets@1.0", code=1)["damaged"]) == ["cat/1.jpg"]
    assert answer(pets, "pets", "--changed")["checked"] == 0


def test_every_manifest_of_one_folder_forgets_what_was_proven_wrong(pets: Repo) -> None:
    pets.dsv("add", "data", "--name", "same", "--version", "1.0")
    assert answer(pets, "same", "--changed")["checked"] == 0
    rot(pets.path / "data/cat/1.jpg")
    pets.dsv("verify", "pets", code=1)
    assert paths(answer(pets, "same", "--changed", code=1)["damaged"]) == ["cat/1.jpg"]
