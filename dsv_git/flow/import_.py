"""`dsv import`: versions that were made elsewhere, by ClearML's package, by DVC, or as a list."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.draft import new_name
from dsv_git.flow.import_request import Import, ImportRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import FOREIGN
from dsv_git.scan.progress import Progress


def import_versions(workspace: Workspace, request: ImportRequest, progress: Progress) -> Import:
    """Imports what the request names. Raises InputError, Unreachable, with nothing written."""
    new_name(workspace, request.name)
    if request.source is None and not (request.project and request.dataset):
        raise InputError(
            "it is not said what to import",
            hint="clearml:ID, or --project P --dataset D",
        )
    if request.source is None or request.source.startswith(FOREIGN):
        return _clearml(workspace, request, progress)
    raise InputError(f"not a version of ClearML: {printable(request.source)}", hint=f"{FOREIGN}ID")


def _clearml(workspace: Workspace, request: ImportRequest, progress: Progress) -> Import:
    from dsv_git.flow.import_clearml import Adopting
    from dsv_git.flow.import_files import Data
    from dsv_git.flow.import_foreign import open_source, refuse_other_registry
    from dsv_git.flow.imported import refuse_unready, write_history

    refuse_other_registry(workspace)
    refuse_unready(workspace)
    data = Data(request.folder, "xxh3", progress)
    versions, notes = Adopting(workspace, request, open_source(), data).versions()
    source = request.source or f"{request.project}/{request.dataset} of ClearML"
    written = write_history(workspace, request.name, versions, source)
    return Import(request.name, source, written, (), notes, committed=True)
