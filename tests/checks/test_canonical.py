"""Rule `canonical`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.checks.canonical import misplaced
from dsv_git.checks.listfile import folder_of
from dsv_git.manifest.layout import Layout
from tests.checks.conftest import edit, finding, findings, register, severities
from tests.conftest import Repo
from tests.manifests import INITIAL, entries, write_manifest

LIST = "manifests/pets/files/_.jsonl"
A, B, C = (f'"path":"{path}"' for path in INITIAL)


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A manifest whose three rows are in one list."""
    write_manifest(team, "pets", "1.0")
    return team


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (f"{{{A},", f"{{{A}, ", 1, "spacing"),
        (f'{B},"size":1', f'"size":1,{B}', 2, "key order"),
        (B, '"path":"train\\/dog\\/b.jpg"', 2, "spacing"),
        ('"label":"dog"', '"label":"dog","props":{}', 2, "spacing"),
        ("\n", "\r\n", 1, "CRLF"),
        (B, '"path":"a"', 2, "sorted"),
        (B, A, 2, "twice"),
        ('"label":"dog"', '"label":["dog","cat"]', 2, "sorted list"),
        ('"label":"dog"', '"label":"dog","label":"dog"', 2, ""),
    ],
)
def test_another_encoding_of_the_same_rows(
    pets: Repo, old: str, new: str, line: int, said: str
) -> None:
    edit(pets, LIST, old, new)
    found = finding(pets, "canonical")
    assert (found["file"], found["line"]) == (LIST, line)
    assert said in found["message"]


def test_the_last_line_ends_too(pets: Repo) -> None:
    place = pets.path / LIST
    place.write_bytes(place.read_bytes()[:-1])
    assert finding(pets, "canonical")["line"] == 3
    assert severities(pets, "canonical") == [["warn"], []]


def test_an_empty_list(pets: Repo) -> None:
    pets.write("manifests/pets/files/_.jsonl", b"")
    assert "empty list" in finding(pets, "canonical")["message"]


