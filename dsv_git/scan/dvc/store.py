"""The places of this machine where DVC keeps contents by their MD5: caches, and remotes that are
folders."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.manifest.dvc import FOLDER

_CONFIGS: Final = ("config", "config.local")
_LAYOUTS: Final = ("files/md5/", "")
"""Where contents are below a place: DVC 3, and DVC before."""


@dataclass(frozen=True)
class Store:
    """Contents by their MD5."""

    places: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path) -> Store:
        """What the DVC repository around a folder knows of; nothing where there is none."""
        for top in (folder, *folder.parents):
            if (top / ".dvc").is_dir():
                return cls(tuple(dict.fromkeys(_places(top / ".dvc"))))
        return cls(())

    def find(self, md5: str, *, is_folder: bool = False) -> Path | None:
        """The file that holds a content, or a folder's list."""
        name = f"{md5[:2]}/{md5[2:]}{FOLDER if is_folder else ''}"
        places = (place / f"{layout}{name}" for place in self.places for layout in _LAYOUTS)
        return next((place for place in places if place.is_file()), None)

    def size(self, md5: str) -> int | None:
        """The size of a content in bytes, where it is here."""
        found = self.find(md5)
        return found.stat().st_size if found is not None else None


def _places(own: Path) -> Iterator[Path]:
    """The caches and the remotes that are folders, as `.dvc/config` names them, and the cache
    where it is by default. A path is relative to the configuration's own folder."""
    yield own / "cache"
    for name in _CONFIGS:
        config = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            config.read_string((own / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, configparser.Error):
            continue
        for section in config.sections():
            key = "dir" if section == "cache" else "url" if "remote " in section else None
            text = config[section].get(key, "").strip().strip("\"'") if key else ""
            if text and "://" not in text:
                yield own / text
