"""The version that a person names, from wherever this clone still has it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.history.catalogue import Catalogue, Version, catalogue, not_committed
from dsv_git.flow.history.contents import kept_by_id
from dsv_git.flow.history.kept_names import KeptNames
from dsv_git.flow.history.past import past_tips
from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ranges import commit_of
from dsv_git.gitrepo.refs import KEPT, head
from dsv_git.gitrepo.tips import tip_commits
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import is_manifest_name, printable
from dsv_git.manifest.parent import FOREIGN, Parent, parse_parent


@dataclass(frozen=True)
class Named:
    """A version: its name as messages have it, and its manifest, lists and all. `current` is
    whether it is what the working tree holds."""

    name: str
    manifest: Manifest
    current: bool


def find_version(workspace: Workspace, found: Catalogue, reference: str) -> Version | None:
    """The version of a catalogue that `N` (as its commit has it), `N@V`, `N@V#8hex` or an ID names;
    None where there is none. Raises InputError for a name that several have."""
    text = reference.removeprefix(FOREIGN)
    by_id = [v for v in found.versions if text in (v.id, *v.former_ids)]
    if by_id:
        return by_id[0]
    if "@" not in reference:
        return _newest(workspace, found, reference)
    wanted = parse_parent(reference)
    same = [v for v in found.versions if is_named(v, wanted)]
    if len(same) > 1:
        raise InputError(
            f"several versions are named {printable(reference)}",
            hint=f"dsv show '{same[0].name}', or {', '.join(v.name for v in same[1:])}",
        )
    return same[0] if same else None


def is_named(version: Version, wanted: Parent) -> bool:
    """Whether a version is the one that a parent's name means."""
    named = (version.manifest, version.version) == (wanted.manifest, wanted.version)
    return named and (version.key or "").startswith(wanted.key8)


def _newest(workspace: Workspace, found: Catalogue, name: str) -> Version | None:
    """The version of a manifest that HEAD holds now."""
    tree = found.records.trees.get(name)
    if tree is None:
        return None
    manifest = workspace.manifest_at(tree, name, workspace.path_of(name))
    wanted = manifest.declaration.version
    same = [v for v in found.versions if (v.manifest, v.version) == (name, wanted)]
    unrecorded = [v for v in same if v.state != "registered"]
    if unrecorded or len(same) < 2:
        return next(iter(unrecorded or same), None)
    return next((v for v in same if v.digest == manifest.digest), same[0])


def named(workspace: Workspace, reference: str) -> Named:
    """The version that `reference` names: `N` (as the working tree has it), `N@V`, `N@V#8hex`, an
    ID, or `N@COMMIT` for what a commit holds.

    It is looked for at HEAD, in the working tree, at the tips of all branches and tags, among the
    kept manifests (`refs/dsv/`), in the history, and at last as a commit. Raises InputError where
    there is none.
    """
    if reference in workspace.names:
        manifest = workspace.manifest(reference)
        return Named(f"{reference}@{manifest.declaration.version}", manifest, current=True)
    return _Search(workspace, reference).run()


def find_past(workspace: Workspace, reference: str) -> tuple[Catalogue, Version] | None:
    """A version that a branch's history has, and no tip any more, as that history knew it."""
    for tip in past_tips(workspace, reference):
        with suppress(InputError):  # a commit of the past may be broken: that is its own matter
            found = catalogue(workspace, tip)
            version = find_version(workspace, found, reference)
            if version is not None:
                return found, version
    return None


def no_version(workspace: Workspace, reference: str, tip: str | None) -> InputError:
    """The error of a version that is nowhere: of its ID, of its manifest, or of it alone."""
    name, at, _ = reference.partition("@")
    if not at and ":" in name:
        return InputError(f"no version has the ID {printable(reference)}", hint="dsv log")
    names = workspace.manifests_at(tip) if tip is not None else {}
    if name in names or name in workspace.names:
        return InputError(f"no version {printable(reference)}", hint=f"dsv log {name}")
    return not_committed(workspace, name, names)


