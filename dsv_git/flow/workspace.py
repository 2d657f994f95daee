"""A repository that dsv-git looks after, as the verbs see it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from dsv_git.checks.rules import RULES
from dsv_git.errors import InputError
from dsv_git.flow.config import FILE, Config, not_initialised, parse_config
from dsv_git.gitrepo.files import FolderFiles, TreeFiles
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import is_manifest_name
from dsv_git.manifest.yamltext import nearest


@dataclass(frozen=True)
class Workspace:
    """One working tree with its configuration. `start` is where a person typed the command."""

    repository: Repository
    config: Config
    start: Path
    objects: Objects = field(repr=False)

    @classmethod
    def open(cls, start: Path) -> Workspace:
        """The workspace around `start`. Raises InputError where `dsv init` has not been."""
        repository = Repository.discover(start)
        try:
            text = (repository.top / FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise not_initialised() from None
        except UnicodeDecodeError:
            raise InputError("not UTF-8", where=FILE) from None
        config = parse_config(text, tuple(RULES))
        return cls(repository, config, start, Objects(repository.git))

    def anew(self) -> Workspace:
        """The same workspace, with nothing remembered of the working tree before a write."""
        return replace(self)

    @property
    def folder(self) -> Path:
        """The manifests folder of the working tree."""
        return self.repository.top / self.config.manifests

    def path_of(self, name: str) -> str:
        """A manifest's folder, from the top of the repository."""
        return f"{self.config.manifests}/{name}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The manifests of the working tree, sorted."""
        found: list[str] = []
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in {"files", "versions"}]
            if DECLARATION in files:
                found.append((Path(folder) / DECLARATION).relative_to(self.folder).as_posix())
        return manifest_names(found, self.config.manifests)

    def manifest(self, name: str) -> Manifest:
        """A manifest of the working tree. Raises InputError that names the nearest one."""
        if name not in self.names:
            plain = name.partition("@")[0]
            if plain in self.names:
                raise InputError(
                    f"a manifest's name is taken here, not a version: {name!r}",
                    hint=f"{plain}, as the working tree has it",
                )
            near = nearest(name, self.names)
            there = f"there are: {', '.join(self.names)}" if self.names else "dsv add DATA --name N"
            raise InputError(
                f"no manifest {name!r}", hint=f"did you mean {near}?" if near else there
            )
        return Manifest(name, FolderFiles(self.folder / name, self.path_of(name)))

    def manifest_at(self, tree: str, name: str, label: str) -> Manifest:
        """The manifest that a tree object holds; `label` names the place in messages."""
        return Manifest(name, TreeFiles(self.objects, tree, label))

    def manifests_at(self, revision: str) -> Mapping[str, Manifest]:
        """The manifests of a commit, by name. Raises InputError for an unknown revision."""
        commit = self.objects.read(f"{revision}^{{commit}}")
        if commit is None:
            raise InputError(f"git knows no commit {revision!r}")
        root = self.objects.resolve(f"{commit[0]}:{self.config.manifests}")
        if root is None:
            return {}
        short = revision if len(revision) < 40 else revision[:10]
        return {
            name: self.manifest_at(tree, name, f"{short}:{self.path_of(name)}")
            for name, tree in self.manifest_trees(root).items()
        }

    def manifest_trees(self, root: str) -> dict[str, str]:
        """The manifests below a manifests folder's tree: name → tree id."""
        found: dict[str, str] = {}
        todo = [("", root)]
        while todo:
            prefix, tree = todo.pop()
            items = self.objects.tree(tree)
            if prefix and any(i.name == DECLARATION and i.kind == "blob" for i in items):
                found[prefix.rstrip("/")] = tree
            todo += [
                (f"{prefix}{item.name}/", item.id)
                for item in items
                if item.kind == "tree" and item.name not in {"files", "versions"}
            ]
        return dict(sorted(found.items()))


def manifest_names(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    """The names of the manifests among the files of a manifests folder.

    Raises InputError for a manifest inside another, and for a name that is no manifest's.
    """
    suffix = f"/{DECLARATION}"
    names = sorted(path.removesuffix(suffix) for path in paths if path.endswith(suffix))
    for name in names:
        outer = next((other for other in names if name.startswith(f"{other}/")), None)
        if outer is not None:
            raise InputError(
                f"a manifest inside the manifest {outer}", where=f"{folder}/{name}/{DECLARATION}"
            )
        if not is_manifest_name(name):
            raise InputError(
                "a manifest's folder has letters, digits and ._- alone",
                where=f"{folder}/{name}/{DECLARATION}",
            )
    return tuple(names)
