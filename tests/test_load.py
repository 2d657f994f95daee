"""`dsv_git.load`: a version for Python code."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dsv_git
from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from tests.conftest import Repo, new_team
from tests.manifests import INITIAL, write_manifest

MORE = {**INITIAL, "train/cat/d.jpg": "44"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two registered versions, and the data of the newer one on disk."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place)
    repo.write(".gitignore", "/data/\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    repo.commit("Second")
    for path, text in MORE.items():
        repo.write(f"data/pets/{path}", text)
    return repo


@pytest.fixture
def pets(built: Repo, tmp_path: Path) -> Repo:
    """A copy of that repository, to work in."""
    return built.copy(tmp_path / "a team")


def refused(*arguments: str | Path, **more: str | bool) -> str:
    """What `load` says where it refuses."""
    with pytest.raises(InputError) as caught:
        dsv_git.load(*arguments, **more)  # type: ignore[arg-type]
    return str(caught.value)


def test_the_working_tree_is_a_registered_version(pets: Repo) -> None:
    found = dsv_git.load("pets", pets.path)
    record = json.loads((pets.path / "manifests/pets/versions/1.1.json").read_text())
    assert (found.name, found.version) == ("pets", "1.1")
    assert (found.id, found.key, found.digest) == (record["id"], record["key"], record["digest"])
    assert len(found) == 4
    assert [entry.path for entry in found] == sorted(MORE)
    assert found.stats.images == {"cat": 3, "dog": 1}
    assert found.root == pets.path / "data/pets"
    assert [path.read_text() for path in found.paths] == [MORE[path] for path in sorted(MORE)]
    assert found == dsv_git.load("pets", str(pets.path / "manifests"))
    sent = pickle.dumps(found)  # a data loader sends it to its workers
    assert pickle.loads(sent) == found  # noqa: S301


def test_the_current_folder_is_the_default(pets: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pets.path / "data")
    assert dsv_git.load("pets").version == "1.1"


def test_a_draft_is_refused_unless_it_is_asked_for(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.2", MORE, ["pets@1.1"])
    assert "pets@1.2 is a draft that is not committed" in refused("pets", pets.path)
    found = dsv_git.load("pets", pets.path, strict=False)
    assert (found.version, found.id) == ("1.2", None)
    pets.git("add", "-A")
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "Quietly")
    assert "pets@1.2 is not registered yet\n  dsv sync" in refused("pets", pets.path)
    pets.dsv("sync")
    assert dsv_git.load("pets", pets.path).id is not None


def test_an_edit_of_parents_alone_is_another_version(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.1", MORE)
    assert "draft" in refused("pets", pets.path)


@pytest.mark.parametrize(
    ("path", "content"),
    [("train/cat/a.jpg", None), ("train/cat/a.jpg", "longer"), ("train/cat/new.jpg", "n")],
)
def test_data_that_drifted_is_refused(pets: Repo, path: str, content: str | None) -> None:
    place = pets.path / "data/pets" / path
    if content is None:
        place.unlink()
    else:
        place.write_text(content)
    said = refused("pets", pets.path)
    assert path in said
    assert "dsv update pets" in said
    assert dsv_git.load("pets", pets.path, strict=False).version == "1.1"
    assert dsv_git.load("pets", pets.path, rev="HEAD").version == "1.1"


def test_data_that_is_not_on_this_machine_is_refused_where_it_matters(pets: Repo) -> None:
    shutil.rmtree(pets.path / "data")
    said = refused("pets", pets.path)
    assert "the data of pets is not at" in said
    assert "git config dsv.pets.root FOLDER" in said
    assert len(dsv_git.load("pets", pets.path, strict=False)) == 4


def test_a_revision_and_an_id_name_former_versions(pets: Repo) -> None:
    first = dsv_git.load("pets", pets.path, rev="HEAD~1")
    assert (first.version, len(first)) == ("1.0", 3)
    assert first.id is not None
    assert dsv_git.load("pets", pets.path, id=first.id) == first
    path = pets.path / "manifests/pets/versions/1.0.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "id": "48b8", "former_ids": [record["id"]]}))
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Promoted")
    assert dsv_git.load("pets", pets.path, id=first.id).id == "48b8"
    for other in ("48b8", "clearml:48b8", f"clearml:{first.id}"):
        assert dsv_git.load("pets", pets.path, id=other).entries == first.entries
    assert dsv_git.load("pets", pets.path, rev="HEAD~2").id == "48b8"


def test_a_version_is_a_revision_where_git_knows_none_of_that_name(pets: Repo) -> None:
    first = dsv_git.load("pets", pets.path, rev="HEAD~1")
    assert dsv_git.load("pets", pets.path, rev="1.0") == first
    assert dsv_git.load("pets", pets.path, rev="pets@1.0") == first
    pets.git("tag", "1.0")
    assert dsv_git.load("pets", pets.path, rev="1.0").version == "1.1"


def test_a_record_that_came_later_counts_for_the_revision(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\nwriteback: commit\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    assert "pets@1.0 is not registered yet" in refused("pets", repo.path, rev="HEAD")
    assert dsv_git.load("pets", repo.path, rev="HEAD", strict=False).id is None
    repo.dsv("sync")
    assert dsv_git.load("pets", repo.path, rev="HEAD~1").id is not None


def test_an_override_leads_to_the_data_of_every_version(pets: Repo, tmp_path: Path) -> None:
    moved = tmp_path / "nas"
    (pets.path / "data/pets").rename(moved)
    pets.git("config", "dsv.pets.root", str(moved))
    assert dsv_git.load("pets", pets.path).root == moved
    assert dsv_git.load("pets", pets.path, rev="HEAD~1").root == moved


def test_an_override_may_begin_at_the_home_folder(
    pets: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (pets.path / "data/pets").rename(tmp_path / "nas")
    pets.git("config", "dsv.pets.root", "~/nas")
    assert dsv_git.load("pets", pets.path).root == tmp_path / "nas"


def test_a_url_is_refused_when_a_path_is_asked_for(pets: Repo) -> None:
    path = pets.path / "manifests/pets/manifest.yaml"
    path.write_text(path.read_text().replace("data/pets", "s3://lake/pets"))
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Lake")
    found = dsv_git.load("pets", pets.path, strict=False)
    assert len(found) == 4
    assert found.id is not None
    assert dsv_git.load("pets", pets.path, id=found.id) == found
    with pytest.raises(InputError, match=r"git config dsv\.pets\.root FOLDER"):
        _ = found.root


def test_several_roots_have_a_folder_each(pets: Repo) -> None:
    path = pets.path / "manifests/pets/manifest.yaml"
    text = path.read_text().replace("root: data/pets", "roots: {train: data/a, val: /mnt/b}")
    path.write_text(text)
    pets.git("config", "dsv.pets/train.root", "../elsewhere")
    found = dsv_git.load("pets", pets.path, strict=False)
    assert found.roots == {"train": pets.path / "../elsewhere", "val": Path("/mnt/b")}
    assert found.path(found.entries[0]) == pets.path / "../elsewhere/cat/a.jpg"
    with pytest.raises(InputError, match="several roots"):
        _ = found.root
    with pytest.raises(InputError, match="below none of the roots"):
        found.path(Entry("test/x.jpg", 1, found.entries[0].hash))


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", ".git/config", "a\0b"])
def test_a_path_never_leaves_its_root(pets: Repo, path: str) -> None:
    found = dsv_git.load("pets", pets.path)
    with pytest.raises(InputError, match="the path"):
        found.path(Entry(path, 1, found.entries[0].hash))


def test_what_cannot_be_loaded_is_named(pets: Repo) -> None:
    assert "did you mean pets?" in refused("pest", pets.path)
    assert "no manifest pest" in refused("pest", pets.path, rev="HEAD~1")
    assert "git knows no commit 'nope'" in refused("pets", pets.path, rev="nope")
    assert "no version of pets has the ID local:1" in refused("pets", pets.path, id="local:1")
    assert "exclude each other" in refused("pets", pets.path, id="x", rev="HEAD")
    assert "no such folder" in refused("pets", pets.path / "nowhere")


def test_the_package_starts_without_what_load_needs() -> None:
    code = "import dsv_git, sys; print([m for m in sys.modules if m.startswith('dsv_git.')])"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_id_that_was_replaced_still_names_its_content(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("data/pets/a.jpg", "1")
    repo.dsv("add", "data/pets", "--name", "pets")
    repo.commit("First")
    first = json.loads(repo.dsv("show", "pets", "--json"))["id"]
    repo.write("data/pets/b.jpg", "2")
    repo.dsv("update", "pets", "--same-version")
    repo.git("commit", "-q", "-a", "--amend", "--no-edit")
    found = dsv_git.load("pets", repo=repo.path, id=first)
    assert (found.id, [entry.path for entry in found]) == (first, ["a.jpg"])
    assert "its manifest is kept" in repo.dsv_result("show", first).stderr


def test_an_id_of_another_manifest_is_refused_with_its_name(pets: Repo) -> None:
    pets.git("mv", "manifests/pets", "manifests/zoo")
    pets.git("commit", "-qm", "Renamed")
    write_manifest(pets, "cam", "1.0")
    pets.commit("Another")
    first = dsv_git.load("pets", pets.path, rev="HEAD~2", strict=False)
    other = dsv_git.load("cam", pets.path, rev="HEAD")
    assert first.id is not None
    assert other.id is not None
    assert f"{other.id} is cam@1.0" in refused("zoo", pets.path, id=other.id)
    assert f"{other.id} is cam@1.0" in refused("typo", pets.path, id=other.id)
    assert f"{first.id} is zoo@1.1" in refused("cam", pets.path, id=first.id)
    assert dsv_git.load("zoo", pets.path, id=first.id).version == "1.1"
    assert dsv_git.load("pets", pets.path, id=first.id).version == "1.1"
    assert "did you mean cam?" in refused("camm", pets.path, id="local:1")


def test_a_dropped_id_of_another_manifest_is_refused_with_its_name(pets: Repo) -> None:
    write_manifest(pets, "cam", "1.0")
    pets.commit("Another")
    other = dsv_git.load("cam", pets.path, rev="HEAD")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    assert other.id is not None
    assert f"{other.id} is cam@1.0" in refused("pets", pets.path, id=other.id)
    assert dsv_git.load("cam", pets.path, id=other.id).version == "1.0"


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(InputError, match="needs the name of a manifest"):
        dsv_git.load(None)  # type: ignore[arg-type]
