"""What the registry was told of versions: told again when a commit was rewritten, or when a
manifest's description, tags, properties or reports changed.

It is remembered per clone; what another clone told is taken from the commit that holds the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from dsv_git.flow.history.origins import Origins
from dsv_git.flow.history.view import View
from dsv_git.flow.register.facts import facts_digest, last_said
from dsv_git.flow.register.order import Located, Order, Registered
from dsv_git.flow.register.refreshed import Refreshed, refreshed
from dsv_git.flow.register.registrar import Registrar
from dsv_git.flow.register.stated import stated_trees
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.commits import newest_touching
from dsv_git.gitrepo.state import read_told, write_told
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.record import Record, record_path
from dsv_git.registry.local import NAME as LOCAL

FORGOTTEN: Final = ""
"""The digest of facts that are to be told again, whatever they are."""


class Known(msgspec.Struct, frozen=True):
    """What was told of a version: the commit that made it (empty once that is on a remote and can
    be no other), and a digest of the facts."""

    commit: str
    facts: str


@dataclass
class Told:
    """What the registry was told of versions, by their IDs."""

    workspace: Workspace
    known: dict[str, Known]

    @classmethod
    def read(cls, workspace: Workspace) -> Told:
        """What is remembered; nothing where the file cannot be read."""
        try:
            known = msgspec.json.decode(read_told(workspace.repository), type=dict[str, Known])
        except msgspec.MsgspecError:
            known = {}
        return cls(workspace, known)

    def write(self) -> None:
        """Remembers it, where there is a registry that is told."""
        if self._is_told:
            data = msgspec.json.encode(self.known, order="sorted")
            write_told(self.workspace.repository, data)

    def registered(
        self,
        registrar: Registrar,
        done: Sequence[tuple[Order, Registered]],
        view: View,
        folded: str | None,
    ) -> None:
        """Remembers new versions. Where the view's tip became the commit `folded`, all versions
        that it made are told of that one. A version that was known before was found by its key
        again, after a reset: it is told what is said of it now."""
        if not self._is_told:
            return
        before = {one.id for _, one in done if one.id in self.known}
        for order, one in done:
            declaration = self._declaration(order.manifest, order.tree)
            self.known[one.id] = Known(order.commit, self._digest(declaration, order.commit))
        trees = {one.id: (order.manifest, order.tree) for order, one in done}
        again = [Located(one, *trees[one], folded or self.known[one].commit) for one in before]
        self.forget(before - registrar.describe(again).ids)
        if folded is None:
            return
        names = view.records.trees
        trees |= {r.id: (name, names[name]) for name in names for r in view.records.all(name)}
        moved = [
            Located(one, *trees[one], folded)
            for one, known in self.known.items()
            if known.commit == view.tip.id and one in trees
        ]
        self._locate(registrar, moved)

    def forget(self, ids: Iterable[str]) -> None:
        """Makes the next `dsv sync` tell of these versions again: the registry says otherwise."""
        for one in ids:
            known = self.known.get(one)
            self.known[one] = Known(known.commit if known else "", FORGOTTEN)

    def refresh(self, registrar: Registrar, view: View, *, unpushed_only: bool) -> Refreshed:
        """Tells again what is stale: rewritten commits, changed facts."""
        if not self._is_told:
            return Refreshed()
        self._locate(registrar, self._rewritten(view))
        changed = list(self._changed(view, unpushed_only=unpushed_only))
        # The reports are those of the tip, the version is still that of the commit that made it.
        now = [(replace(one, commit=view.tip.id), facts) for one, facts in changed]
        if not unpushed_only:
            done = {located.id for located, _ in now}
            now += [one for one in self._forgotten(view) if one[0].id not in done]
        telling = registrar.describe([located for located, _ in now])
        for located, facts in now:
            if located.id in telling.ids:
                self.known[located.id] = Known(located.commit, facts)
        made = [one for one, _ in changed if one.id in telling.ids and one.commit != view.tip.id]
        self._locate(registrar, made)
        return refreshed([located for located, _ in now], telling)

    @property
    def _is_told(self) -> bool:
        """Whether the registry is told anything: the local one is git itself."""
        return self.workspace.config.registry != LOCAL

    def _locate(self, registrar: Registrar, moved: list[Located]) -> None:
        told = registrar.locate(moved).ids
        for one in moved:
            if one.id in told:
                self.known[one.id] = replace(self.known[one.id], commit=one.commit)

    def _rewritten(self, view: View) -> list[Located]:
        """Versions of this clone whose commit is not in the tip's history any more."""
        repository, tip = self.workspace.repository, view.tip.id
        open_ids = {one: known.commit for one, known in self.known.items() if known.commit}
        if not open_ids:
            return []
        unheld = refs.unheld(repository, tip)
        moved: list[Located] = []
        origins = Origins(self.workspace, tip)
        records = {r.id: (name, r) for name in view.records.trees for r in view.records.all(name)}
        for one, commit in open_ids.items():
            if unheld is not None and commit in unheld:
                continue
            if refs.is_ancestor(repository, commit, tip):
                if unheld is not None:  # a remote holds it
                    self.known[one] = replace(self.known[one], commit="")
                continue
            if one in records:
                name, record = records[one]
                origin = origins.of(name, record)
                if origin is not None:
                    moved.append(Located(one, name, view.records.trees[name], origin))
        return moved

    def _changed(self, view: View, *, unpushed_only: bool) -> Iterator[tuple[Located, str]]:
        """The tip's own versions of which manifests say something new."""
        tip = view.tip.id
        unheld = refs.unheld(self.workspace.repository, tip) if unpushed_only else None
        for name, tree in view.records.trees.items():
            snapshot = view.snapshots.one(name, tree)
            record = self._record(view, name, snapshot.name[1]) if snapshot else None
            if snapshot is None or record is None or record.digest != snapshot.digest:
                continue
            facts = self._digest(snapshot.declaration, tip)
            known = self.known.get(record.id)
            if known is not None and known.facts == facts:
                continue
            if known is None and self._baseline(name, record, tip) == facts:
                self.known[record.id] = Known("", facts)
                continue
            last = last_said(self.workspace, snapshot.declaration, tip) if unheld else None
            if unheld is not None and last not in unheld:
                continue  # whoever pushed it tells of it
            origin = known.commit if known and known.commit else None
            origin = origin or Origins(self.workspace, tip).of(name, record) or tip
            yield Located(record.id, name, tree, origin, record.version), facts

    def _forgotten(self, view: View) -> Iterator[tuple[Located, str]]:
        """Versions of the tip, older ones too, that are to be told again."""
        tip, origins = view.tip.id, Origins(self.workspace, view.tip.id)
        wanted = {one for one, known in self.known.items() if known.facts == FORGOTTEN}
        for name in view.records.trees if wanted else ():
            records = [r for r in view.records.all(name) if r.id in wanted]
            trees = stated_trees(self.workspace, tip, name, records) if records else {}
            for record in records:
                origin = origins.of(name, record) or tip
                if record.key in trees:
                    facts = self._digest(self._declaration(name, trees[record.key]), origin)
                    tree = trees[record.key]
                    yield Located(record.id, name, tree, origin, record.version), facts

    def _record(self, view: View, name: str, version: str) -> Record | None:
        """The record of the tip's version in the configured registry."""
        wanted = self.workspace.config.registry
        return next((r for r in view.records.of(name, version) if r.registry == wanted), None)

    def _baseline(self, name: str, record: Record, tip: str) -> str | None:
        """The digest of the facts as they were when the record was written."""
        folder = self.workspace.path_of(name)
        path = f"{folder}/{record_path(record.version)}"
        commit = newest_touching(self.workspace.repository, tip, path)
        tree = self.workspace.objects.resolve(f"{commit}:{folder}") if commit else None
        if commit is None or tree is None:
            return None
        return self._digest(self._declaration(name, tree), commit)

    def _declaration(self, name: str, tree: str) -> Declaration:
        return self.workspace.manifest_at(tree, name, self.workspace.path_of(name)).declaration

    def _digest(self, declaration: Declaration, commit: str) -> str:
        return facts_digest(self.workspace, declaration, commit)
