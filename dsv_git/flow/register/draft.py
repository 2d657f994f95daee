"""A version as a registry is given it: each part is made when the registry asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dsv_git.flow.history.version_stats import ParentContent, VersionStats
from dsv_git.flow.register.content import StoredContent
from dsv_git.flow.register.order import Order
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import Record, RecordStats
from dsv_git.registry.page import Page
from dsv_git.registry.port import Ancestor, Content, Facts


@dataclass(frozen=True)
class VersionDraft:
    """The draft of an order; the registry's port says what its parts mean."""

    workspace: Workspace
    order: Order
    manifest: Manifest
    numbers: VersionStats
    parent_contents: tuple[ParentContent, ...]
    parents: tuple[str, ...]
    branch: str | None
    ancestors: Callable[[tuple[str, ...]], tuple[Ancestor, ...]]

    @property
    def key(self) -> str:
        """The version's key."""
        return self.order.key

    @property
    def digest(self) -> str:
        """The digest of its file lists."""
        return self.order.digest

    @property
    def replaces(self) -> tuple[str, ...]:
        """IDs that it takes the place of."""
        return self.order.replaces

    @property
    def stats(self) -> RecordStats:
        """Its numbers."""
        return self.numbers.record

    @property
    def grown(self) -> int:
        """By how many bytes it is larger than its parents together."""
        return self.numbers.change.bytes

    @cached_property
    def content(self) -> Content:
        """Its entries and their files."""
        parents = tuple((p.record.id, p.manifest) for p in self.parent_contents if p.record)
        return StoredContent(self.workspace, self.manifest, parents)

    @cached_property
    def facts(self) -> Facts:
        """What is said of it."""
        from dsv_git.flow.register.facts import facts_of  # a registry of git alone asks for none

        return facts_of(self.workspace, self.manifest.declaration, self.order.commit, self.branch)

    @cached_property
    def lineage(self) -> tuple[Ancestor, ...]:
        """Every ancestor that git knows of."""
        return self.ancestors(self.parents)

    @cached_property
    def page(self) -> Page:
        """What its page shows besides."""
        from dsv_git.flow.register.page import page_of  # nor for this, with all its charts

        return page_of(self.workspace, self)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the page lacks, where the registry asked for it."""
        return self.page.notes if "page" in vars(self) else ()


def ancestors_of(
    ids: tuple[str, ...], records: Mapping[str, tuple[str, Record]], prefix: str
) -> tuple[Ancestor, ...]:
    """The ancestors that records name, parents' parents included. `records` has every record by its
    ID, and by its former ones, with the name of its dataset; `prefix` marks IDs in a manifest that
    are the registry's own."""
    found: dict[str, Ancestor] = {}
    todo = list(ids)
    while todo:
        one = todo.pop(0)
        if one not in records or records[one][1].id in found:
            continue
        dataset, record = records[one]
        parents = tuple(
            records[parent.id][1].id if parent.id in records else parent.id.removeprefix(prefix)
            for parent in record.parents
        )
        found[record.id] = Ancestor(record.id, dataset, record.version, record.stats.bytes, parents)
        todo += parents
    return tuple(found.values())
