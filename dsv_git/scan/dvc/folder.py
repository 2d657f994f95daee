"""The files of a working folder with the MD5 that DVC would give them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dsv_git.manifest.dvc import DvcFile, folder_md5
from dsv_git.scan.hashing import BLOCK
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import unreadable
from dsv_git.scan.storage.digests import new_digest
from dsv_git.scan.walk import walk


@dataclass
class WorkingFolder:
    """Data as it lies in the working tree. It is read when it is first asked for."""

    place: Path
    progress: Progress
    _sizes: dict[str, int] = field(default_factory=dict)

    @cached_property
    def files(self) -> tuple[DvcFile, ...]:
        """Every file with its MD5; none where the folder is not there."""
        if not self.place.is_dir():
            return ()
        found = walk(self.place, Patterns()).files
        self.progress.expect(len(found))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = list(pool.map(self._hashed, [file.path for file in found]))
        self._sizes.update((file.md5, size) for file, size in rows)
        return tuple(file for file, _ in rows)

    @cached_property
    def md5(self) -> str:
        """The MD5 of the list that DVC would write for the folder now."""
        return folder_md5(self.files)

    def size(self, md5: str) -> int | None:
        """The size in bytes of a content that is in the folder, under whatever path."""
        return self._sizes.get(md5) if self.files else None

    def _hashed(self, path: str) -> tuple[DvcFile, int]:
        digest, size = new_digest("md5"), 0
        try:
            with (self.place / path).open("rb") as file:
                while block := file.read(BLOCK):
                    digest.update(block)
                    size += len(block)
        except OSError as error:
            raise unreadable(path, error) from None
        self.progress.advance(1, size)
        return DvcFile(path, digest.hexdigest()), size
