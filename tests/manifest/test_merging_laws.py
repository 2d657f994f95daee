"""What holds for every merge of manifests, whatever their roots and entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry, PropValue
from dsv_git.manifest.merging import same_entry, union
from dsv_git.manifest.mounting import Source, mount, normal_root

QUICK = settings(deadline=None, max_examples=150)
PATHS = st.sampled_from(["a", "b", "x/a", "x/b", "c/d/e"])

PROPS: list[dict[str, PropValue]] = [{}, {"ok": True}, {"ok": 1}]


@st.composite
def entries(draw: st.DrawFn, prefix: str = "") -> list[Entry]:
    found = []
    for path in draw(st.lists(PATHS, unique=True, max_size=5)):
        content, label = draw(st.integers(0, 1)), draw(st.sampled_from([None, "cat"]))
        props = draw(st.sampled_from(PROPS))
        found.append(Entry(prefix + path, 1, f"xxh3:{content:032x}", label, props=props))
    return sorted(found, key=lambda entry: entry.path)


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """Two to four manifests; some share a root, some have several."""
    found = []
    for name in draw(st.lists(st.sampled_from("ABCD"), unique=True, min_size=2, max_size=4)):
        if draw(st.booleans()):
            roots = {"": draw(st.sampled_from(["data/1", "data/1/", "./data/2", "s3://x/", "/3"]))}
        else:
            roots = {"m1": "data/1", "m2": draw(st.sampled_from(["data/2", "/3"]))}
        rows = [row for own in roots for row in draw(entries(f"{own}/" if own else ""))]
        gone = [Dropped(row.path, row.hash, "why") for row in rows if draw(st.booleans())]
        kept = [row for row in rows if not any(row.path == item.path for item in gone)]
        found.append(Source(name, "1", Data(roots), tuple(kept), tuple(gone)))
    return found


def mounted(found: list[Source]) -> list[Source] | None:
    """The sources as a merge places them; None where two roots claim one mount."""
    try:
        mounting = mount(found, {})
    except InputError:
        return None
    return [mounting.placed(number, source) for number, source in enumerate(found)]


@QUICK
@given(sources())
def test_one_root_has_one_mount_and_no_mount_two_roots(found: list[Source]) -> None:
    claims = {(m, normal_root(r)) for s in found for m, r in s.data.roots.items() if m}
    try:
        mounting = mount(found, {})
    except InputError:
        assert len({name for name, _ in claims}) < len(claims)
        return
    roots = [normal_root(root) for root in mounting.roots.values()]
    assert sorted(roots) == sorted({normal_root(r) for s in found for r in s.data.roots.values()})
    folded = [name.casefold() for name in mounting.roots]
    assert len(set(folded)) == len(folded)
    for source, moves in zip(found, mounting.moves, strict=True):
        for own, moved in moves.items():
            assert normal_root(mounting.roots[moved]) == normal_root(source.data.roots[own])


@QUICK
@given(sources())
def test_a_root_keeps_the_mount_that_the_target_has_for_it(found: list[Source]) -> None:
    try:
        former = mount(found, {}).roots
    except InputError:
        return
    assert mount(found, former).roots == former
    assert mount(found[::-1], former).roots == former


@QUICK
@given(sources(), st.sampled_from(["first", "last"]))
def test_the_union_has_every_path_once_from_a_source(found: list[Source], side: str) -> None:
    placed = mounted(found)
    if placed is None:
        return
    whole = union(placed, side)  # type: ignore[arg-type]
    paths = [entry.path for entry in whole.entries]
    assert paths == sorted({entry.path for source in placed for entry in source.entries})
    for entry in whole.entries:
        assert any(entry is other for source in placed for other in source.entries)


@QUICK
@given(sources(), st.sampled_from(["first", "last"]))
def test_conflicts_are_the_paths_that_differ_and_the_side_settles_them(
    found: list[Source], side: str
) -> None:
    placed = mounted(found)
    if placed is None:
        return
    whole = union(placed, side)  # type: ignore[arg-type]
    conflicts = {conflict.path: conflict for conflict in whole.conflicts}
    for entry in whole.entries:
        having = [
            (f"{s.manifest}@{s.version}", other)
            for s in placed
            for other in s.entries
            if other.path == entry.path
        ]
        differ = any(not same_entry(having[0][1], other) for _, other in having)
        assert (entry.path in conflicts) == differ
        name, expected = having[0 if side == "first" else -1]
        if differ:
            assert conflicts[entry.path].taken == name
            assert conflicts[entry.path].sources == tuple(name for name, _ in having)
            assert same_entry(entry, expected)
            alike = len({other.hash for _, other in having}) == 1
            assert (conflicts[entry.path].kind == "annotation") == alike


@QUICK
@given(sources())
def test_what_is_left_out_is_never_in(found: list[Source]) -> None:
    placed = mounted(found)
    if placed is None:
        return
    whole = union(placed, "first")
    held = {(entry.path, entry.hash) for entry in whole.entries}
    out = {(item.path, item.hash) for item in whole.dropped}
    every = {(item.path, item.hash) for source in placed for item in source.dropped}
    assert out == every - held
    assert whole.returned == len(every & held)


@QUICK
@given(sources())
def test_without_conflicts_the_order_of_the_sources_changes_no_entry(found: list[Source]) -> None:
    former = {str(n): root for n, root in enumerate(["data/1", "data/2", "s3://x", "/3"])}
    mounting = mount(found, former)
    placed = [mounting.placed(number, source) for number, source in enumerate(found)]
    one, other = union(placed, "first"), union(placed[::-1], "first")
    if not one.conflicts:
        assert one.entries == other.entries
    assert [c.path for c in one.conflicts] == [c.path for c in other.conflicts]


def test_hashes_of_two_algorithms_cannot_be_compared() -> None:
    one = Entry("a", 1, "xxh3:" + "0" * 32)
    other = Entry("a", 1, "sha256:" + "0" * 64)
    bigger = Entry("a", 2, "sha256:" + "0" * 64)
    data = Data({"": "data"})
    for entry, kind in ((other, "algorithm"), (bigger, "content")):
        found = union([Source("A", "1", data, (one,)), Source("B", "1", data, (entry,))], "first")
        assert [conflict.kind for conflict in found.conflicts] == [kind]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("data/x", "./data/x/"),
        ("data/x", "data//x"),
        ("/a/b", "/a/./b/"),
        ("s3://b/c", "s3://b/c/"),
    ],
)
def test_roots_that_are_written_differently_are_one(one: str, other: str) -> None:
    assert normal_root(one) == normal_root(other)


def test_a_path_below_none_of_its_roots_is_refused() -> None:
    bad = Source("A", "1", Data({"m": "1", "n": "2"}), (Entry("o/a", 1, "xxh3:" + "0" * 32),))
    other = Source("B", "1", Data({"": "3"}), ())
    former = {"p": "1", "q": "2"}
    with pytest.raises(InputError, match="below none of its roots"):
        mount([bad, other], former).placed(0, bad)


def test_a_mount_that_the_target_has_for_another_root_now_unused_is_free() -> None:
    found = [Source("A", "1", Data({"": "new"}), ()), Source("B", "1", Data({"": "b"}), ())]
    assert mount(found, {"A": "old", "B": "b"}).roots == {"A": "new", "B": "b"}


def test_a_mount_named_after_a_manifest_differs_from_others_by_more_than_case() -> None:
    several = Source("A", "1", Data({"web": "1", "web-2": "2"}), ())
    single = Source("Web", "1", Data({"": "3"}), ())
    assert mount([single, several], {}).roots == {"Web-3": "3", "web": "1", "web-2": "2"}


def test_true_and_1_are_different_props() -> None:
    data, content = Data({"": "data"}), "xxh3:" + "0" * 32
    one, other = Entry("a", 1, content, props={"k": True}), Entry("a", 1, content, props={"k": 1})
    found = union([Source("A", "1", data, (one,)), Source("B", "1", data, (other,))], "first")
    assert [conflict.kind for conflict in found.conflicts] == ["annotation"]
