"""Merges of file lists by entry, with real `git merge`, rebase, cherry-pick and stash."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsv_git.flow.drafting.draft import ATTRIBUTES
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import decode_entries
from dsv_git.manifest.layout import Layout
from tests.conftest import Repo, new_repo
from tests.manifests import entries, write_manifest

LAYOUTS = [
    Layout(),
    Layout(1),
    Layout(2),
    Layout(0, {"_": 1}),
    Layout(1, {"train": 1}),
    Layout(2, {"train/cat": 2, "val/cat": 1}),
]
FOLDERS = ("train/cat", "train/dog", "val/cat", "val/dog", "extra")
BASE = {f"{folder}/{n}.jpg": f"{folder} {n}" for folder in FOLDERS for n in range(4)}
Contents = dict[str, str]


def conflict_free(base: Contents, ours: Contents, theirs: Contents) -> tuple[Contents, set[str]]:
    """The merge of the entry sets, in the plainest words: what is clear, and what conflicts."""
    merged, conflicts = {}, set()
    for path in {*base, *ours, *theirs}:
        was, mine, other = base.get(path), ours.get(path), theirs.get(path)
        if other in (mine, was):
            chosen = mine
        elif mine == was:
            chosen = other
        else:
            conflicts.add(path)
            continue
        if chosen is not None:
            merged[path] = chosen
    return merged, conflicts


@pytest.fixture
def merged(repo: Repo) -> Repo:
    """A repository with the drivers, its hooks off: merges alone are looked at."""
    return with_drivers(repo)


def with_drivers(repo: Repo) -> Repo:
    repo.dsv("init")
    repo.git("config", "core.hooksPath", "/dev/null")
    repo.write("manifests/.gitattributes", ATTRIBUTES)
    return repo


def write(repo: Repo, contents: Contents, layout: Layout = LAYOUTS[0]) -> None:
    write_manifest(repo, "pets", "1.0", contents, layout=layout)


def fork(repo: Repo, base: Contents, ours: Contents, theirs: Contents, layout: Layout) -> None:
    """The base on main, `theirs` on the branch feature, `ours` on main, which is checked out."""
    write(repo, base, layout)
    repo.commit("Base", "--allow-empty")
    repo.git("switch", "-q", "-C", "feature")
    write(repo, theirs, layout)
    repo.commit("Theirs", "--allow-empty")
    repo.git("switch", "-q", "-C", "main", "HEAD~1")
    write(repo, ours, layout)
    repo.commit("Ours", "--allow-empty")


def held(repo: Repo, layout: Layout) -> tuple[list[Entry], set[str]]:
    """The entries of the working tree, conflicts apart, and the paths that conflict."""
    folder = repo.path / "manifests/pets"
    found: list[Entry] = []
    disputed: set[str] = set()
    for place in sorted(folder.glob("files/**/*.jsonl")):
        prefix = layout.prefix(place.relative_to(folder).as_posix())
        within = False
        for line in place.read_bytes().splitlines():
            if line.startswith((b"<<<<<<< ", b">>>>>>> ", b"=======")):
                within = not line.startswith(b">>>>>>>")
                continue
            (row,) = decode_entries(line + b"\n", place.name)
            if within:
                disputed.add(prefix + row.path)
            else:
                found.append(msgspec.structs.replace(row, path=prefix + row.path))
    return sorted(found, key=lambda entry: entry.path), disputed


texts = st.sampled_from(["one", "two"])
scripts = st.dictionaries(
    st.sampled_from([*BASE, *(f"{folder}/{name}" for folder in FOLDERS for name in ("n", "~m"))]),
    st.none() | texts,
    max_size=12,
)


def edited(base: Contents, script: dict[str, str | None], gone: str | None) -> Contents:
    """The base after a script: a path gets a content (unique to the path), or goes; the folder
    `gone` goes whole."""
    found = {**base, **{path: f"{path} {text}" for path, text in script.items() if text}}
    dropped = {path for path, text in script.items() if text is None}
    return {
        path: text
        for path, text in found.items()
        if path not in dropped and not (gone and path.startswith(f"{gone}/"))
    }


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("many")
    return with_drivers(new_repo(folder / "team", folder / "home"))


gone = st.none() | st.sampled_from(FOLDERS)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    base=st.sets(st.sampled_from(sorted(BASE)), min_size=1).map(
        lambda paths: {path: BASE[path] for path in paths}
    ),
    scripts=st.tuples(scripts, scripts),
    gone=st.tuples(gone, gone),
    layout=st.sampled_from(LAYOUTS),
)
def test_git_merges_as_the_sets_of_entries_merge(
    many: Repo,
    base: Contents,
    scripts: tuple[dict[str, str | None], dict[str, str | None]],
    gone: tuple[str | None, str | None],
    layout: Layout,
) -> None:
    ours, theirs = (edited(base, s, g) for s, g in zip(scripts, gone, strict=True))
    fork(many, base, ours, theirs, layout)
    expected, conflicts = conflict_free(base, ours, theirs)
    done = many.run("git", "merge", "-q", "--no-edit", "feature", code=None)
    try:
        if done.returncode:
            many.dsv("resolve", code=1 if conflicts else 0)
        else:
            assert many.status == ""
        found, disputed = held(many, layout)
        assert disputed == conflicts
        assert found == sorted(entries(expected), key=lambda entry: entry.path)
        if not conflicts:
            assert all(
                place.stat().st_size for place in many.path.glob("manifests/*/files/**/*.jsonl")
            )
    finally:
        many.git("reset", "-q", "--hard")
        many.git("clean", "-qfd", "manifests")


def held_contents(repo: Repo, layout: Layout) -> list[Entry]:
    found, disputed = held(repo, layout)
    assert not disputed
    return found


def expected(contents: Contents) -> list[Entry]:
    return sorted(entries(contents), key=lambda entry: entry.path)


@pytest.mark.parametrize("layout", [LAYOUTS[0], LAYOUTS[2]], ids=["depth 0", "depth 2"])
def test_two_classes_on_two_branches_and_neighbouring_rows_merge(
    merged: Repo, layout: Layout
) -> None:
    ours = {**BASE, "train/cat/1.jpg": "mine", "train/fox/1.jpg": "fox"}
    theirs = {**BASE, "train/cat/2.jpg": "theirs", "train/owl/1.jpg": "owl"}
    fork(merged, BASE, ours, theirs, layout)
    merged.git("merge", "-q", "--no-edit", "feature")
    both = {**ours, "train/cat/2.jpg": "theirs", "train/owl/1.jpg": "owl"}
    assert held_contents(merged, layout) == expected(both)


def test_an_edit_follows_into_a_renamed_folder(merged: Repo) -> None:
    ours = {path.replace("train/cat/", "train/kitten/"): text for path, text in BASE.items()}
    theirs = {**BASE, "train/cat/2.jpg": "theirs"}
    fork(merged, BASE, ours, theirs, LAYOUTS[0])
    merged.git("merge", "-q", "--no-edit", "feature")
    assert held_contents(merged, LAYOUTS[0]) == expected({**ours, "train/kitten/2.jpg": "theirs"})


def test_resolve_takes_an_edit_into_the_list_of_a_renamed_folder(merged: Repo) -> None:
    ours = {path.replace("train/cat/", "train/kitten/"): text for path, text in BASE.items()}
    fork(merged, BASE, ours, {**BASE, "train/cat/2.jpg": "theirs"}, LAYOUTS[2])
    if merged.run("git", "merge", "-q", "--no-edit", "feature", code=None).returncode:
        merged.dsv("resolve")
        merged.git("commit", "-q", "--no-edit")
    assert merged.status == ""
    assert held_contents(merged, LAYOUTS[2]) == expected({**ours, "train/kitten/2.jpg": "theirs"})


def test_rebase_cherry_pick_and_stash_pop_merge_by_entry(merged: Repo) -> None:
    ours, theirs = {**BASE, "train/cat/1.jpg": "mine"}, {**BASE, "train/cat/2.jpg": "theirs"}
    both = expected({**ours, "train/cat/2.jpg": "theirs"})
    fork(merged, BASE, ours, theirs, LAYOUTS[0])
    merged.git("cherry-pick", "feature")
    assert held_contents(merged, LAYOUTS[0]) == both
    merged.git("reset", "-q", "--hard", "HEAD~1")
    merged.git("rebase", "-q", "feature")
    assert held_contents(merged, LAYOUTS[0]) == both
    merged.git("reset", "-q", "--hard", "feature~1")
    write(merged, ours)
    merged.git("stash", "-q")
    merged.git("merge", "-q", "feature")
    merged.git("stash", "pop", "-q")
    assert held_contents(merged, LAYOUTS[0]) == both


def test_a_conflict_stands_between_marks_and_is_staged_by_hand(merged: Repo) -> None:
    change = "train/cat/1.jpg"
    fork(merged, BASE, {**BASE, change: "mine"}, {**BASE, change: "theirs"}, LAYOUTS[0])
    assert merged.run("git", "merge", "feature", code=None).returncode == 1
    place = merged.path / "manifests/pets/files/_.jsonl"
    lines = place.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("<<<<<<< "))
    assert lines[at + 2] == "======="
    assert lines[at + 4].startswith(">>>>>>> ")
    assert len(lines) == len(BASE) + 4
    assert f"pets: {change}" in merged.dsv("resolve", code=1)
    place.write_text(
        "".join(
            f"{line}\n"
            for n, line in enumerate(lines)
            if n in range(at) or n == at + 3 or n > at + 4
        )
    )
    merged.git("add", "-A")
    merged.git("commit", "-q", "--no-edit")
    assert held_contents(merged, LAYOUTS[0]) == expected({**BASE, change: "theirs"})


@pytest.mark.parametrize("python", ["/nowhere/python", None], ids=["gone", "without the package"])
def test_git_alone_goes_on_where_dsv_is_gone(
    merged: Repo, python: str | None, tmp_path: Path
) -> None:
    plain = tmp_path / "python"
    plain.write_text("#!/bin/sh\nexit 1\n")
    plain.chmod(0o755)
    merged.git("config", "dsv.python", python or str(plain))
    path = {"PATH": "/usr/bin:/bin"}
    base = {f"{n:02}.jpg": str(n) for n in range(30)}
    fork(merged, base, {**base, "01.jpg": "mine"}, {**base, "25.jpg": "theirs"}, LAYOUTS[0])
    merged.git("merge", "-q", "--no-edit", "feature", env=path)
    assert held_contents(merged, LAYOUTS[0]) == expected(
        {**base, "01.jpg": "mine", "25.jpg": "theirs"}
    )
    write(merged, {**base, "02.jpg": "again"})
    merged.commit("Ours again")
    merged.git("switch", "-q", "feature")
    write(merged, {**base, "25.jpg": "theirs", "02.jpg": "other"})
    merged.commit("Theirs again")
    assert merged.run("git", "merge", "main", code=None, env=path).returncode == 1
    assert "<<<<<<< " in (merged.path / "manifests/pets/files/_.jsonl").read_text()
    merged.git("merge", "--abort")
    assert "02.jpg  -  -  5 B  " in merged.git("diff", "HEAD~1", env=path)


def test_git_shows_a_list_a_readable_line_an_entry(merged: Repo) -> None:
    write(merged, {"train/cat/a.jpg": "1", "b.jpg": "22"})
    merged.commit("First")
    write(merged, {"train/cat/a.jpg": "other", "b.jpg": "22"})
    merged.commit("Second")
    shown = merged.git("log", "-p", "-1", "--format=")
    assert "\n b.jpg  -  -  2 B  " in shown
    assert "\n-train/cat/a.jpg  cat  train  1 B  c4ca4238" in shown
    assert "\n+train/cat/a.jpg  cat  train  5 B  795f3202" in shown
    assert '{"path"' in merged.git("diff", "--no-textconv", "HEAD~1")


def test_uninstall_takes_the_drivers_back_exactly_and_init_again_adds_nothing(repo: Repo) -> None:
    place = repo.path / ".git/config"
    before = place.read_bytes()
    assert "drivers configured" in repo.dsv("init")
    configured = place.read_bytes()
    assert "drivers" not in repo.dsv("init")
    assert place.read_bytes() == configured
    repo.dsv("uninstall")
    assert place.read_bytes() == before


def test_both_sides_registered_become_the_parents_of_a_new_version(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("manifests/.gitattributes", ATTRIBUTES)
    write_manifest(repo, "pets", "1.0", BASE)
    repo.commit("Base")
    repo.git("switch", "-q", "-c", "feature")
    theirs = {**BASE, "train/cat/2.jpg": "theirs"}
    write_manifest(repo, "pets", "1.1", theirs, ["pets@1.0"], description="theirs")
    repo.commit("Theirs")
    repo.git("switch", "-q", "main")
    ours = {**BASE, "train/cat/1.jpg": "mine"}
    write_manifest(repo, "pets", "1.1", ours, ["pets@1.0"], description="ours")
    repo.commit("Ours")
    stopped = repo.run("git", "merge", "feature", code=None)
    assert stopped.returncode == 1
    assert "dsv resolve" in stopped.stderr
    said = repo.dsv("resolve")
    assert "pets@1.2 (new)" in said
    repo.git("commit", "-q", "--no-edit")
    assert repo.status == ""
    texts = [path.name for path in (repo.path / "manifests/pets/versions").iterdir()]
    marked = next(name for name in texts if "#" in name)
    assert sorted(texts) == sorted(["1.0.json", "1.1.json", "1.2.json", marked])
    declared = (repo.path / "manifests/pets/manifest.yaml").read_text()
    assert "description" not in declared
    recorded = (repo.path / "manifests/pets/versions/1.2.json").read_text()
    assert recorded.count('"version": "1.1"') == 2
    assert held_contents(repo, LAYOUTS[0]) == expected({**ours, "train/cat/2.jpg": "theirs"})


def test_different_layouts_merge_as_a_whole_in_ours(merged: Repo) -> None:
    write_manifest(merged, "pets", "1.0", BASE)
    merged.commit("Base")
    merged.git("switch", "-q", "-c", "feature")
    theirs = {path: text for path, text in BASE.items() if path != "val/cat/1.jpg"}
    write_manifest(merged, "pets", "1.1-f", theirs, layout=Layout(1))
    merged.commit("Theirs")
    merged.git("switch", "-q", "main")
    ours = {**BASE, "train/cat/1.jpg": "mine"}
    write_manifest(merged, "pets", "1.1", ours, layout=Layout(2))
    merged.commit("Ours")
    assert merged.run("git", "merge", "feature", code=None).returncode == 1
    merged.dsv("resolve")
    merged.git("commit", "-q", "--no-edit")
    del ours["val/cat/1.jpg"]
    assert held_contents(merged, Layout(2)) == expected(ours)
    merged.dsv("check")


def test_an_old_gitattributes_is_brought_up_to_date_and_an_edited_one_stays(repo: Repo) -> None:
    repo.write(
        "manifests/.gitattributes",
        "*.jsonl -text -filter diff=dsv merge=dsv\n*.json -text -filter\n",
    )
    assert "manifests/.gitattributes" in repo.dsv("init")
    place = repo.path / "manifests/.gitattributes"
    assert place.read_bytes() == ATTRIBUTES
    place.write_text("*.jsonl -text\n")
    repo.dsv("init")
    assert place.read_text() == "*.jsonl -text\n"


def test_resolve_after_a_stash_pop_and_never_with_an_older_stash(merged: Repo) -> None:
    change = "train/cat/1.jpg"
    fork(merged, BASE, {**BASE, change: "mine"}, {**BASE, change: "theirs"}, LAYOUTS[0])
    write(merged, {**BASE, change: "stashed"})
    merged.git("stash", "-q")
    merged.run("git", "merge", "--squash", "feature", code=None)
    assert "cannot tell" in merged.dsv_result("resolve").stderr
    merged.git("reset", "-q", "--hard", "feature")
    assert merged.run("git", "stash", "pop", code=None).returncode == 1
    assert f"pets: {change}" in merged.dsv("resolve", code=1)
