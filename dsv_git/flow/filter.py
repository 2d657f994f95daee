"""`dsv filter`: a version with the entries that a condition or a list chooses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.drafting.derived import Derivation, derive, unchanged
from dsv_git.flow.drafting.draft import NextVersion
from dsv_git.flow.drafting.label_counts import LabelCount, label_counts
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import inside
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.made_by import command, place
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.yamltext import nearest


@dataclass(frozen=True)
class ChosenList:
    """A list of paths: its bytes, and the name of its file; None where it came by a pipe."""

    data: bytes
    file: str | None


@dataclass(frozen=True)
class FilterRequest:
    """What a person typed: one of `where`, conditions that must all hold, and `keep`."""

    name: str
    where: tuple[str, ...] = ()
    keep: ChosenList | None = None
    version: str | None = None
    description: str | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class Filtered:
    """What `filter` did. `bytes` are those of the files that go. Where none goes, and in a dry run,
    nothing was written."""

    manifest: str
    former: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    written: bool
    files: int
    """Files that stay."""
    dropped: tuple[str, ...]
    bytes: int
    labels: tuple[LabelCount, ...]
    annotation_files: int
    """Files that labels come from: they stay, whatever was asked."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Choice:
    """Which entries stay, why the others go, and how a person would say it."""

    stays: Callable[[Entry], bool]
    why: str
    usual: str
    words: tuple[str, ...]
    notes: tuple[str, ...] = ()


def filter_entries(workspace: Workspace, request: FilterRequest) -> Filtered:
    """Writes the next version with the chosen entries; `dropped.jsonl` lists the others.

    Raises InputError for a condition or a list that is none, where nothing would stay, and for a
    version that has a record.
    """
    manifest = workspace.manifest(request.name)
    choice = _choice(workspace, manifest, request)
    spared = annotation_files(manifest.declaration)
    kept: list[Entry] = []
    gone: list[Entry] = []
    annotating = stay = 0
    for entry in manifest.entries:
        chosen, spares = choice.stays(entry), spared(entry)
        (kept if chosen or spares else gone).append(entry)
        annotating += spares and not chosen
        stay += chosen
    if not stay:
        hint = choice.notes[0] if choice.notes else None
        raise InputError(f"no file of {request.name} would stay: {choice.why}", hint=hint)
    following = unchanged(manifest)
    if gone:
        wanted = Derivation(
            request.version,
            request.description,
            choice.usual,
            command("filter", request.name, *choice.words),
            writes=not request.dry_run,
        )
        dropped = [Dropped(entry.path, entry.hash, choice.why) for entry in gone]
        following = derive(workspace, manifest, kept, dropped, wanted)
    return _outcome(manifest, following, request, choice, (kept, gone, annotating))


def _choice(workspace: Workspace, manifest: Manifest, request: FilterRequest) -> _Choice:
    if bool(request.where) == (request.keep is not None):
        raise InputError(
            "a filter needs --where EXPR or --keep LIST, one of both",
            hint=f"dsv filter {request.name} --where 'label == \"cat\"'",
        )
    if request.keep is not None:
        return _by_list(workspace, manifest, request.keep)
    return _by_conditions(manifest, request.where)


def _by_conditions(manifest: Manifest, texts: Sequence[str]) -> _Choice:
    from dsv_git.query.expression import compiled

    props = {key for entry in manifest.entries for key in entry.props}
    found = [compiled(text, props) for text in texts]
    parts = [" ".join(printable(text).split()) for text in texts]
    said = parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)
    labels, splits = [n for f in found for n in f.labels], [n for f in found for n in f.splits]
    notes = (
        *_strange("label", labels, {text for e in manifest.entries for text in e.labels}),
        *_strange("split", splits, {e.split for e in manifest.entries if e.split}),
    )
    return _Choice(
        lambda entry: all(one.matches(entry) for one in found),
        f"not: {said}",
        f"only {said}",
        tuple(word for text in texts for word in ("--where", text)),
        notes,
    )


def _by_list(workspace: Workspace, manifest: Manifest, chosen: ChosenList) -> _Choice:
    from dsv_git.flow.drafting.chosen_paths import chosen_paths

    wanted, notes = chosen_paths(chosen.data, chosen.file or "standard input", manifest)
    said = _told(workspace, chosen.file) if chosen.file is not None else "-"
    name = printable(said.rpartition("/")[2]) if chosen.file is not None else "the list"
    return _Choice(
        lambda entry: entry.path in wanted,
        f"not in {name}",
        f"only what {name} lists",
        ("--keep", said),
        notes,
    )


def _told(workspace: Workspace, file: str) -> str:
    """The list's file from the top of the repository, or its last part."""
    typed = (workspace.start / file).resolve()
    return place(inside(workspace.repository.top, typed) or str(typed))


def _strange(field: str, named: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for text in dict.fromkeys(named):
        if text not in known:
            near = nearest(text, known)
            hint = f" (did you mean {printable(near)}?)" if near else ""
            yield f"no file has the {field} {printable(text)!r}{hint}"


def _outcome(
    manifest: Manifest,
    following: NextVersion,
    request: FilterRequest,
    choice: _Choice,
    parts: tuple[list[Entry], list[Entry], int],
) -> Filtered:
    kept, gone, annotating = parts
    return Filtered(
        manifest=manifest.name,
        former=manifest.declaration.version,
        version=following.version,
        parents=tuple(map(str, following.parents)),
        is_new=following.is_new,
        written=bool(gone) and not request.dry_run,
        files=len(kept),
        dropped=tuple(entry.path for entry in gone),
        bytes=sum(entry.size for entry in gone),
        labels=label_counts(kept, gone),
        annotation_files=annotating,
        notes=choice.notes,
    )


def read_list_file(workspace: Workspace, file: str) -> ChosenList:
    """A list's file as a person typed it, from where they are. Raises InputError."""
    place_ = Path(workspace.start / file)
    try:
        return ChosenList(place_.read_bytes(), file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=printable(file)) from None
