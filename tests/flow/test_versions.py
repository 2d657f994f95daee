"""Which versions a history holds, as values: no repository."""

from __future__ import annotations

from collections.abc import Sequence

from dsv_git.flow.history.pending import pending
from dsv_git.flow.history.seen import Seen, Snapshot, collect
from dsv_git.flow.history.version_keys import Resolver
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.parent import parse_parent
from dsv_git.manifest.record import Record, RecordedParent, RecordStats

STATS = RecordStats(0, 0, 0, 0, 0, 0, {})


def snapshot(name: str, version: str, digest: str, *parents: str) -> Snapshot:
    declaration = Declaration(
        name, version, Data({"": "data"}), dataset=name,
        parents=tuple(parse_parent(parent) for parent in parents),
    )  # fmt: skip
    return Snapshot(name, f"tree-{digest}", declaration, digest)


def key_of(found: Snapshot, *parents: str) -> str:
    d = found.declaration
    return version_key(d.project, d.dataset, d.version, found.digest, parents)


def record(found: Snapshot, *parents: str, named: Sequence[str] = ()) -> Record:
    key = key_of(found, *parents)
    recorded = tuple(
        RecordedParent(id="local:x", manifest=text.split("@")[0], version=text.split("@")[1])
        for text in named
    )
    version = found.declaration.version
    return Record(version, key, found.digest, "local", f"local:{key[:32]}", (), recorded, STATS)


def linear(old: str, new: str) -> bool:
    """Commits are numbers; a letter marks a branch beside the main line."""
    return old[0].isdigit() and new[0].isdigit() and int(old) <= int(new)


def resolver(
    seen: dict[tuple[str, str], Seen], *records: tuple[str, Record], published: bool = False
) -> Resolver:
    def at(manifest: str, version: str) -> list[Record]:
        return [r for name, r in records if name == manifest and r.version == version]

    return Resolver(seen, at, lambda _manifest, _record: published)


def test_content_is_that_of_the_last_commit_that_names_the_version() -> None:
    seen = collect([("1", [snapshot("a", "1.0", "x")]), ("2", [snapshot("a", "1.0", "y")])], linear)
    assert seen["a", "1.0"].snapshot.digest == "y"
    assert seen["a", "1.0"].made_by == "2"


def test_the_commit_that_made_a_content_is_the_first_of_its_run() -> None:
    same = snapshot("a", "1.0", "x")
    seen = collect([("1", [same]), ("2", [same]), ("3", [same])], linear)
    assert (seen["a", "1.0"].made_by, seen["a", "1.0"].last) == ("1", "3")


def test_parallel_branches_that_disagree_are_in_conflict() -> None:
    seen = collect([("1", [snapshot("a", "1.0", "x")]), ("b", [snapshot("a", "1.0", "y")])], linear)
    ready, problems = pending(resolver(seen))
    assert ready == ()
    assert "another content in b" in problems[0].reason


def test_parents_come_before_children_whatever_the_order_of_commits() -> None:
    child = snapshot("b", "1.0", "y", "a@1.0")
    parent = snapshot("a", "1.0", "x")
    seen = collect([("1", [child, parent])], linear)
    ready, problems = pending(resolver(seen))
    assert [item.seen.snapshot.manifest for item in ready] == ["a", "b"]
    assert problems == ()
    assert ready[1].key == key_of(child, key_of(parent))


def test_a_version_with_its_record_is_not_pending() -> None:
    found = snapshot("a", "1.0", "x")
    seen = collect([("1", [found])], linear)
    assert pending(resolver(seen, ("a", record(found)))) == ((), ())


def test_an_unpublished_version_with_other_content_replaces_its_record() -> None:
    seen = collect([("1", [snapshot("a", "1.0", "y")])], linear)
    former = record(snapshot("a", "1.0", "x"))
    ready, problems = pending(resolver(seen, ("a", former)))
    assert ready[0].replaces == former
    assert problems == ()


def test_a_published_version_with_other_content_is_in_conflict() -> None:
    seen = collect([("1", [snapshot("a", "1.0", "y")])], linear)
    former = record(snapshot("a", "1.0", "x"))
    ready, problems = pending(resolver(seen, ("a", former), published=True))
    assert ready == ()
    assert problems[0].hint == "dsv bump a"


def test_a_child_of_a_version_in_conflict_waits_for_it() -> None:
    seen = collect(
        [
            ("1", [snapshot("a", "1.0", "x")]),
            ("b", [snapshot("a", "1.0", "y")]),
            ("2", [snapshot("c", "1.0", "z", "a@1.0")]),
        ],
        linear,
    )
    ready, problems = pending(resolver(seen))
    assert ready == ()
    assert {problem.manifest for problem in problems} == {"a", "c"}


def test_a_parent_that_is_nowhere_is_named() -> None:
    seen = collect([("1", [snapshot("b", "1.0", "y", "a@9")])], linear)
    ready, problems = pending(resolver(seen))
    assert ready == ()
    assert "a@9" in problems[0].reason


def test_parents_in_a_circle_end_in_problems() -> None:
    one = snapshot("a", "1.0", "x", "b@1.0")
    other = snapshot("b", "1.0", "y", "a@1.0")
    ready, problems = pending(resolver(collect([("1", [one, other])], linear)))
    assert ready == ()
    assert len(problems) == 2


def test_a_parent_tracked_elsewhere_stands_for_itself() -> None:
    found = snapshot("a", "1.0", "x", "clearml:48b8")
    ready, _ = pending(resolver(collect([("1", [found])], linear)))
    assert ready[0].key == key_of(found, "clearml:48b8")


def test_eight_digits_tell_versions_of_one_name_apart() -> None:
    ours, theirs = snapshot("a", "1.0", "x"), snapshot("a", "1.0", "y")
    key8 = key_of(theirs)[:8]
    child = snapshot("b", "1.0", "z", f"a@1.0#{key8}")
    known = resolver(collect([("1", [child])], linear), ("a", record(ours)), ("a", record(theirs)))
    ready, problems = pending(known)
    assert problems == ()
    assert ready[0].key == key_of(child, key_of(theirs))


def test_a_record_stays_good_when_its_parents_manifest_is_deleted() -> None:
    parent = snapshot("a", "1.0", "x")
    child = snapshot("b", "1.0", "y", "a@1.0")
    known = record(child, key_of(parent), named=["a@1.0"])
    assert pending(resolver(collect([("1", [child])], linear), ("b", known))) == ((), ())


def test_a_merge_that_settles_a_name_ends_the_rivalry() -> None:
    def ancestor(old: str, new: str) -> bool:
        return old == new or (old, new) in {("1", "3"), ("b", "3")}

    seen = collect(
        [
            ("1", [snapshot("a", "1.1", "x")]),
            ("b", [snapshot("a", "1.1", "y")]),
            ("3", [snapshot("a", "1.1", "z")]),
        ],
        ancestor,
    )
    ready, problems = pending(resolver(seen))
    assert [item.seen.snapshot.digest for item in ready] == ["z"]
    assert problems == ()


def test_a_bump_after_a_conflict_has_the_published_version_as_its_parent() -> None:
    published = record(snapshot("a", "1.1", "x"))
    seen = collect(
        [
            ("1", [snapshot("a", "1.1", "other")]),
            ("2", [snapshot("a", "1.2", "other", "a@1.1")]),
        ],
        linear,
    )
    known = resolver(seen, ("a", published), published=True)
    known.current = frozenset({("a", "1.2")})
    ready, problems = pending(known)
    assert problems == ()
    assert ready[0].key == key_of(snapshot("a", "1.2", "other"), published.key)