class _Search:
    """The look for a version that is not just what the working tree holds."""

    def __init__(self, workspace: Workspace, reference: str) -> None:
        self.workspace = workspace
        self.reference = reference
        self.trouble: InputError | None = None

    def run(self) -> Named:
        tip = head(self.workspace.repository).commit
        found = self._at(tip) if tip else None
        found = found or self._draft() or self._at_other_tips() or self._kept()
        found = found or self._at_commit() or self._in_the_past()
        if found is not None:
            return found
        if self.trouble is not None:
            raise self.trouble
        raise no_version(self.workspace, self.reference, tip)

    def _at(self, tip: str) -> Named | None:
        """The version as a commit knows it, with its lists from wherever they are."""
        known = catalogue(self.workspace, tip)
        version = find_version(self.workspace, known, self.reference)
        return None if version is None else self._with_lists(known, version)

    def _with_lists(self, known: Catalogue, version: Version) -> Named | None:
        try:
            manifest = known.manifest(version)
        except InputError as error:
            self.trouble = self.trouble or error
            return None
        return Named(version.name, manifest, self._is_current(version.manifest, version.digest))

    def _is_current(self, name: str, digest: str) -> bool:
        with suppress(InputError):
            return self.workspace.manifest(name).digest == digest
        return False

    def _draft(self) -> Named | None:
        name, at, version = self.reference.partition("@")
        if not at or name not in self.workspace.names:
            return None
        manifest = self.workspace.manifest(name)
        if manifest.declaration.version != version:
            return None
        return Named(self.reference, manifest, current=True)

    def _at_other_tips(self) -> Named | None:
        for tip in tip_commits(self.workspace.repository):
            commit = commit_of(self.workspace.objects, tip)
            with suppress(InputError):  # another branch may be broken: that is its own matter
                found = self._at(commit) if commit else None
                if found is not None:
                    return found
        return None

    def _in_the_past(self) -> Named | None:
        found = find_past(self.workspace, self.reference)
        return None if found is None else self._with_lists(*found)

    def _kept(self) -> Named | None:
        """A version of which only the kept manifest is left: of a squashed or dropped commit."""
        kept = KeptNames(self.workspace)
        ref = kept_by_id(self.workspace, self.reference)
        if ref is not None:
            return self._kept_id(kept, ref.removeprefix(KEPT))
        with suppress(InputError):
            wanted = parse_parent(self.reference)
            found = list(kept.find(wanted.manifest, wanted.version, wanted.key8))
            names = [f"{wanted.manifest}@{wanted.version}#{key[:8]}" for key, _ in found]
            if len(found) > 1:
                self.trouble = InputError(
                    f"several versions are named {printable(self.reference)}",
                    hint=", ".join(f"'{name}'" for name in names),
                )
            elif found:
                return Named(names[0], found[0][1], current=False)
        return None

    def _kept_id(self, kept: KeptNames, key: str) -> Named | None:
        name = kept.name_of(key)
        if name is None:
            self.trouble = InputError(
                f"the manifest of {printable(self.reference)} is kept, and nothing says its name",
                hint=f"git show {KEPT}{key}:manifest.yaml",
            )
            return None
        manifest = kept.manifest(key, name)
        return Named(f"{name}@{manifest.declaration.version}#{key[:8]}", manifest, current=False)

    def _at_commit(self) -> Named | None:
        """What a commit holds: `N@COMMIT`."""
        name, _, revision = self.reference.partition("@")
        commit = commit_of(self.workspace.objects, revision) if revision else None
        if commit is None or not is_manifest_name(name):
            return None
        manifest = self.workspace.manifests_at(commit).get(name)
        if manifest is None:
            return None
        digest = Snapshots(self.workspace).digest(manifest)
        version = f"{name}@{manifest.declaration.version}"
        return Named(version, manifest, self._is_current(name, digest))
