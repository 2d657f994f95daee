"""dsv-git: data manifests in git, registered by the ordinary commit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dsv_git.diff.change import Change, Kind
    from dsv_git.diff.changes import Diff
    from dsv_git.diff.stats import Stats
    from dsv_git.errors import DsvError, InputError, Unreachable
    from dsv_git.flow.dataset import Dataset
    from dsv_git.flow.load import load
    from dsv_git.manifest.declaration import Declaration
    from dsv_git.manifest.entry import Entry

__version__ = "0.1.0"
__all__ = [
    "Change",
    "Dataset",
    "Declaration",
    "Diff",
    "DsvError",
    "Entry",
    "InputError",
    "Kind",
    "Stats",
    "Unreachable",
    "__version__",
    "load",
]

_PLACES: Final = {
    "Change": "dsv_git.diff.change",
    "Dataset": "dsv_git.flow.dataset",
    "Declaration": "dsv_git.manifest.declaration",
    "Diff": "dsv_git.diff.changes",
    "DsvError": "dsv_git.errors",
    "Entry": "dsv_git.manifest.entry",
    "InputError": "dsv_git.errors",
    "Kind": "dsv_git.diff.change",
    "Stats": "dsv_git.diff.stats",
    "Unreachable": "dsv_git.errors",
    "load": "dsv_git.flow.load",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: the command line and the git hooks
    import this package too, and must start at once."""
    if name in _PLACES:
        value = getattr(import_module(_PLACES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
