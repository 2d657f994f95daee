"""What is to be brought into a folder, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from dsv_git.scan.storage.checked import Flaw
from dsv_git.scan.storage.copying import Way
from dsv_git.scan.storage.port import Storage


class Order(NamedTuple):
    """A content to bring: from a path in a storage (None: it is empty) to a path in the target."""

    storage: Storage | None
    path: str
    target: str
    size: int
    hash: str


@dataclass
class Brought:
    """What came of orders: how many came which way, their bytes; what failed, each with why; the
    paths in the target that hold another content; and the places that did not answer, with why:
    they are asked once."""

    ways: Counter[Way] = field(default_factory=Counter)
    size: int = 0
    failed: list[tuple[Order, Flaw]] = field(default_factory=list)
    taken: list[Order] = field(default_factory=list)
    down: dict[str, str] = field(default_factory=dict)
