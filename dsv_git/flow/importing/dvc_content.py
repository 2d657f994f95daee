"""The files of a version in DVC, from whatever of DVC's is on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dsv_git.manifest.dvc import DvcFile, Out, Tracked, decode_folder
from dsv_git.manifest.entry import Entry
from dsv_git.scan.dvc.folder import WorkingFolder
from dsv_git.scan.dvc.store import Store
from dsv_git.scan.progress import Progress


class Unknown(Exception):
    """Why the files of a version cannot be told."""


@dataclass
class DvcContent:
    """The contents that DVC tracks. `base` is the folder of the `.dvc` file; `data` is where the
    data lies, if a person said so."""

    base: Path
    data: Path | None
    store: Store
    progress: Progress
    _folders: dict[Path, WorkingFolder] = field(default_factory=dict)

    def root(self, tracked: Tracked) -> Path:
        """The data root: the folder that is tracked, or the one that the files are in."""
        base = (self.base / tracked.folder).resolve()
        only = _only_folder(tracked)
        return base / only.path if only is not None else base

    def entries(self, tracked: Tracked) -> tuple[Entry, ...]:
        """The files of a version, with the hashes that DVC has. Raises Unknown."""
        root = self.data or self.root(tracked)
        if (only := _only_folder(tracked)) is not None:
            return tuple(self._folder(only, root, ""))
        found: list[Entry] = []
        for out in tracked.outs:
            if out.is_folder:
                found += self._folder(out, root / out.path, f"{out.path}/")
            else:
                found.append(Entry(out.path, self._file_size(out, root), f"md5:{out.md5}"))
        return tuple(found)

    def _folder(self, out: Out, place: Path, prefix: str) -> list[Entry]:
        if out.files is not None:
            return [Entry(prefix + f.path, size, f"md5:{f.md5}") for f, size in out.files]
        files = self._listed(out, place)
        sizes = {file.md5: self._size(file.md5, place) for file in files}
        unknown = [file for file in files if sizes[file.md5] is None]
        if unknown:
            raise Unknown(
                f"DVC's list has no sizes, and {len(unknown):,} of {len(files):,} files are "
                "neither in the cache nor in the data"
            )
        return [Entry(prefix + f.path, sizes[f.md5] or 0, f"md5:{f.md5}") for f in files]

    def _listed(self, out: Out, place: Path) -> tuple[DvcFile, ...]:
        """The files of a folder: as the cache has them, or as they lie there, where that is proven
        to be this version."""
        held = self.store.find(out.md5, is_folder=True)
        listed = decode_folder(held.read_bytes(), out.md5) if held is not None else None
        if listed is not None:
            return listed
        here = self._working(place)
        if here.files and here.md5 == out.md5:
            return here.files
        raise Unknown(
            "its list is in no cache or remote folder of this machine, and the data that lies here "
            "is another version"
            if here.files
            else "its list is in no cache or remote folder of this machine, nor is its data here"
        )

    def _size(self, md5: str, place: Path) -> int | None:
        size = self.store.size(md5)
        return size if size is not None else self._working(place).size(md5)

    def _file_size(self, out: Out, root: Path) -> int:
        """The size of a file that is tracked by itself; DVC 1 did not say it."""
        size = out.size if out.size is not None else self.store.size(out.md5)
        if size is None:
            size = self._working((root / out.path).parent).size(out.md5)
        if size is None:
            raise Unknown(f"the size of {out.path} is neither said nor to be found")
        return size

    def _working(self, place: Path) -> WorkingFolder:
        return self._folders.setdefault(place, WorkingFolder(place, self.progress))


def _only_folder(tracked: Tracked) -> Out | None:
    """The folder, where that is all that is tracked."""
    first = tracked.outs[0]
    return first if len(tracked.outs) == 1 and first.is_folder else None
