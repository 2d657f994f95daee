"""`dsv verify`: the data on this machine against a version, by content."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from dsv_git.diff.damage import CONFIDENCE, below_percent, most_damaged, usual_sample
from dsv_git.errors import InputError
from dsv_git.flow.data.places import Place, by_place, places
from dsv_git.flow.data.remembered import forget_disproven, memory
from dsv_git.flow.data.standing import standing
from dsv_git.flow.history.named import Named, named
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import Flaw, Wanted
from dsv_git.scan.storage.digests import lists_files
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.verifying import verify as check
from dsv_git.scan.walk import list_names


@dataclass(frozen=True)
class VerifyRequest:
    """What a person typed. `sample` is a number of files, a percentage as `5%`, or `usual`."""

    reference: str
    sample: str | None = None
    seed: int | None = None
    changed: bool = False


@dataclass(frozen=True)
class Sample:
    """How files were chosen, and what the choice tells: with this confidence fewer than `below`
    percent of all files are missing or damaged."""

    seed: int
    confidence: float
    below: str


@dataclass(frozen=True)
class Verified:
    """What was found. `checked` of `files` were looked at; the paths are those of entries.

    `unproven` are of a hash that only their store can make, and have the right size. `extra` are
    files that the version does not name; None where they were not looked for. They are a problem
    of the version that the working tree holds, not of a former one. A sample that took every file
    is none: what was found is exact.
    """

    version: str
    current: bool
    files: int
    bytes: int
    checked: int
    missing: tuple[Flaw, ...]
    damaged: tuple[Flaw, ...]
    unreadable: tuple[Flaw, ...]
    unproven: tuple[Flaw, ...]
    extra: tuple[str, ...] | None
    sample: Sample | None

    @property
    def sound(self) -> bool:
        """Whether everything that was looked at is as it should be."""
        bad = self.missing or self.damaged or self.unreadable or (self.current and self.extra)
        return not bad


@dataclass
class _Found:
    flaws: list[Flaw] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


def verify(workspace: Workspace, request: VerifyRequest, progress: Progress) -> Verified:
    """Reads the data of a version and compares every content with its hash. What this clone
    remembers of a file and is proven wrong is forgotten, so that a scan reads that file again.

    Raises InputError for an unknown version, a root that is not there, and a sample that is none.
    """
    if request.sample is not None and request.changed:
        raise InputError("--sample and --changed exclude each other")
    version = named(workspace, request.reference)
    manifest = version.manifest
    entries = manifest.entries
    roots = places(workspace, manifest.name, manifest.declaration.data)
    chosen, seed = _chosen(entries, request)
    found, checked = _Found(), 0
    for place, files in by_place(roots, chosen):
        if isinstance(place.storage, Folder) and not place.storage.base.is_dir():
            raise place.missing()
        doubtful = _not_vouched(workspace, version, place, files) if request.changed else files
        checked += len(doubtful)
        flaws = check(place.storage, doubtful, progress)
        if isinstance(place.storage, Folder):
            damaged = {flaw.path for flaw in flaws if flaw.trouble == "damaged"}
            wrong = {one.path: one.hash for one in doubtful if one.path in damaged}
            forget_disproven(workspace, place.root.location, wrong)
        found.flaws += [flaw._replace(path=place.prefix + flaw.path) for flaw in flaws]
        if seed is None and lists_files(place.storage):
            found.extra += _extra(place, version, {wanted.path for wanted in files}, progress)
    return _verified(version, entries, checked, found, seed)


def _verified(
    version: Named, entries: Sequence[Entry], checked: int, found: _Found, seed: int | None
) -> Verified:
    def of(trouble: str) -> tuple[Flaw, ...]:
        return tuple(flaw for flaw in found.flaws if flaw.trouble == trouble)

    sample = None
    if seed is not None and checked < len(entries):
        bad = len(found.flaws) - len(of("unproven"))
        most = most_damaged(len(entries), checked, bad)
        sample = Sample(seed, CONFIDENCE, below_percent(len(entries), most))
    return Verified(
        version.name,
        version.current,
        len(entries),
        sum(entry.size for entry in entries),
        checked,
        of("missing"),
        of("damaged"),
        of("unreadable"),
        of("unproven"),
        tuple(sorted(found.extra)) if seed is None else None,
        sample,
    )


def _chosen(entries: Sequence[Entry], request: VerifyRequest) -> tuple[Sequence[Entry], int | None]:
    """The entries to look at, and the seed that chose them: a simple random sample, without
    putting back; the same seed chooses the same files of the same version."""
    if request.sample is None:
        if request.seed is not None:
            raise InputError("--seed goes with --sample")
        return entries, None
    count = min(_count(request.sample, len(entries)), len(entries))
    seed = request.seed if request.seed is not None else random.SystemRandom().getrandbits(32)
    indexes = random.Random(seed).sample(range(len(entries)), count)  # noqa: S311
    return [entries[index] for index in sorted(indexes)], seed


def _count(text: str, files: int) -> int:
    """The number of files that `--sample` asks for. Raises InputError."""
    if text == "usual":
        return usual_sample()
    number, percent, rest = text.partition("%")
    try:
        value = float(number) if percent else int(number)
    except ValueError:
        value = 0
    if rest or not 0 < value <= (100 if percent else files + 10**12):
        raise InputError(
            f"not a sample: {text!r}", hint="a number of files (--sample 1000), or --sample 5%"
        )
    return ceil(files * value / 100) if percent else int(value)


def _not_vouched(
    workspace: Workspace, version: Named, place: Place, files: Sequence[Wanted]
) -> Sequence[Wanted]:
    """The files whose content this clone's memory does not know from their size and time."""
    if not isinstance(place.storage, Folder):
        return files
    data, folder = version.manifest.declaration.data, place.storage.base
    one = memory(workspace, version.manifest.name, place.root.mount, folder, data.algorithm)
    known = set(standing(one, folder))
    return [wanted for wanted in files if wanted not in known]


def _extra(place: Place, version: Named, listed: set[str], progress: Progress) -> list[str]:
    """The files of a root that the version neither lists nor leaves out on purpose."""
    data = version.manifest.declaration.data
    patterns = Patterns(data.include, data.exclude)
    there: set[str]
    if isinstance(place.storage, Folder):
        there = set(list_names(place.storage.base, patterns).paths)
    else:
        there = {stored.path for stored in place.storage.files(patterns)}
    extra = there - listed
    left_out = [
        Wanted(path, stored.size, item.hash)
        for item in version.manifest.dropped
        if item.path.startswith(place.prefix)
        and (path := item.path[len(place.prefix) :]) in extra
        and (stored := place.storage.stat(path)) is not None
    ]
    other = {flaw.path for flaw in check(place.storage, left_out, progress)}
    extra -= {wanted.path for wanted in left_out} - other
    return [place.prefix + path for path in extra]
