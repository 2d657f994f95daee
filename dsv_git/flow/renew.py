"""`dsv restore N@V --registry`: versions that the registry lost are registered anew, from git."""

from __future__ import annotations

from collections.abc import Sequence

from dsv_git.errors import InputError, Unreachable
from dsv_git.flow.history.view import View, look
from dsv_git.flow.register.again import Named, current_parents, orders, recorded
from dsv_git.flow.register.known import Told
from dsv_git.flow.register.reconcile import BRANCH, Outcome
from dsv_git.flow.register.recording import record
from dsv_git.flow.register.registrar import NOBODY, Watcher
from dsv_git.flow.register.registries import open_registry
from dsv_git.flow.register.started import registrar
from dsv_git.flow.register.summary import Summary, nothing_done, summary
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.journal import recover
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.lock import exclusive
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import FOREIGN, parse_parent
from dsv_git.manifest.record import Record
from dsv_git.registry.local import NAME as LOCAL
from dsv_git.registry.port import Held


def renew(workspace: Workspace, reference: str, *, watcher: Watcher = NOBODY) -> Summary:
    """Registers a version anew that its registry lost, and every descendant whose lineage there
    names an ID that is dead. A version that is still there stays as it is.

    The former IDs stay in the records. Raises InputError, Unreachable.
    """
    repository = workspace.repository
    head = refs.head(repository)
    if head.commit is None or head.branch is None:
        raise InputError("HEAD is detached, so there is no branch to record on", hint="git switch")
    branch = head.branch.removeprefix(BRANCH)
    with exclusive(repository, wait=True):
        recover(repository)
        try:
            view = look(workspace, head.commit)
        except ShallowHistory:
            raise Unreachable("the history is shallow", hint="git fetch --unshallow") from None
        lost = _lost(workspace, view, _named(view, reference))
        if not lost:
            return nothing_done(f"{reference} and its descendants are there already")
        with registrar(
            workspace, view.records, head.commit, branch, hook=False, watcher=watcher
        ) as session:
            done = record(workspace, Target(head.commit), session, orders(workspace, view, lost))
            told = Told.read(workspace)
            told.registered(session, done.done, view, done.folded)
            told.write()
    outcome = Outcome(done.registered, done.failed, done.commit, done.made)
    return summary(outcome, f"{reference} is not registered anew")


def _named(view: View, reference: str) -> Named:
    """The version that a person means: N, N@V, or an ID, a former one too."""
    known = recorded(view)
    text = reference.removeprefix(FOREIGN)
    found = [one for one in known if text in (one[1].id, *one[1].former_ids)]
    if not found and "@" in reference:
        wanted = parse_parent(reference)
        named = [(n, r) for n, r in known if (n, r.version) == (wanted.manifest, wanted.version)]
        found = [(n, r) for n, r in named if r.key.startswith(wanted.key8)]
    elif not found and reference in view.records.trees:
        snapshot = view.snapshots.one(reference, view.records.trees[reference])
        found = [(n, r) for n, r in known if snapshot and (n, r.version) == snapshot.name]
    if not found:
        raise InputError(f"no registered version {printable(reference)!r}", hint="dsv log")
    if len(found) > 1:
        names = ", ".join(f"{n}@{r.version}#{r.key[:8]}" for n, r in found)
        raise InputError(f"several versions are named {printable(reference)}", hint=names)
    return found[0]


def _lost(workspace: Workspace, view: View, first: Named) -> list[Named]:
    """The version and its descendants, as far as the registry does not have them as recorded."""
    family = _family(recorded(view), first)
    registry = open_registry(workspace)
    held = {one.id: one for one in registry.read(tuple(record.id for _, record in family))}
    known = {one: r for _, r in recorded(view) for one in (r.id, *r.former_ids)}
    renewed: set[str] = set()
    for _, version in family:
        parents = current_parents(version, known)
        # The local registry stores nothing, so it loses nothing: its ID follows from the key.
        if registry.name == LOCAL:
            there = version.id == registry.find(version.key)
        else:
            there = _there(held.get(version.id), version, parents)
        if renewed & {*parents} or not there:
            renewed |= {version.id, *version.former_ids}
    return [(name, version) for name, version in family if version.id in renewed]


def _there(held: Held | None, version: Record, parents: Sequence[str]) -> bool:
    """Whether the registry has a version as the records say it is, below the parents of now."""
    if held is None or held.archived or not held.complete:
        return False
    there = held.key, held.digest, held.version
    adopted = not held.key  # ClearML's own package made it: it knows neither key nor digest
    same = adopted or there == (version.key, version.digest, version.version)
    return same and sorted(held.parents) == sorted(parents)


def _family(known: Sequence[Named], first: Named) -> list[Named]:
    """A version and all that descend from it, parents before children."""
    children: dict[str, list[Named]] = {}
    for name, version in known:
        for parent in version.parents:
            children.setdefault(parent.id, []).append((name, version))
    ordered: dict[str, Named] = {}
    stack = [(first, False)]
    while stack:
        one, expanded = stack.pop()
        if expanded:
            ordered[one[1].key] = one
        elif one[1].key not in ordered:
            stack.append((one, True))
            ids = (one[1].id, *one[1].former_ids)
            stack += [(child, False) for each in ids for child in children.get(each, ())]
    return list(reversed(ordered.values()))
