"""What the tests of the scan share."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty data root."""
    folder = tmp_path / "data root"
    folder.mkdir()
    return folder


def put(root: Path, path: str, content: bytes = b"content") -> Path:
    """Writes a file below the root."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def age(root: Path, seconds: float = 3600) -> None:
    """Makes every file as old as data usually is: a scan trusts no time of this very moment."""
    then = time.time_ns() - int(seconds * 1e9)
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(then, then), follow_symlinks=False)


@pytest.fixture
def others_root() -> Iterator[Path]:
    """A data root that an ordinary user owns, outside of what only root may enter."""
    folder = Path(tempfile.mkdtemp(prefix="dsv-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Permissions count: inside, root is nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
