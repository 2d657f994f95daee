"""`dsv diff`: what changed in the manifests between two sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import repeated_contents
from dsv_git.diff.stats import Totals
from dsv_git.flow.history.changed_rows import changed_sides
from dsv_git.flow.history.sides import Sides
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.history.version_stats import recorded_totals
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import TreeFiles
from dsv_git.gitrepo.refs import KEPT
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import LISTS
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import VERSIONS, Record


@dataclass(frozen=True)
class Comparison:
    """What changed between two sides: the manifests that differ, by name.

    `renamed` has the former name of a manifest whose folder was renamed.
    """

    before: str
    after: str
    manifests: tuple[ManifestDiff, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)


def compare(workspace: Workspace, sides: Sides) -> Comparison:
    """Compares two sides. Reads the lists that differ, no others. Raises InputError."""
    before, after = sides.before.manifests, sides.after.manifests
    wanted = set(sides.names)
    renamed = _renamed(before, after)
    left = set(renamed.values())
    found: list[ManifestDiff] = []
    shown: dict[str, str] = {}
    for name in sorted({*before, *after} - left):
        former = renamed.get(name, name)
        if wanted and not wanted & {name, former}:
            continue
        old, new = before.get(former), after.get(name)
        if former != name:
            shown[name] = former
        elif old is not None and new is not None and _same(old, new):
            continue
        found.append(_compare(workspace, name, old, new))
    return Comparison(sides.before.label, sides.after.label, tuple(found), shown)


def _compare(
    workspace: Workspace, name: str, old: Manifest | None, new: Manifest | None
) -> ManifestDiff:
    known_before = known_totals(workspace, old) if old is not None else None
    ask_after = old is not None and known_before is None and new is not None
    rows = changed_sides(old, new)
    return ManifestDiff(
        manifest=name,
        before=old.declaration.version if old is not None else None,
        after=new.declaration.version if new is not None else None,
        diff=diff_entries(rows.before, rows.after),
        parents=tuple(map(str, new.declaration.parents)) if new is not None else (),
        known_before=known_before,
        known_after=known_totals(workspace, new) if ask_after and new is not None else None,
        repeated=repeated_contents(
            _but_annotations(old, rows.before), _but_annotations(new, rows.after)
        ),
        unread=rows.unread,
        description=_new_description(old, new),
    )


def _but_annotations(manifest: Manifest | None, rows: Iterable[Entry]) -> Iterator[Entry]:
    """The rows of a side without its annotation files, which may well be alike."""
    spared = annotation_files(manifest.declaration) if manifest is not None else None
    return (row for row in rows if spared is None or not spared(row))


def _new_description(old: Manifest | None, new: Manifest | None) -> str:
    """What the later side says of itself, if the earlier one did not say so too."""
    text = new.declaration.description if new is not None else ""
    return "" if old is not None and old.declaration.description == text else text


def known_totals(workspace: Workspace, manifest: Manifest) -> Totals | None:
    """The totals of a commit's manifest as its record states them; None where it has no record."""
    files = manifest.files
    if not isinstance(files, TreeFiles):
        return None
    records = Records(workspace, {manifest.name: files.tree})
    for record in records.of(manifest.name, manifest.declaration.version):
        if _is_content(workspace, manifest, files.tree, record):
            return recorded_totals(record)
    return None


def _is_content(workspace: Workspace, manifest: Manifest, tree: str, record: Record) -> bool:
    """Whether a record is of the very lists of `manifest`; the kept tree says so without a read."""
    lists = workspace.objects.resolve(f"{tree}:{LISTS}")
    kept = workspace.objects.resolve(f"{KEPT}{record.key}:{LISTS}")
    if lists is not None and lists == kept:
        return True
    return Snapshots(workspace).digest(manifest) == record.digest


def _same(old: Manifest, new: Manifest) -> bool:
    """Whether two manifests are the same but for their records, by the ids of blobs."""
    if (
        isinstance(old.files, TreeFiles)
        and isinstance(new.files, TreeFiles)
        and old.files.tree == new.files.tree
    ):
        return True
    return _content(old) == _content(new)


def _content(manifest: Manifest) -> dict[str, str]:
    blobs = manifest.files.blobs()
    return {path: blob for path, blob in blobs.items() if not path.startswith(f"{VERSIONS}/")}


def _renamed(before: Mapping[str, Manifest], after: Mapping[str, Manifest]) -> dict[str, str]:
    """Manifests under another name: new → former, where one went and one came of the same project
    and dataset that share a root or a list. Those that share most are taken first."""
    gone = [manifest for name, manifest in before.items() if name not in after]
    come = [manifest for name, manifest in after.items() if name not in before]
    likeness = sorted((-_likeness(old, new), new.name, old.name) for old in gone for new in come)
    found: dict[str, str] = {}
    for score, name, former in likeness:
        if score and name not in found and former not in found.values():
            found[name] = former
    return found


def _likeness(old: Manifest, new: Manifest) -> int:
    one, other = old.declaration, new.declaration
    if (one.project, one.dataset) != (other.project, other.dataset):
        return 0
    shared = set(old.lists.values()) & set(new.lists.values())
    return len(shared) + (one.data.roots == other.data.roots)
