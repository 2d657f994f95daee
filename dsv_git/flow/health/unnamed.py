"""Versions of ours in the registry that no record names: half-made, doubled, record lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsv_git.flow.health.finding import Finding
from dsv_git.registry.port import Held

SYNC = "dsv sync"


@dataclass(frozen=True)
class Known:
    """What this clone knows: the names (`manifest@version`) of the keys that HEAD records, and of
    those that are pending here, and who it is."""

    recorded: Mapping[str, str]
    pending: Mapping[str, str]
    clone: str

    def name(self, held: Held) -> str:
        """A version's name, as far as it can be told."""
        manifest = held.properties.get("manifest") or held.dataset
        named = {**self.pending, **self.recorded}
        return named.get(held.key) or f"{manifest}@{held.version}"

    def found(self, held: Held, message: str, repair: str) -> Finding:
        """A finding about a version."""
        return Finding(message, repair, self.name(held), held.id)


def half_made(there: Sequence[Held], ids: Collection[str], known: Known) -> Iterator[Finding]:
    """Versions that were begun and never completed. They are in nobody's way but a reader's: no
    record names one, and the next registration of that version takes away what it may."""
    for held in there:
        if held.complete or held.archived or held.id in ids:
            continue
        ours = held.clone == known.clone
        whose = "by this clone" if ours else "by another clone"
        if known.name(held) not in known.pending.values():
            message = f"half-made {whose}, and nothing is pending that would take it away"
            yield known.found(held, message, _delete(held))
        elif ours or held.stale:
            yield known.found(held, f"half-made {whose}", SYNC)
        else:
            message = f"half-made {whose}, perhaps at work on it now"
            yield known.found(held, message, f"wait; an hour after its last change: {SYNC}")


def duplicates(there: Sequence[Held], ids: Collection[str], known: Known) -> Iterator[Finding]:
    """Complete versions with one and the same key, in sight: all but the one that is recorded, or
    else the oldest, are too many."""
    same: dict[str, list[Held]] = defaultdict(list)
    for held in there:
        if held.complete and not held.archived:
            same[held.key].append(held)
    for several in same.values():
        stays = next((held for held in several if held.id in ids), several[0])
        for held in several:
            if held is not stays:
                message = f"the same version as {stays.id}, registered twice"
                yield known.found(held, message, _archive(held))


def orphans(
    there: Sequence[Held],
    ids: Collection[str],
    known: Known,
    fetched: Callable[[], Collection[str]],
) -> Iterator[Finding]:
    """Complete versions whose keys no record names: not HEAD's, and none that was fetched."""
    lost = {
        held.key: held
        for held in reversed(there)
        if held.complete and not held.archived and held.key not in known.recorded
        if held.id not in ids
    }
    waiting = {key for key in lost if key in known.pending}
    elsewhere = fetched() if lost.keys() - waiting else ()
    for key, held in reversed(lost.items()):
        if key in waiting:
            yield known.found(held, "registered, but its record is lost", SYNC)
        elif key not in elsewhere:
            yield known.found(
                held, f"registered, but no record names it: {_made(held)}", _find(held)
            )


def _made(held: Held) -> str:
    commit, branch = held.commit[:10], held.properties.get("git_branch")
    where = f" of the branch {branch}" if branch else ""
    return f"made by the commit {commit or '?'}{where}"


def _find(held: Held) -> str:
    return f"git fetch, if others still have it; else {_archive(held)}"


def _archive(held: Held) -> str:
    return f"archive it in ClearML: {held.url or held.id}"


def _delete(held: Held) -> str:
    return f"delete it in ClearML: {held.url or held.id}"
