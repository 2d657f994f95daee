"""Commits made of versions from elsewhere, one behind the other; no ref moves yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dsv_git.errors import InputError
from dsv_git.flow.drafting.attributes import ATTRIBUTES, IGNORE
from dsv_git.flow.drafting.draft import refuse_unsafe
from dsv_git.flow.history.version_stats import ParentContent, version_stats
from dsv_git.flow.importing.version import CLEARML, Imported, Made, Parents, Written, left_out
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.series import Authored, with_folder, write_blobs, write_commit
from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.identity import digest, list_digest, version_key
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import is_list, manifest_files
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import Record, encode_record, record_path


class Series:
    """The commits so far, behind `tip`. A list that several versions have is stored once."""

    def __init__(self, workspace: Workspace, name: str, layout: Layout, tip: str) -> None:
        self.tip = tip
        self.made: list[Made] = []
        self._workspace, self._name, self._layout = workspace, name, layout
        self._by_mark: dict[str, Made] = {}
        self._stored: dict[str, str] = {}
        self._records: dict[str, bytes] = {}
        self._files: dict[str, bytes] = {}
        self._settings = self._missing_settings(tip)

    def add(self, version: Imported) -> None:
        """Makes the commit of a version behind the last one. Raises InputError."""
        parents = Parents(
            tuple(self._by_mark[mark] for mark in version.parents if mark in self._by_mark),
            tuple(mark for mark in version.parents if mark not in self._by_mark),
        )
        named = (*map(self._reference, parents.made), *(Parent(foreign=f) for f in parents.foreign))
        declared = replace(version.declaration, parents=named, layout=self._layout)
        entries = tuple(version.load())
        out = left_out(parents.made, entries, declared.version) if version.by_list else ()
        self._files = self._encoded(declared, entries, out)
        lists = {p: list_digest(data) for p, data in self._files.items() if is_list(p)}
        content = digest(lists)
        names = (declared.project, declared.dataset, declared.version)
        key = version_key(*names, content, parents.keys)
        tree, record = self._tree({**self._files, **self._records}), None
        manifest = self._workspace.manifest_at(tree, self._name, declared.version)
        if version.id is not None:
            held = [ParentContent(one.manifest, one.record) for one in parents.made]
            record = Record(
                version=declared.version,
                key=key,
                digest=content,
                registry=CLEARML,
                id=version.id,
                former_ids=(),
                parents=parents.recorded(self._name),
                stats=version_stats(manifest, held).record,
            )
            self._records[self._record_file(declared.version, key)] = encode_record(record)
            tree = self._tree({**self._files, **self._records})
        self.tip = self._commit(tree, version.authored)
        written = Written(
            mark=version.mark,
            version=declared.version,
            key=key,
            id=version.id,
            commit=self.tip,
            parents=tuple(map(str, named)),
            files=len(entries),
            bytes=sum(entry.size for entry in entries),
        )
        self._by_mark[version.mark] = Made(written, tree, manifest, record)
        self.made.append(self._by_mark[version.mark])

    def last(self) -> tuple[dict[str, bytes], dict[str, str]]:
        """What the last commit has that was not there before all of them: the bytes and the blob
        of each file."""
        folder = self._workspace.path_of(self._name)
        files = {f"{folder}/{p}": data for p, data in {**self._files, **self._records}.items()}
        files |= self._settings
        return files, self._blobs(files)

    def _missing_settings(self, head: str) -> dict[str, bytes]:
        """`.gitattributes` and `.gitignore` of the manifests folder, where they are missing."""
        folder, objects = self._workspace.config.manifests, self._workspace.objects
        wanted = {f"{folder}/.gitattributes": ATTRIBUTES, f"{folder}/.gitignore": IGNORE}
        return {p: data for p, data in wanted.items() if objects.resolve(f"{head}:{p}") is None}

    def _encoded(
        self, declared: Declaration, entries: Sequence[Entry], out: Sequence[Dropped]
    ) -> dict[str, bytes]:
        refuse_unsafe(entries)
        text = write_declaration(declared)
        where = f"{self._name} {printable(declared.version)}"
        parse_declaration(text, self._name, where)  # what was said elsewhere may be no text here
        try:
            return manifest_files(text, self._layout, entries, out)
        except ValueError as error:
            raise InputError(printable(str(error)), where=declared.version) from None

    def _reference(self, one: Made) -> Parent:
        """A parent by its name, with its key where several versions have that name."""
        same = [m for m in self.made if m.written.version == one.written.version]
        key8 = one.written.key[:8] if len(same) > 1 else ""
        return Parent(self._name, one.written.version, key8)

    def _record_file(self, version: str, key: str) -> str:
        plain = record_path(version)
        return record_path(version, key) if plain in self._records else plain

    def _blobs(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Stores files, each content once; gives the blob of each."""
        digests = {path: list_digest(data) for path, data in files.items()}
        new = {one: files[path] for path, one in digests.items() if one not in self._stored}
        ids = write_blobs(self._workspace.repository, list(new.values()))
        self._stored.update(zip(new, ids, strict=True))
        return {path: self._stored[one] for path, one in digests.items()}

    def _tree(self, files: Mapping[str, bytes]) -> str:
        return self._workspace.objects.tree_with(None, self._blobs(files))

    def _commit(self, tree: str, authored: Authored) -> str:
        workspace = self._workspace
        base = f"{self.tip}^{{tree}}"
        if not self.made and self._settings:
            base = workspace.objects.tree_with(base, self._blobs(self._settings))
        whole = with_folder(workspace.objects, base, workspace.path_of(self._name), tree)
        return write_commit(workspace.repository, whole, self.tip, authored)
