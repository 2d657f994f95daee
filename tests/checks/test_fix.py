"""`dsv check --fix`: one encoding, and every row in its list."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.flow.checking.fix import fix_manifests
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.layout import Layout
from tests.checks.conftest import edit, findings, register
from tests.conftest import Repo, new_repo
from tests.manifests import INITIAL, write_manifest

FOLDER = "manifests/pets"
LIST = f"{FOLDER}/files/_.jsonl"
HASH = "xxh3:" + "0" * 32


def files(repo: Repo) -> dict[str, bytes]:
    """Every file of the manifests folder."""
    return {
        path.relative_to(repo.path).as_posix(): path.read_bytes()
        for path in (repo.path / "manifests").rglob("*")
        if path.is_file()
    }


def rewritten(repo: Repo, code: int = 0) -> list[str]:
    """The files that `--fix` says it rewrote; they are those that it did rewrite."""
    before = files(repo)
    said = repo.dsv("check", "--fix", code=code).splitlines()
    told = [line.removeprefix("rewritten: ") for line in said if line.startswith("rewritten: ")]
    after = files(repo)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert set(told) == changed
    return told


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A registered version with something left out, in two lists."""
    rows = [f'{{"path":"{p}","hash":"{HASH}","why":"dark"}}\n' for p in ("x", "y")]
    team.write(f"{FOLDER}/dropped.jsonl", "".join(rows))
    write_manifest(team, "pets", "1.0", INITIAL, layout=Layout(1))
    team.commit("pets 1.0")
    team.dsv("sync")
    return team


def test_nothing_to_do_is_nothing_done(pets: Repo) -> None:
    assert rewritten(pets) == []
    assert pets.status == ""


def test_everything_has_its_one_encoding_again(pets: Repo) -> None:
    before = files(pets)
    for path in before:
        if path.endswith(".jsonl"):
            edit(pets, path, ",", " ,  ")
    for path in ("files/train.jsonl", "dropped.jsonl"):
        place = pets.path / FOLDER / path
        place.write_bytes(b"".join(reversed(place.read_bytes().splitlines(keepends=True))))
    edit(pets, f"{FOLDER}/versions/1.0.json", "\n", "\r\n")
    assert sorted(rewritten(pets)) == [
        f"{FOLDER}/dropped.jsonl",
        f"{FOLDER}/files/train.jsonl",
        f"{FOLDER}/files/val.jsonl",
        f"{FOLDER}/versions/1.0.json",
    ]
    assert files(pets) == before


def test_a_persons_manifest_yaml_stays_as_it_is(pets: Repo) -> None:
    text = (pets.path / FOLDER / "manifest.yaml").read_text()
    odd = text.replace("layout: {depth: 1}", "layout:   {  depth:   2 }   # ours")
    assert odd != text
    pets.write(f"{FOLDER}/manifest.yaml", odd)
    assert f"{FOLDER}/files/train/cat.jsonl" in rewritten(pets)
    assert (pets.path / FOLDER / "manifest.yaml").read_text() == odd
    assert not (pets.path / FOLDER / "files/train.jsonl").exists()


def test_rows_follow_the_layout_there_and_back(pets: Repo) -> None:
    before = files(pets)
    for depth in ("2", "0", "1"):
        text = (pets.path / FOLDER / "manifest.yaml").read_text()
        old = text.partition("depth: ")[2][0]
        edit(pets, f"{FOLDER}/manifest.yaml", f"depth: {old}", f"depth: {depth}")
        assert rewritten(pets)
    assert files(pets) == before
    assert not (pets.path / FOLDER / "files/train").exists()


def test_a_row_that_is_in_two_lists_is_one_row(pets: Repo) -> None:
    before = files(pets)
    row = (pets.path / FOLDER / "files/val.jsonl").read_text()
    pets.write(LIST, row.replace("cat/c.jpg", "val/cat/c.jpg"))
    assert rewritten(pets) == [LIST]
    assert files(pets) == before


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (LIST, f'{{"path":"val/cat/c.jpg","size":7,"hash":"{HASH}"}}\n'),
        (LIST, f'{{"path":"../x","size":7,"hash":"{HASH}"}}\n'),
        (LIST, '{"path":"x"}\n'),
        (f"{FOLDER}/files/a b.jsonl", f'{{"path":"x","size":7,"hash":"{HASH}"}}\n'),
    ],
)
def test_what_only_a_person_can_decide_stays(pets: Repo, path: str, line: str) -> None:
    pets.write(path, line)
    edit(pets, f"{FOLDER}/files/train.jsonl", ",", ", ")
    assert rewritten(pets, code=1) == []


