"""The `clearml` registry: each version registered exactly once, whatever the network does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Declaration
from dsv_git.registry.clearml import task as tasks
from dsv_git.registry.clearml.events import page_events
from dsv_git.registry.clearml.held import Candidate, by_key, candidates, oldest
from dsv_git.registry.clearml.making import make
from dsv_git.registry.clearml.place import Place, place
from dsv_git.registry.clearml.projects import dataset_project
from dsv_git.registry.clearml.readback import held, listed
from dsv_git.registry.clearml.refusals import Refused
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.usage import uses
from dsv_git.registry.page import Page
from dsv_git.registry.port import Draft, Facts, Held, Use

NAME: Final = "clearml"


@dataclass
class ClearMLRegistry:
    """Versions as ClearML datasets. `clone` tells this clone's half-made versions from others'."""

    session: Session
    clone: str

    name = NAME

    def find(self, key: str) -> str | None:
        """The ID of the version with this key, or None."""
        found = oldest([c for c in by_key(self.session, key) if c.key == key])
        return found.id if found else None

    def register(self, draft: Draft) -> str:
        """Registers a version, exactly once by its key, and gives its ID.

        Raises Unreachable, with at most a half-made version left that the next try takes away;
        InputError for a version that somebody registered with other content.
        """
        where = place(draft.manifest.declaration)
        project = dataset_project(self.session, where)
        version = draft.manifest.declaration.version
        there = self._cleared(candidates(self.session, project, version), draft)
        chosen = self._chosen(draft, there)
        if chosen is None:
            made = make(self.session, draft, where, project, self.clone)
            there = self._cleared(candidates(self.session, project, version), draft)
            chosen = self._raced(draft, there, made)
        former = [c.id for c in there if c.id in draft.replaces and c.id != chosen]
        doubles = [
            c.id for c in there if c.complete and c.key == draft.key and c.id not in draft.replaces
        ]
        self._archive([*former, *(one for one in doubles if one != chosen)])
        return chosen

    def describe(self, version_id: str, facts: Facts, page: Page) -> None:
        """Brings description, tags, properties and pictures up to date; what people wrote beside
        them on the web page stays. A version that was archived there is taken out again."""
        now = self.session.call("tasks.get_by_id", {"task": version_id})["task"]
        runtime = dict(now.get("runtime") or {})
        before = tasks.read_owned(runtime)
        theirs = [tag for tag in now.get("tags") or () if tag not in before.tags]
        body = {
            "task": version_id,
            "force": True,
            "comment": facts.description,
            "tags": list(dict.fromkeys([*facts.tags, *theirs])),
            "runtime": {**runtime, tasks.OWNED: tasks.owned(facts)},
            "script": tasks.script(facts),
        }
        self.session.call("tasks.edit", body)
        self._properties(version_id, {**tasks.said(facts), **tasks.numbers(runtime)})
        if tasks.ARCHIVED in (now.get("system_tags") or ()):
            self.session.call("tasks.unarchive_many", {"ids": [version_id]})
        gone = [
            {"section": tasks.SECTION, "name": n} for n in before.properties - {*facts.properties}
        ]
        if gone:
            edit = {"task": version_id, "force": True, "hyperparams": gone}
            self.session.call("tasks.delete_hyper_params", edit)
        project = self.session.call("projects.get_by_id", {"project": now["project"]})["project"]
        self.session.events(
            page_events(self.session, version_id, page, Place(*_split(str(project["name"]))))
        )

    def locate(self, version_id: str, facts: Facts) -> None:
        """Tells which commit holds the version now."""
        body = {"task": version_id, "force": True, "script": tasks.script(facts)}
        self.session.call("tasks.edit", body)
        said = tasks.said(facts)
        self._properties(version_id, {name: said[name] for name in tasks.FROM_GIT})

    def archive(self, version_id: str) -> None:
        """Takes a version out of sight; its children still find it."""
        self._archive([version_id])

    def read(self, ids: tuple[str, ...]) -> tuple[Held, ...]:
        """The versions with these IDs, as far as they are there."""
        return held(self.session, ids)

    def versions(self, declarations: Iterable[Declaration]) -> tuple[Held, ...]:
        """Every version of ours in the datasets that manifests declare, the oldest first."""
        return listed(self.session, [place(one) for one in declarations])

    def uses(self, ids: tuple[str, ...]) -> tuple[Use, ...]:
        """The tasks that used a version with one of these IDs, the newest first."""
        return uses(self.session, ids)

    def _chosen(self, draft: Draft, there: Sequence[Candidate]) -> str | None:
        """The version that is there already. Raises InputError where the name is taken. One that
        dsv did not register is never taken the place of: others made it."""
        adopted = next((c for c in there if c.id in draft.replaces and not c.key), None)
        if adopted is not None:
            raise self._taken(draft, adopted)
        free = [c for c in there if c.id not in draft.replaces]
        first = oldest(free)
        if first is not None and first.key == draft.key:
            return first.id
        if first is not None and first.clone != self.clone:
            # A race was lost, and the connection too before ours was taken away.
            ours = [c for c in free if c.key == draft.key and c.clone == self.clone]
            self._archive([c.id for c in ours if c.complete])
        taken = first or next((c for c in free if not c.key and not c.stale), None)
        if taken is not None:
            raise self._taken(draft, taken)
        return None

    def _taken(self, draft: Draft, other: Candidate) -> InputError:
        declared = draft.manifest.declaration
        task = self.session.call("tasks.get_by_id", {"task": other.id})["task"]
        said = (task.get("hyperparams") or {}).get(tasks.SECTION) or {}
        author = (said.get("git_author") or {}).get("value") or task.get("user") or "somebody"
        return InputError(
            f"ClearML has {declared.project}/{declared.dataset} {declared.version} with other "
            f"content, registered by {author} as {other.id}",
            hint=f"dsv bump {draft.manifest.name}",
        )

    def _cleared(self, there: Sequence[Candidate], draft: Draft) -> list[Candidate]:
        """Takes half-made versions of ours away, and gives the others: they are never resumed, for
        the package would reopen them."""
        kept = []
        for one in there:
            ours = one.clone == self.clone or one.stale
            if one.key and not one.complete and ours and one.id not in draft.replaces:
                self._delete(one.id)
            else:
                kept.append(one)
        return kept

    def _delete(self, version_id: str) -> None:
        try:
            self.session.call("tasks.delete", {"task": version_id, "force": True})
        except Refused as refused:
            if refused.subcode != tasks.UNKNOWN:
                raise

    def _raced(self, draft: Draft, there: Sequence[Candidate], made: str) -> str:
        """Of clones that registered at the same time, all choose the version that was complete
        first; whoever made another takes it away."""
        first = oldest([c for c in there if c.id not in draft.replaces])
        if first is None or first.key == draft.key:
            return first.id if first else made
        self._archive([made])
        raise self._taken(draft, first)

    def _properties(self, version_id: str, values: dict[str, str]) -> None:
        body = {
            "task": version_id,
            "force": True,
            "hyperparams": tasks.hyperparams(values),
            "replace_hyperparams": "none",
        }
        self.session.call("tasks.edit_hyper_params", body)

    def _archive(self, ids: Sequence[str]) -> None:
        if ids:
            self.session.call("tasks.archive_many", {"ids": list(ids)})


def _split(leaf: str) -> tuple[str, str]:
    project, _, dataset = leaf.partition("/.datasets/")
    return project, dataset or project
