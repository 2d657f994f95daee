"""The log of what was asked, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["api", "files"]


@dataclass(frozen=True)
class Call:
    """One request that reached a server.

    `endpoint` is `tasks.create` and the like, on the file server the path; `size` is the body's
    length in bytes as announced; `n` counts from 1 over both servers since the last `forget_calls`.
    """

    server: Side
    endpoint: str
    method: str
    size: int
    n: int
