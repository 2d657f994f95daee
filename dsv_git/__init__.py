"""dsv-git: data manifests in git, registered by the ordinary commit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dsv_git.flow.load import Dataset, load

__version__ = "0.1.0"
__all__ = ["Dataset", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """`load` and `Dataset`, imported when they are first asked for: the command line and the git
    hooks import this package too, and must start at once."""
    if name in {"load", "Dataset"}:
        value = getattr(import_module("dsv_git.flow.load"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