def test_a_row_of_another_list_is_named_with_its_place(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.0", INITIAL, layout=Layout(1))
    assert findings(pets) == []
    val = pets.path / "manifests/pets/files/val.jsonl"
    row = val.read_text().replace("cat/c.jpg", "val/cat/c.jpg")
    val.unlink()
    pets.write(LIST, row)
    found = finding(pets, "canonical")
    assert (found["file"], found["line"]) == (LIST, 1)
    assert found["concerned"] == ["val/cat/c.jpg (in files/val.jsonl)"]


def test_a_few_rows_are_named_and_the_rest_counted(pets: Repo) -> None:
    many = {f"train/cat/{n}.jpg": str(n) for n in range(8)}
    write_manifest(pets, "pets", "1.0", many)
    edit(pets, "manifests/pets/manifest.yaml", "depth: 0", "depth: 1")
    found = finding(pets, "canonical")
    assert (len(found["concerned"]), found["more"]) == (3, 5)


def test_a_split_list_is_judged_row_by_row() -> None:
    layout, paths = Layout(0, {"_": 1}), [f"a/{number}.jpg" for number in range(40)]
    at_home = [path for path in paths if layout.place(path)[0] == "files/_~0.jsonl"]
    assert 0 < len(at_home) < len(paths)
    found = misplaced(layout, "files/_~0.jsonl", "", [*at_home, *paths])
    wrong = [path for path, _ in found.values()]
    assert wrong == [path for path in paths if path not in at_home]


def test_a_list_that_the_layout_does_not_split_so(pets: Repo) -> None:
    contents = {f"train/cat/{n}.jpg": str(n) for n in range(20)}
    write_manifest(pets, "pets", "1.0", contents, layout=Layout(1, {"train": 1}))
    assert findings(pets) == []
    edit(pets, "manifests/pets/manifest.yaml", ", fan: {train: 1}", "")
    found = findings(pets)
    assert {one["rule"] for one in found} == {"canonical"}
    assert all("train~" in one["file"] for one in found)


@pytest.mark.parametrize(
    "name", ["a b", "%41", "a%2fb", "a%2Fb", "%FF", ".x", "a.jsonl", "é", "x/_"]
)
def test_a_list_whose_name_encodes_no_folder(pets: Repo, name: str) -> None:
    write_manifest(pets, "pets", "1.0", INITIAL, layout=Layout(2))
    row = '{"path":"r.jpg","size":1,"hash":"xxh3:' + "0" * 32 + '"}\n'
    pets.write(f"manifests/pets/files/{name}.jsonl", row)
    found = findings(pets)
    assert [one["rule"] for one in found] == ["canonical"]
    assert found[0]["file"] == f"manifests/pets/files/{name}.jsonl"


def test_two_lists_that_macos_takes_for_one(pets: Repo) -> None:
    pets.write(".dsv.yaml", "registry: local\nchecks: {case-collision: off}\n")
    contents = {"Train/a.jpg": "1", "test/b.jpg": "2"}
    write_manifest(pets, "pets", "1.0", contents, layout=Layout(2))
    assert findings(pets) == []
    row = '{"path":"a.jpg","size":1,"hash":"xxh3:' + "0" * 32 + '"}\n'
    pets.write("manifests/pets/files/train.jsonl", row)
    assert "case alone" in finding(pets, "canonical")["message"]
    (pets.path / "manifests/pets/files/train.jsonl").unlink()
    pets.write("manifests/pets/files/TEST/cat.jsonl", row)
    pets.write("manifests/pets/files/test/dog.jsonl", row)
    assert "files/TEST" in finding(pets, "canonical")["message"]


def test_a_list_name_in_bytes_that_are_no_text_is_no_crash(pets: Repo) -> None:
    folder = bytes(pets.path) + b"/manifests/pets/files/"
    with open(folder + b"\xff.jsonl", "wb") as file:
        file.write((pets.path / LIST).read_bytes())
    assert finding(pets, "canonical")["file"].endswith("\\udcff.jsonl")
    pets.commit("Odd")
    assert "xff" in pets.dsv("check", "HEAD", code=1).replace("udcff", "xff")


def test_records_have_one_encoding_and_one_name(pets: Repo) -> None:
    register(pets, "pets", "1.0")
    record = pets.path / "manifests/pets/versions/1.0.json"
    text = record.read_text()
    record.write_text(text.replace("  ", " "))
    assert "sorted keys" in finding(pets, "canonical")["message"]
    record.unlink()
    pets.write("manifests/pets/versions/1.0-x.json", text)
    assert "versions/1.0.json" in finding(pets, "canonical")["message"]


def test_what_is_left_out_has_one_encoding(pets: Repo) -> None:
    rows = [f'{{"path":"{p}","hash":"xxh3:{"0" * 32}","why":"dark"}}\n' for p in ("a", "b")]
    pets.write("manifests/pets/dropped.jsonl", "".join(rows))
    assert findings(pets) == []
    pets.write("manifests/pets/dropped.jsonl", rows[1] + rows[0])
    assert finding(pets, "canonical")["line"] == 1
    pets.write("manifests/pets/dropped.jsonl", rows[0] + rows[0])
    assert finding(pets, "canonical")["line"] == 2
    pets.write("manifests/pets/dropped.jsonl", "")
    assert "empty" in finding(pets, "canonical")["message"]


def test_only_lists_that_the_change_wrote_are_read(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.0", INITIAL, layout=Layout(1))
    edit(pets, "manifests/pets/files/val.jsonl", '":1', '": 1')
    pets.commit("Bad from the start")
    edit(pets, "manifests/pets/files/train.jsonl", '"label":"dog"', '"label":"wolf"')
    pets.commit("Another list")
    assert findings(pets, "HEAD") == []
    assert finding(pets, "canonical", "HEAD~1")["file"].endswith("val.jsonl")
    assert finding(pets, "canonical")["file"].endswith("val.jsonl")


def test_a_change_of_the_layout_puts_every_row_to_the_test(pets: Repo) -> None:
    pets.commit("One list")
    edit(pets, "manifests/pets/manifest.yaml", "depth: 0", "depth: 1")
    pets.git("add", "-A")
    assert finding(pets, "canonical", "--staged")["file"] == LIST


NAMES = st.sampled_from(["cat", "dog", "a b", "é", "_", ".x", "x.jsonl", "a~1", "%20", "L" * 240])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
LAYOUTS = st.builds(
    Layout,
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["_", "cat", "cat/dog"]), st.integers(1, 2)),
)


@settings(deadline=None, max_examples=100)
@given(st.sets(PATHS, min_size=1), LAYOUTS, st.data())
def test_rows_are_at_home_in_their_own_list_and_in_no_other(
    paths: set[str], layout: Layout, data: st.DataObject
) -> None:
    lists = layout.split(entries(dict.fromkeys(paths, "x")))
    for place, rows in lists.items():
        folder = folder_of(place)
        assert folder is not None
        assert {folder + row.path for row in rows} <= paths
        assert misplaced(layout, place, folder, [row.path for row in rows]) == {}
    place, other = (data.draw(st.sampled_from(sorted(lists))) for _ in "ab")
    if place != other:
        folder = folder_of(other)
        whole = (folder_of(place) or "") + lists[place][0].path
        if folder is not None and whole.startswith(folder):
            found = misplaced(layout, other, folder, [whole.removeprefix(folder)])
            assert found == {1: (whole, place)}
