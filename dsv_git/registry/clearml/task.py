"""A version as ClearML's task: what `tasks.create` and later edits say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dsv_git.registry.clearml.place import Place
from dsv_git.registry.port import Draft, Facts

TYPE: Final = "data_processing"
DATASET: Final = "dataset"
ARCHIVED: Final = "archived"
LINKED: Final = "external files"
COMPLETE: Final = frozenset({"completed", "published", "publishing", "closed"})
SECTION: Final = "properties"
UNKNOWN: Final = 101
"""The subcode of an answer about a task that is not there."""
OWNED: Final = "dsv_owned"
"""The runtime key that lists which tags and properties are the manifest's, not a person's on the
web page."""
NAMED: Final = ("version", "data_path", "files", "bytes", "classes", "manifest", "digest")
FROM_GIT: Final = ("git_repository", "git_commit", "git_branch", "git_author")


def new_task(draft: Draft, project: str, place: Place, clone: str) -> dict[str, Any]:
    """The body of `tasks.create`. `project` is the dataset's project's ID."""
    return {
        "name": place.dataset.split("/")[-1],
        "type": TYPE,
        "project": project,
        "system_tags": [DATASET],
        "tags": tags(draft),
        "comment": draft.facts.description,
        "runtime": runtime(draft, place, clone),
        "hyperparams": {SECTION: _section(properties(draft))},
        "script": script(draft.facts),
    }


def runtime(draft: Draft, place: Place, clone: str) -> dict[str, Any]:
    """The runtime properties that the version's page reads, and ours, by which it is found."""
    stats, upload = draft.stats, draft.manifest.declaration.data.upload
    origin = next((a.id for a in draft.lineage if a.dataset == place.dataset and not a.parents), "")
    found: dict[str, Any] = {
        "orig_dataset_name": place.dataset.split("/")[-1],
        "version": draft.manifest.declaration.version,
        "ds_file_count": stats.files if upload else 0,
        "ds_link_count": 0 if upload else stats.files,
        "ds_total_size": stats.bytes,
        "ds_total_size_compressed": 0,
        "ds_change_add": stats.added,
        "ds_change_modify": stats.modified,
        "ds_change_remove": stats.removed,
        "ds_change_size": draft.grown,
        "dsv_key": draft.key,
        "dsv_digest": draft.digest,
        "dsv_clone": clone,
        OWNED: owned(draft.facts),
    }
    return {**found, "orig_dataset_id": origin} if origin else found


def owned(facts: Facts) -> str:
    """Which tags and properties come from the manifest alone, as JSON text: what we say ourselves
    stays when the manifest says it no more."""
    theirs = {
        "tags": [tag for tag in facts.tags if tag != LINKED],
        "properties": sorted({*facts.properties}.difference(NAMED, FROM_GIT)),
    }
    return json.dumps(theirs)


@dataclass(frozen=True)
class Owned:
    """Tags and names of properties that were the manifest's at the last registration or edit."""

    tags: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()


def read_owned(runtime: Mapping[str, Any]) -> Owned:
    """What `owned` wrote; nothing where it cannot be read."""
    try:
        found = json.loads(runtime[OWNED])
        return Owned(frozenset(found["tags"]), frozenset(found["properties"]))
    except (KeyError, ValueError, TypeError):
        return Owned()


def tags(draft: Draft) -> list[str]:
    """The manifest's tags, and the package's own for versions whose files lie elsewhere."""
    linked = [] if draft.manifest.declaration.data.upload else [LINKED]
    return list(dict.fromkeys([*draft.facts.tags, *linked]))


def properties(draft: Draft) -> dict[str, str]:
    """The user properties of a new version: the person's own keys never hide ours."""
    stats = draft.stats
    named = {
        "version": draft.manifest.declaration.version,
        "files": str(stats.files),
        "bytes": str(stats.bytes),
        "classes": str(len(stats.labels)),
        "digest": draft.digest,
    }
    return {**said(draft.facts), **named}


def numbers(runtime: Mapping[str, Any]) -> dict[str, str]:
    """User properties of a registered version that follow from what its page does not let edit."""
    keys = {"version": "version", "bytes": "ds_total_size", "digest": "dsv_digest"}
    found = {name: str(runtime[key]) for name, key in keys.items() if key in runtime}
    files = [int(runtime.get(key) or 0) for key in ("ds_file_count", "ds_link_count")]
    return {**found, "files": str(sum(files))} if "dsv_key" in runtime else {}


def said(facts: Facts) -> dict[str, str]:
    """The user properties that may change later."""
    origin = facts.origin
    ours = {
        "data_path": facts.data_path,
        "manifest": facts.manifest,
        "git_repository": origin.repository,
        "git_commit": origin.commit,
        "git_branch": origin.branch or "",
        "git_author": origin.author,
    }
    return {**facts.properties, **ours}


def hyperparams(values: Mapping[str, str]) -> list[dict[str, str]]:
    """User properties as `tasks.edit_hyper_params` takes them."""
    return list(_section(values).values())


def _section(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        name: {"section": SECTION, "name": name, "value": value}
        for name, value in values.items()
        if name
    }


def script(facts: Facts) -> dict[str, str]:
    """The script section: the code that made the version, where the manifest names it."""
    origin = facts.origin
    return {
        "repository": origin.repository,
        "branch": origin.branch or "",
        "version_num": origin.commit,
        "entry_point": facts.properties.get("script", ""),
        "working_dir": ".",
        "diff": "",
        "binary": "python",
    }
