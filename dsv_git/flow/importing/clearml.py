"""`dsv import clearml:ID`: versions that ClearML has already, with their IDs.

A version keeps its ID: its record is written from what ClearML says, and nothing is registered or
changed there. Its key follows from project, dataset, version, content and the parents' keys, as of
every version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.importing.files import Data, read_files
from dsv_git.flow.importing.foreign import git_date, names_of
from dsv_git.flow.importing.request import ImportRequest
from dsv_git.flow.importing.version import Imported
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.series import Authored
from dsv_git.manifest.declaration import DEFAULT_PROJECT, Declaration
from dsv_git.manifest.declaration import Data as DeclaredData
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.lists import ListedFile
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import FOREIGN
from dsv_git.registry.foreign import Content, Foreign, Foreigners

DATA_PATH = "data_path"
LINKED = "external files"
"""ClearML's own tag for versions whose files lie elsewhere."""


@dataclass(frozen=True)
class Adopting:
    """What an import from ClearML is made of."""

    workspace: Workspace
    request: ImportRequest
    source: Foreigners
    data: Data

    def versions(self) -> tuple[tuple[Imported, ...], tuple[str, ...]]:
        """The versions, parents first, and what is to be said of them. Raises InputError where one
        cannot be taken over."""
        ids = self._wanted()
        family = self.source.family(ids)
        there = {one.id for one in family}
        lost = next((one for one in ids if one not in there), None)
        if lost is not None:
            raise InputError(
                f"ClearML has no version {printable(lost)}",
                hint="the ID is on its page, behind the name of the version",
            )
        self._refuse(family)
        names = names_of(family)
        found = tuple(self._imported(one, names[one.id], there) for one in family)
        return found, tuple(self._notes(family, names, there))

    def _wanted(self) -> tuple[str, ...]:
        if self.request.source:
            return (self.request.source.removeprefix(FOREIGN),)
        project, dataset = self.request.project or "", self.request.dataset or ""
        ids = self.source.versions(project, dataset)
        if not ids:
            raise InputError(
                f"ClearML has no complete version of {printable(dataset)} in {printable(project)}",
                hint="--project and --dataset as ClearML shows them",
            )
        return ids

    def _refuse(self, family: Sequence[Foreign]) -> None:
        for one in family:
            name = f"{one.dataset} {one.held.version} ({one.id})"
            if not one.held.complete:
                raise InputError(
                    f"{printable(name)} is not finalized in ClearML",
                    hint="finalize it, or import a version that does not come from it",
                )
            if one.held.key:
                place = one.held.properties.get("git_repository") or "another repository"
                raise InputError(
                    f"{printable(name)} was registered by dsv: its manifest is in git",
                    hint=f"fetch it from {printable(place)}, or name it as parent: "
                    f"dsv add … --parent {FOREIGN}{one.id}",
                )

    def _imported(self, one: Foreign, version: str, there: set[str]) -> Imported:
        content = self.source.content(one)
        files, root = self._files(one, version, content)
        hashes = {(file.hash or self.data.algorithm).partition(":")[0] for file in files}
        declared = Declaration(
            name=self.request.name,
            version=version,
            data=replace(
                self._data(content, root), algorithm="sha256" if hashes == {"sha256"} else "xxh3"
            ),
            dataset=one.dataset or self.request.name,
            project=one.project or DEFAULT_PROJECT,
            description=one.held.description.strip(),
            tags=tuple(dict.fromkeys(tag for tag in one.held.tags if tag and tag != LINKED)),
            properties={k: v for k, v in one.properties.items() if k != DATA_PATH},
        )
        said = printable(declared.description.partition("\n")[0])
        subject = f"{self.request.name} {version}" + (f": {said}" if said else "")
        by = f", made by {printable(one.author)}" if one.author else ""
        return Imported(
            mark=one.id,
            declaration=declared,
            parents=tuple(p if p in there else f"{FOREIGN}{p}" for p in one.parents),
            load=lambda: self._entries(one, version),
            authored=Authored(
                f"{subject}\n\nImported from ClearML: {one.id}{by}\n", date=git_date(one.created)
            ),
            id=one.id,
            by_list=content.stored == 0,
        )

    def _entries(self, one: Foreign, version: str) -> tuple[Entry, ...]:
        files, _ = self._files(one, version, self.source.content(one))
        return self.data.entries(files, version)

    def _files(
        self, one: Foreign, version: str, content: Content
    ) -> tuple[Sequence[ListedFile], Path | None]:
        """The files of a version, and the folder of the list that names them, if one does."""
        named = one.held.properties.get(DATA_PATH, "").strip()
        if content.files or not named:
            return content.files, None
        place = self._list(named, version)
        return read_files(place, self.data.folder), place.parent

    def _list(self, named: str, version: str) -> Path:
        """The list that the property `data_path` names, on this machine."""
        bases = (self.data.folder, self.workspace.start, self.workspace.repository.top)
        places = [base / named.removeprefix("file://") for base in bases if base is not None]
        found = next((place for place in places if place.is_file()), None)
        if found is not None:
            return found
        said = f"{printable(version)} has no entries, and its list, {printable(named)},"
        if any(place.is_dir() for place in places):
            raise InputError(f"{said} is a folder", hint="dsv add FOLDER scans a folder")
        raise InputError(
            f"{said} is not on this machine",
            hint="mount it, or copy the list and give the folder it is below: --root FOLDER",
        )

    def _data(self, content: Content, beside: Path | None) -> DeclaredData:
        """Where the data lies: as a person said, else where ClearML's links lead."""
        root = self.request.declared_root
        remote = content.base if "://" in content.base else None
        if root is not None:
            return DeclaredData({"": root}, url=remote)
        if content.base:
            return DeclaredData({"": content.base})
        return DeclaredData({"": str(beside) if beside else f"data/{self.request.name}"})

    def _notes(
        self, family: Sequence[Foreign], names: Mapping[str, str], there: set[str]
    ) -> Iterator[str]:
        for one in family:
            version = names[one.id]
            if version != one.held.version:
                was = printable(one.held.version) or "without a version"
                yield f"{one.id} is {was} in ClearML; here it is {version}"
            if one.held.archived:
                yield f"{version} is archived in ClearML"
            content = self.source.content(one)
            if content.stored:
                yield f"{content.stored:,} files of {version} are stored in ClearML itself"
            if not content.files and not one.held.properties.get(DATA_PATH):
                yield f"{version} has no files in ClearML, and names no list in {DATA_PATH}"
            for parent in one.parents:
                if parent not in there:
                    yield f"{parent}, a parent of {version}, is not in ClearML any more"
