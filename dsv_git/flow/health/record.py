"""A recorded version against what the registry has under its ID."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dsv_git.flow.health.finding import Finding
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.record import Record
from dsv_git.registry.port import Held

SYNC = "dsv sync"


@dataclass(frozen=True)
class Recorded:
    """A version that HEAD has a record of. `said` is what its manifest says of it last; None where
    that is not in this clone. `parents` are the IDs that its parents have now."""

    name: str
    record: Record
    said: Declaration | None
    parents: tuple[str, ...]

    @property
    def shown(self) -> str:
        """`manifest@version`."""
        return f"{self.name}@{self.record.version}"

    @property
    def restoring(self) -> str:
        """What registers it anew."""
        return f"dsv restore {self.shown} --registry"

    def found(self, message: str, repair: str) -> Finding:
        """A finding about this version."""
        return Finding(message, repair, self.shown, self.record.id)


def presence(version: Recorded, held: Held | None) -> Iterator[Finding]:
    """Whether it is there, whole, and in sight."""
    if held is None:
        yield version.found("deleted in ClearML", version.restoring)
    elif not held.complete:
        message = "its record names it, but in ClearML it is not complete: somebody reopened it"
        yield version.found(message, version.restoring)
    elif held.archived:
        yield version.found("archived in ClearML, though its record names it", SYNC)


def identity(version: Recorded, held: Held) -> Iterator[Finding]:
    """Whether it is the version that the record says. One that ClearML's own package made, and
    that was adopted, has no key."""
    record = version.record
    if not held.key and held.version in {record.version, ""}:
        return
    pairs = {
        "key": (held.key, record.key),
        "digest": (held.digest, record.digest),
        "version": (held.version, record.version),
    }
    other = [name for name, (there, here) in pairs.items() if there != here]
    if other:
        message = f"its {' and '.join(other)} in ClearML {_is(other)} not the record's"
        yield version.found(message, version.restoring)


def lineage(version: Recorded, held: Held) -> Iterator[Finding]:
    """Whether its parents there are those that the records name now."""
    if sorted(held.parents) == sorted(version.parents):
        return
    there = ", ".join(sorted(held.parents)) or "none"
    here = ", ".join(sorted(version.parents)) or "none"
    message = f"its parents in ClearML are {there}, by the records {here}"
    yield version.found(message, version.restoring)


def edits(version: Recorded, held: Held, lost: frozenset[str]) -> Iterator[Finding]:
    """Whether it says what the manifest says. What people added on the web page is theirs. `lost`
    are commits that no ref here leads to."""
    said = version.said
    if said is None or not held.key:
        return
    other = ["description"] if held.description.strip() != said.description.strip() else []
    other += ["tags"] if not set(said.tags) <= set(held.tags) else []
    other += [
        f"property {name}"
        for name, value in _properties(version, said).items()
        if held.properties.get(name) != value
    ]
    if other:
        message = f"its {', '.join(other)} in ClearML {_is(other)} not what the manifest says"
        yield version.found(message, SYNC)
    if held.commit in lost:
        message = f"ClearML names the commit {held.commit[:10]}, which no branch here leads to"
        yield version.found(message, SYNC)


def _properties(version: Recorded, said: Declaration) -> Mapping[str, str]:
    """The user properties that are the same from whichever clone they were told."""
    record = version.record
    return {
        **{name: value for name, value in said.properties.items() if name},
        **({"data_path": said.data.url} if said.data.url else {}),
        "manifest": version.name,
        "version": record.version,
        "digest": record.digest,
        "files": str(record.stats.files),
        "bytes": str(record.stats.bytes),
    }


def _is(many: list[str]) -> str:
    return "are" if len(many) > 1 or many == ["tags"] else "is"