def test_a_record_gets_its_own_name_back(pets: Repo) -> None:
    before = files(pets)
    versions = pets.path / FOLDER / "versions"
    (versions / "1.0.json").rename(versions / "copy.json")
    rewritten(pets)
    assert files(pets) == before


def test_no_record_takes_the_place_of_another(pets: Repo) -> None:
    versions = pets.path / FOLDER / "versions"
    text = (versions / "1.0.json").read_text()
    (versions / "1.0.json").rename(versions / "a.json")
    other = json.loads(text)["key"][::-1]
    forged = text.replace(other[::-1], other).replace(other[::-1][:32], other[:32])
    (versions / "b.json").write_text(forged)
    (versions / "c.json").write_text(text)
    rewritten(pets)
    assert sorted(path.name for path in versions.iterdir()) == sorted(
        ["1.0.json", f"1.0#{other[:8]}.json", f"1.0#{other[::-1][:8]}.json"]
    )


def test_rows_that_differ_in_a_property_alone_are_two(pets: Repo) -> None:
    row = f'{{"path":"x","size":7,"hash":"{HASH}","props":{{"a":%s}}}}\n'
    pets.write(f"{FOLDER}/files/_.jsonl", row % "1" + row % "true")
    assert rewritten(pets, code=1) == []


def test_an_empty_list_goes(pets: Repo) -> None:
    before = files(pets)
    pets.write(f"{FOLDER}/files/deep.jsonl", "")
    pets.write(f"{FOLDER}/versions/broken.json", "{}")
    assert rewritten(pets, code=1) == [f"{FOLDER}/files/deep.jsonl"]
    (pets.path / FOLDER / "versions/broken.json").unlink()
    assert files(pets) == before


def test_no_link_leads_a_write_out_of_the_repository(pets: Repo) -> None:
    outside = pets.path.parent / "outside"
    outside.mkdir()
    (pets.path / FOLDER / "files/other").symlink_to(outside)
    edit(pets, f"{FOLDER}/manifest.yaml", "depth: 1", "depth: 2")
    pets.write(LIST, f'{{"path":"other/cat/x.jpg","size":7,"hash":"{HASH}"}}\n')
    pets.dsv("check", "--fix", code=1)
    assert list(outside.iterdir()) == []


def test_only_the_working_tree_is_rewritten(pets: Repo) -> None:
    edit(pets, f"{FOLDER}/files/val.jsonl", ",", ", ")
    pets.git("add", "-A")
    staged = pets.git("ls-files", "-s")
    rewritten(pets)
    assert pets.git("ls-files", "-s") == staged
    assert [one["rule"] for one in findings(pets, "--staged")] == ["canonical"]


def test_manifests_without_trouble_are_left_alone(pets: Repo) -> None:
    register(pets, "cars", "1.0")
    stamp = (pets.path / "manifests/cars/files/_.jsonl").stat().st_mtime_ns
    edit(pets, f"{FOLDER}/files/val.jsonl", ",", ", ")
    rewritten(pets)
    assert (pets.path / "manifests/cars/files/_.jsonl").stat().st_mtime_ns == stamp


PATHS = st.lists(
    st.sampled_from(["cat", "dog", "a b", "é", "_", ".x", "x.jsonl", "a~1"]),
    min_size=1,
    max_size=4,
).map("/".join)
LAYOUTS = st.integers(0, 3).flatmap(
    lambda depth: st.builds(
        Layout,
        st.just(depth),
        st.dictionaries(st.sampled_from(["_", "cat"] if depth else ["_"]), st.integers(1, 2)),
    )
)


@settings(deadline=None, max_examples=40)
@given(st.sets(PATHS, min_size=1, max_size=12), LAYOUTS, LAYOUTS, st.randoms(use_true_random=False))
def test_any_layout_and_order_lead_to_the_one_form(
    paths: set[str], former: Layout, layout: Layout, order: random.Random
) -> None:
    contents = {path: path for path in paths}
    with tempfile.TemporaryDirectory() as folder:
        repo = new_repo(Path(folder) / "repo", Path(folder) / "home")
        repo.write(".dsv.yaml", "registry: local\n")
        write_manifest(repo, "pets", "1.0", contents, layout=layout)
        wanted = files(repo)
        write_manifest(repo, "pets", "1.0", contents, layout=former)
        repo.write(f"{FOLDER}/manifest.yaml", wanted[f"{FOLDER}/manifest.yaml"])
        for path, data in files(repo).items():
            if path.endswith(".jsonl"):
                lines = data.splitlines(keepends=True)
                order.shuffle(lines)
                repo.write(path, b"".join(lines))
        workspace = Workspace.open(repo.path)
        fix_manifests(workspace)
        workspace.objects.close()
        assert files(repo) == wanted
