"""`dsv import DIR`: the history of a `.dvc` file as versions. DVC itself is never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

from dsv_git.flow.importing.dvc_content import DvcContent, Unknown
from dsv_git.flow.importing.dvc_place import DvcPlace
from dsv_git.flow.importing.request import ImportRequest, LeftOut, declared
from dsv_git.flow.importing.version import Imported
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import newest_touching, steps_touching
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.series import authored, tags, with_trailer
from dsv_git.manifest.declaration import DEFAULT_PROJECT, Data, Declaration
from dsv_git.manifest.dvc import Tracked, parse_dvc
from dsv_git.manifest.names import printable

TRAILER = "Imported-From"
LEGACY = (
    "the MD5 of DVC before 3.0 is that of a text file with LF at all ends: one that has CRLF will "
    "show as another content"
)


@dataclass(frozen=True)
class Node:
    """A version in the history: the commit that made it, and the commits of its parents."""

    commit: str
    tracked: Tracked
    parents: tuple[str, ...]


@dataclass(frozen=True)
class DvcHistory:
    """What the history of a `.dvc` file holds."""

    workspace: Workspace
    request: ImportRequest
    place: DvcPlace
    content: DvcContent

    def versions(self) -> tuple[tuple[Imported, ...], tuple[LeftOut, ...], tuple[str, ...]]:
        """The versions, parents first; those that cannot be had, and why; and what is to be said
        of the others. Raises InputError for a `.dvc` file that cannot be read."""
        nodes, left_out = self._nodes()
        names = self._names(nodes)
        found = tuple(self._imported(node, names[node.commit]) for node in nodes)
        return found, left_out, tuple(self._notes(nodes))

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self.place.repository.git)

    def _nodes(self) -> tuple[list[Node], tuple[LeftOut, ...]]:
        """The commits that made another content, parents first; of one whose content is not to be
        had, the children come from its parents."""
        stands: dict[str, tuple[Node, ...]] = {}
        nodes: list[Node] = []
        left_out: list[LeftOut] = []
        for step in reversed(steps_touching(self.place.repository, "HEAD", self.place.path)):
            before = _independent([node for p in step.parents for node in stands.get(p, ())], nodes)
            tracked = self._tracked(step.commit)
            same = [node for node in before if tracked is None or node.tracked == tracked]
            if tracked is None or same:
                stands[step.commit] = tuple(same) if tracked else before
                continue
            node = Node(step.commit, tracked, tuple(one.commit for one in before))
            try:
                self.content.entries(tracked)
            except Unknown as unknown:
                left_out.append(LeftOut(step.commit[:10], str(unknown)))
                stands[step.commit] = before
            else:
                stands[step.commit] = (node,)
                nodes.append(node)
        return nodes, tuple(left_out)

    def _tracked(self, commit: str) -> Tracked | None:
        try:
            data = self._objects.blob(f"{commit}:{self.place.path}")
        except KeyError:
            return None
        where = f"{commit[:10]}:{self.place.path}"
        return parse_dvc(data.decode(errors="replace"), where)

    def _names(self, nodes: Sequence[Node]) -> dict[str, str]:
        """The version of each commit: the first tag that has its content, else 1.0, 1.1, …"""
        tagged: dict[str, str] = {}
        path = f":(top,literal){self.place.path}"
        for tag, commit in tags(self.place.repository).items():
            made = newest_touching(self.place.repository, commit, path)
            name = "".join(c if c.isprintable() and c not in "@#" else "-" for c in tag).strip()
            if made is not None and name not in tagged.values():
                tagged.setdefault(made, name)
        found = {node.commit: tagged[node.commit] for node in nodes if node.commit in tagged}
        taken = set(found.values())
        for number, node in enumerate(nodes):
            if node.commit not in found:
                free = (f"1.{n}" for n in count(number) if f"1.{n}" not in taken)
                found[node.commit] = next(free)
                taken.add(found[node.commit])
        return found

    def _imported(self, node: Node, version: str) -> Imported:
        said = authored(self._objects, node.commit)
        root = self.content.root(node.tracked)
        message = with_trailer(self.workspace.repository, said.message, TRAILER, node.commit)
        return Imported(
            mark=node.commit,
            declaration=Declaration(
                name=self.request.name,
                version=version,
                data=Data({"": self.request.declared_root or declared(self.workspace, root)}),
                dataset=self.request.dataset or self.request.name,
                project=self.request.project or DEFAULT_PROJECT,
                description=printable(said.message.strip().partition("\n")[0].strip()),
            ),
            parents=node.parents,
            load=lambda: self.content.entries(node.tracked),
            authored=replace(said, message=message),
        )

    def _notes(self, nodes: Sequence[Node]) -> Iterator[str]:
        if any(out.legacy for node in nodes for out in node.tracked.outs):
            yield LEGACY
        if (self.place.repository.common_dir / "shallow").exists():
            yield "its history is shallow: git fetch --unshallow there brings older versions"


def _independent(found: Sequence[Node], nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes that are no ancestors of others among them, each once."""
    by_commit: Mapping[str, Node] = {node.commit: node for node in nodes}
    several = {node.commit: node for node in found}
    above: set[str] = set()
    todo = [parent for node in several.values() for parent in node.parents]
    while todo and len(several) > 1:
        commit = todo.pop()
        if commit not in above:
            above.add(commit)
            todo += by_commit[commit].parents
    return tuple(node for commit, node in several.items() if commit not in above)
