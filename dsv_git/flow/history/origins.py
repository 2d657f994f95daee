"""Which commit made each version, told from the trees of the history: no list is read for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import touching
from dsv_git.gitrepo.history import shallow_boundary
from dsv_git.gitrepo.refs import KEPT
from dsv_git.manifest.layout import LISTS
from dsv_git.manifest.manifest import DECLARATION
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import VERSIONS, Record, decode_record, record_path


@dataclass(frozen=True)
class _State:
    """A manifest at a commit: the ids of its declaration, of its lists' tree, of its records'."""

    commit: str
    declaration: str
    lists: str | None
    records: str | None


@dataclass
class Origins:
    """The commits up to `tip` that made versions."""

    workspace: Workspace
    tip: str
    _states: dict[str, tuple[_State, ...]] = field(default_factory=dict)
    _versions: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, int]:
        """The commits that touched manifests, each with its place: parents before children."""
        repository, folder = self.workspace.repository, self.workspace.config.manifests
        commits = touching(repository, self.tip, folder)
        return {commit: place for place, commit in enumerate(commits)}

    def of(self, manifest: str, record: Record) -> str | None:
        """The first commit that had the content of a recorded version under its name, else the
        first that had its record; None where a shallow clone lacks it."""
        contents: dict[str | None, str] = {}
        for state in self._history(manifest):
            if self._version(manifest, state.declaration) == record.version:
                contents.setdefault(state.lists, state.commit)
        kept = self.workspace.objects.resolve(f"{KEPT}{record.key}:{LISTS}")
        if kept in contents:
            found: str | None = contents[kept]
        elif contents and kept is None:
            found = next(reversed(contents.values()))
        else:
            found = self._recorded(manifest, record)
        return None if found in self._boundary else found

    @cached_property
    def _boundary(self) -> frozenset[str]:
        return shallow_boundary(self.workspace.repository)

    def _history(self, manifest: str) -> tuple[_State, ...]:
        """The states that a manifest went through, the first commit of each."""
        if manifest not in self._states:
            path = self.workspace.path_of(manifest)
            found: list[_State] = []
            for commit in self.places:
                items = self.workspace.objects.tree(f"{commit}:{path}")
                ids = {item.name: item.id for item in items}
                if DECLARATION in ids:
                    found.append(
                        _State(commit, ids[DECLARATION], ids.get(LISTS), ids.get(VERSIONS))
                    )
            self._states[manifest] = tuple(found)
        return self._states[manifest]

    def _version(self, manifest: str, blob: str) -> str | None:
        if blob not in self._versions:
            try:
                text = self.workspace.objects.blob(blob).decode(errors="replace")
                self._versions[blob] = parse_declaration(text, manifest, manifest).version
            except InputError:
                self._versions[blob] = None
        return self._versions[blob]

    def _recorded(self, manifest: str, record: Record) -> str | None:
        plain, marked = (
            path.removeprefix(f"{VERSIONS}/")
            for path in (record_path(record.version), record_path(record.version, record.key))
        )
        for state in self._history(manifest):
            items = self.workspace.objects.tree(state.records) if state.records else ()
            for item in items:
                if item.name == marked or (item.name == plain and self._key(item.id) == record.key):
                    return state.commit
        return None

    def _key(self, blob: str) -> str | None:
        with suppress(KeyError, InputError):
            return decode_record(self.workspace.objects.blob(blob), blob).key
        return None
