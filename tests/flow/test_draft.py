"""Writing a version into the working tree: whole or not at all, and only what changed."""

from __future__ import annotations

import pytest

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import ATTRIBUTES, IGNORE, first_text, new_name, write_draft
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import MOST_ROWS
from tests.cli.hand_made import make, read, record, row, snapshot
from tests.conftest import Repo

ROWS = [row("cat/a.jpg", "1"), row("dog/b.jpg", "2")]
TEXT = first_text(Declaration("pets", "1.0", Data({"": "data"})), ROWS)


@pytest.fixture
def workspace(repo: Repo) -> Workspace:
    repo.write(".dsv.yaml", "registry: local\n")
    return Workspace.open(repo.path)


def test_the_first_write_brings_the_settings_too(repo: Repo, workspace: Workspace) -> None:
    changed = write_draft(workspace, "pets", TEXT, ROWS)
    assert changed == ("files/_.jsonl", "manifest.yaml")
    assert (repo.path / "manifests/.gitattributes").read_bytes() == ATTRIBUTES
    assert (repo.path / "manifests/.gitignore").read_bytes() == IGNORE
    assert read(repo, "pets").entries == tuple(ROWS)


def test_settings_that_are_there_stay(repo: Repo, workspace: Workspace) -> None:
    repo.write("manifests/.gitattributes", "*.jsonl -text\n")
    write_draft(workspace, "pets", TEXT, ROWS)
    assert (repo.path / "manifests/.gitattributes").read_text() == "*.jsonl -text\n"


def test_only_changed_lists_are_written_and_records_stay(repo: Repo, workspace: Workspace) -> None:
    text = TEXT.replace("depth: 0", "depth: 1")
    write_draft(workspace, "pets", text, [*ROWS, row("cow/c.jpg", "3")])
    record(repo, "pets")
    before = {path: (repo.path / path).stat().st_mtime_ns for path in snapshot(repo, "manifests")}
    changed = write_draft(workspace, "pets", text, [ROWS[0], row("dog/b.jpg", "9")])
    assert set(changed) == {"files/dog.jsonl", "files/cow.jsonl"}
    after = {path: (repo.path / path).stat().st_mtime_ns for path in snapshot(repo, "manifests")}
    assert before.keys() - after.keys() == {"manifests/pets/files/cow.jsonl"}
    assert [path for path in after if after[path] != before[path]] == [
        "manifests/pets/files/dog.jsonl"
    ]


def test_what_a_person_keeps_beside_the_lists_stays(repo: Repo, workspace: Workspace) -> None:
    write_draft(workspace, "pets", TEXT, ROWS, [Dropped("x", ROWS[0].hash, "blurred")])
    repo.write("manifests/pets/README.md", "ours")
    repo.write("manifests/pets/files/notes.txt", "ours")
    changed = write_draft(workspace, "pets", TEXT, ROWS)
    assert changed == ("dropped.jsonl",)
    assert {path.removeprefix("manifests/pets/") for path in snapshot(repo, "manifests/pets")} == {
        "README.md",
        "files/_.jsonl",
        "files/notes.txt",
        "manifest.yaml",
    }


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "a/../b", "../b", "a//b", "a/.GIT/config", ".git", "a\0b", ".", "a/"]
)
def test_an_unsafe_path_writes_nothing(repo: Repo, workspace: Workspace, path: str) -> None:
    # The folder of the path is known as safe already.
    first = Entry(path.rpartition("/")[0].strip("/") + "x", 1, ROWS[0].hash)
    with pytest.raises(InputError):
        write_draft(workspace, "pets", TEXT, [*ROWS, first, row(path, "1")])
    assert not (repo.path / "manifests").exists()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (TEXT, [ROWS[0], ROWS[0]]),
        (TEXT, [row("\udcff.jpg", "1")]),
        (TEXT.replace("depth: 0", "depth: 1"), [row("cat/a", "1"), row("CAT/b", "2")]),
        (TEXT.replace("version: 1.0", "version: a@b"), ROWS),
        ("format: 1\n", ROWS),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(
    repo: Repo, workspace: Workspace, text: str, rows: list[Entry]
) -> None:
    with pytest.raises(InputError):
        write_draft(workspace, "pets", text, rows)
    assert not (repo.path / "manifests").exists()


def test_the_layout_of_a_first_write_fits_its_entries() -> None:
    many = [Entry(f"{n % 2}/{n}", 1, ROWS[0].hash) for n in range(MOST_ROWS + 1)]
    declaration = Declaration("pets", "1.0", Data({"": "data"}))
    assert "layout: {depth: 1}" in first_text(declaration, many)
    assert "layout: {depth: 0}" in first_text(declaration, ROWS)


@pytest.mark.parametrize(
    "name", ["", "..", "a//b", "a/files", "versions/a", "é", "a b", "pets", "PETS", "pets/x", "Zoo"]
)
def test_a_name_that_cannot_be_is_refused(repo: Repo, workspace: Workspace, name: str) -> None:
    make(repo, "pets", "1.0", ROWS)
    make(repo, "zoo/birds", "1.0", ROWS)
    with pytest.raises(InputError):
        new_name(workspace, name)
    assert new_name(workspace, "zoo/fish") == "zoo/fish"
