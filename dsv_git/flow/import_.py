"""`dsv import`: versions that were made elsewhere, by ClearML's package, by DVC, or as a list."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import new_name
from dsv_git.flow.importing.request import Import, ImportRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.journal import recover
from dsv_git.gitrepo.lock import exclusive
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import FOREIGN
from dsv_git.scan.progress import Progress


def import_versions(workspace: Workspace, request: ImportRequest, progress: Progress) -> Import:
    """Imports what the request names. Raises InputError, Unreachable, with nothing written."""
    with exclusive(workspace.repository, wait=True):
        recover(workspace.repository)  # an import that was killed may have left files
    new_name(workspace, request.name)
    if request.source is None and not (request.project and request.dataset):
        raise InputError(
            "it is not said what to import",
            hint="clearml:ID, a DVC repository, a list, or --project P --dataset D",
        )
    if request.source is None:
        request.refuse("ClearML says it", "version", "description")
        return _clearml(workspace, request, progress)
    if request.source.startswith(FOREIGN):
        request.refuse("ClearML says it", "version", "description", "project", "dataset")
        return _clearml(workspace, request, progress)
    from dsv_git.flow.importing.dvc_place import is_place

    if is_place(workspace, request.source):
        request.refuse("git says it", "version", "description")
        return _dvc(workspace, request, request.source, progress)
    listed = workspace.start / request.source
    if listed.is_file():
        from dsv_git.flow.importing.listed import import_list

        return import_list(workspace, request, listed, progress)
    raise InputError(
        f"there is nothing to import at {printable(request.source)}",
        hint=f"{FOREIGN}ID, the folder of a DVC repository, or a list of files",
    )


def _clearml(workspace: Workspace, request: ImportRequest, progress: Progress) -> Import:
    from dsv_git.flow.importing.clearml import Adopting
    from dsv_git.flow.importing.commits import refuse_unready, unignored, write_history
    from dsv_git.flow.importing.files import Data
    from dsv_git.flow.importing.foreign import open_source, refuse_other_registry

    refuse_other_registry(workspace)
    refuse_unready(workspace)
    data = Data(request.folder, "xxh3", progress)
    source = request.source or f"{request.project}/{request.dataset} of ClearML"
    with open_source() as clearml:
        versions, notes = Adopting(workspace, request, clearml, data).versions()
        written = write_history(workspace, request.name, versions, source)
    notes = (*notes, *unignored(workspace, versions[-1].declaration))
    return Import(request.name, source, written, (), notes, committed=True)


def _dvc(workspace: Workspace, request: ImportRequest, source: str, progress: Progress) -> Import:
    from dsv_git.flow.importing.commits import refuse_unready, unignored, write_history
    from dsv_git.flow.importing.dvc import DvcHistory
    from dsv_git.flow.importing.dvc_content import DvcContent
    from dsv_git.flow.importing.dvc_place import find_place
    from dsv_git.scan.dvc.store import Store

    refuse_unready(workspace)
    place = find_place(workspace, source)
    content = DvcContent(place.folder, request.folder, Store.of(place.folder), progress)
    versions, left_out, notes = DvcHistory(workspace, request, place, content).versions()
    if not versions:
        said = f": {left_out[-1].reason}" if left_out else ""
        raise InputError(
            f"no version of {printable(place.path)} can be imported{said}",
            hint="dvc pull there brings the cache; --root FOLDER says where the data lies",
        )
    written = write_history(workspace, request.name, versions, place.path)
    notes = (*notes, *unignored(workspace, versions[-1].declaration))
    return Import(request.name, source, written, left_out, notes, committed=True)
