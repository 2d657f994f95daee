"""`dsv update` of one manifest or of all: what a manifest is merged from comes before it."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.errors import InputError
from dsv_git.flow.merging.merged_from import in_order, merged_from
from dsv_git.flow.update import update
from dsv_git.flow.updated import NotUpdated, Updated, UpdateRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.bump import NoSuccessor
from dsv_git.scan.progress import Progress


def update_series(
    workspace: Workspace, request: UpdateRequest, progress: Progress
) -> Iterator[Updated | NotUpdated]:
    """Updates the manifest that is asked for: from its data, or, where it is a merge, from the
    manifests that it is merged from, which are updated before it. With `labels` its own data is
    scanned, merge or not.

    A source that cannot be updated (its data is not on this machine) is taken as it is. Raises
    InputError where the manifest itself cannot be.
    """
    if request.labels:
        yield update(workspace, request, progress)
        return
    for source in in_order(workspace, [request.name])[:-1]:
        yield _tried(workspace, UpdateRequest(source), progress)
    yield _one(workspace, request, progress)


def update_all(workspace: Workspace, progress: Progress) -> Iterator[Updated | NotUpdated]:
    """Updates every manifest, each after what it is merged from. Raises InputError where there is
    none."""
    if not workspace.names:
        raise InputError("there is no manifest yet", hint="dsv add DATA --name NAME")
    for name in in_order(workspace, workspace.names):
        yield _tried(workspace, UpdateRequest(name), progress)


def _tried(
    workspace: Workspace, request: UpdateRequest, progress: Progress
) -> Updated | NotUpdated:
    try:
        return _one(workspace, request, progress)
    except NoSuccessor as error:
        asked = InputError(error.message, hint=f"dsv update {request.name} --version V")
        return NotUpdated(request.name, str(asked))
    except InputError as error:
        return NotUpdated(request.name, str(error))


def _one(workspace: Workspace, request: UpdateRequest, progress: Progress) -> Updated:
    workspace = workspace.anew()  # the one before may have written
    if request.same_version and request.version is not None:
        raise InputError("--same-version and --version exclude each other")
    parents = merged_from(workspace, workspace.manifest(request.name))
    if parents:
        from dsv_git.flow.merging.follow import follow  # most manifests are no merge

        return follow(workspace, request, parents)
    if request.on_conflict is not None:
        raise InputError(
            f"{request.name} is not merged from manifests that are here",
            hint="--on-conflict is for a merge",
        )
    return update(workspace, request, progress)
