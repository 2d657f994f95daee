"""Making one version in ClearML: about ten calls, at any depth of its lineage."""

from __future__ import annotations

import time
from tempfile import TemporaryFile
from typing import Any

from dsv_git.errors import InputError
from dsv_git.registry.clearml import task as tasks
from dsv_git.registry.clearml.artifact import Artifact
from dsv_git.registry.clearml.chunks import Chunks
from dsv_git.registry.clearml.events import page_events
from dsv_git.registry.clearml.lineage import STRUCT, graph, lineage, read_struct, struct
from dsv_git.registry.clearml.place import Place
from dsv_git.registry.clearml.refusals import Refused
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.state import (
    CONTENT,
    MANIFEST,
    STATE,
    content_preview,
    write_file_state,
    write_link_state,
    write_manifest,
)
from dsv_git.registry.port import Ancestor, Draft


def make(session: Session, draft: Draft, where: Place, project: str, clone: str) -> str:
    """Makes the version of a draft and completes it; gives its ID.

    Until the last call it is half-made: a version is complete only when all of it is there.
    """
    known = [*draft.lineage, *_elsewhere(session, draft)]
    body = tasks.new_task(draft, project, where, clone)
    version_id = str(session.call("tasks.create", body)["id"])
    task: dict[str, Any] = {"task": version_id, "force": True}
    session.call("tasks.started", {"task": version_id})
    version = draft.manifest.declaration.version
    own = Ancestor(version_id, body["name"], version, draft.stats.bytes, draft.parents)
    versions = lineage(own, known)
    folder = where.folder(version_id)
    artifacts, compressed = _upload(session, draft, folder, version_id, graph(versions))
    session.call("tasks.add_or_update_artifacts", {**task, "artifacts": artifacts})
    texts = {
        STRUCT: ("json", struct(versions, int(time.time())), "Structure of the dataset"),
        CONTENT: ("CSV", content_preview(draft.content, draft.stats.files), "Content preview"),
    }
    told = {"orig_dataset_id": version_id, **body["runtime"]}
    edit = {
        "runtime": {**told, "ds_total_size_compressed": compressed},
        "configuration": {name: _text(name, *text) for name, text in texts.items()},
    }
    session.call("tasks.edit", {**task, **edit})
    session.events(page_events(session, version_id, draft.page, where))
    session.call("tasks.completed", task)
    return version_id


def _elsewhere(session: Session, draft: Draft) -> list[Ancestor]:
    """What ClearML says of the lineage of parents that git does not know."""
    known = {one.id for one in draft.lineage}
    named = {*draft.parents, *(parent for one in draft.lineage for parent in one.parents)}
    found: list[Ancestor] = []
    for foreign in sorted(named - known):
        try:
            task = session.call("tasks.get_by_id", {"task": foreign})["task"]
        except Refused as refused:
            if refused.subcode != tasks.UNKNOWN:
                raise
            raise InputError(
                f"ClearML has no version {foreign}, which {draft.manifest.name} names as parent",
                hint=f"correct parents: of {draft.manifest.name}",
            ) from None
        text = ((task.get("configuration") or {}).get(STRUCT) or {}).get("value") or ""
        told = read_struct(text)
        runtime = task.get("runtime") or {}
        own = Ancestor(
            foreign,
            str(task.get("name") or ""),
            str(runtime.get("version") or ""),
            int(runtime.get("ds_total_size") or 0),
            (),
        )
        found += told or (own,)
    return found


def _upload(
    session: Session, draft: Draft, folder: str, version_id: str, parents: dict[str, list[str]]
) -> tuple[list[dict[str, Any]], int]:
    """Uploads what belongs to the version; gives the artifacts, and the bytes of its archives."""
    state = Artifact(STATE, "state.json", "dict", "application/json", "Dataset state")
    hint = f"The manifest {draft.manifest.name}: unpack it below manifests/"
    manifest = Artifact(MANIFEST, "manifest.tar.gz", "custom", "application/gzip", hint)
    chunks = Chunks(session, draft, folder, version_id)
    with TemporaryFile() as data:
        if draft.manifest.declaration.data.upload:
            files = chunks.files()
            write_file_state(data, version_id, files, parents, len(chunks.artifacts))
        else:
            write_link_state(data, version_id, draft.content, parents)
        first = state.sent(session, folder, data)
    first["display_data"] = [
        ["files added", str(draft.stats.added)],
        ["files modified", str(draft.stats.modified)],
        ["files removed", str(draft.stats.removed)],
    ]
    with TemporaryFile() as data:
        write_manifest(data, draft.manifest)
        last = manifest.sent(session, folder, data)
    return [first, last, *chunks.artifacts], chunks.compressed


def _text(name: str, kind: str, value: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "value": value, "description": description}
