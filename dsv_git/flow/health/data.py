"""What `dsv doctor` looks at besides: what is pending, where the data is, ClearML's set-up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.data.roots import Root, declared_roots, override_name
from dsv_git.flow.health.finding import Check, Finding, refused
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.history.version_state import version_states
from dsv_git.flow.register.content import address, shared_root
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.names import printable
from dsv_git.manifest.url import Url
from dsv_git.registry.clearml.configured import configured_by

BRANCH: Final = "refs/heads/"
SYNC: Final = "dsv sync"


def data_checks(workspace: Workspace, environment: Mapping[str, str]) -> Iterator[Check]:
    """Everything that needs the configuration, and no network."""
    yield _manifests(workspace)
    yield _pending(workspace)
    yield from _roots(workspace, environment)
    if workspace.config.registry == "clearml":
        yield _set_up(environment)


def _manifests(workspace: Workspace) -> Check:
    """Whether all that manifests of the working tree hold can be read."""
    found = filter(None, (_broken(workspace, name) for name in workspace.names))
    return Check("manifests", "every list and every record can be read", tuple(found))


def _broken(workspace: Workspace, name: str) -> Finding | None:
    try:
        manifest = workspace.manifest(name)
        _ = manifest.entries, manifest.records
    except InputError as error:
        return refused(error, "dsv check")
    return None


def _pending(workspace: Workspace) -> Check:
    history = version_states(workspace, ())
    found = [
        Finding(
            problem.reason,
            problem.hint,
            None if problem.manifest == "*" else f"{problem.manifest}@{problem.version}",
        )
        for problem in history.problems
    ]
    message, repair, by_choice = _why(workspace)
    for item in history.waiting:
        manifest, version = item.seen.snapshot.name
        level = "note" if by_choice else "problem"
        found.append(Finding(message, repair, f"{manifest}@{version}", level=level))  # type: ignore[arg-type]
    found += _elsewhere(workspace)
    return Check("pending", "every version that HEAD holds is registered", tuple(found))


def _elsewhere(workspace: Workspace) -> Iterator[Finding]:
    """Versions whose records are of another registry than the configured one."""
    root = workspace.objects.resolve(f"HEAD:{workspace.config.manifests}")
    records = Records(workspace, workspace.manifest_trees(root) if root else {})
    wanted = workspace.config.registry
    for name in records.trees:
        for record in records.all(name):
            if record.registry != wanted:
                message = f"registered in {printable(record.registry)}, not in {wanted} yet"
                yield Finding(message, SYNC, f"{name}@{record.version}", record.id)


def _why(workspace: Workspace) -> tuple[str, str, bool]:
    """Why a version waits, what to type, and whether the team wants it so."""
    branch = refs.head(workspace.repository).branch
    if branch is None:
        return "pending: HEAD is detached", "dsv sync --branch NAME", False
    name = branch.removeprefix(BRANCH)
    if not any(fnmatchcase(name, pattern) for pattern in workspace.config.branches):
        message = f"pending: the branch {printable(name)} is not among register.branches"
        return message, "merge it into one that is", True
    if (workspace.repository.state_dir / "pending").is_file():
        return "pending: the hooks' last try did not register it", SYNC, False
    return "pending: no hook has seen it", SYNC, False


def _roots(workspace: Workspace, environment: Mapping[str, str]) -> Iterator[Check]:
    gone: list[Finding] = []
    rules: dict[str, str] = {}
    for name in workspace.names:
        try:
            data = workspace.manifest(name).declaration.data
        except InputError as error:
            gone.append(refused(error, "dsv check", name))
            continue
        for root in declared_roots(workspace, name, data):
            lost = _lost(name, root)
            gone += [lost] if lost else []
            rules.update(_rule(workspace, data, root))
    yield Check("data", "every data root is there", tuple(gone))
    if workspace.config.registry == "clearml" and rules:
        known = _configuration(environment)
        new = {old: here for old, here in rules.items() if json.dumps(old) not in known}
        note = Finding(
            "ClearML's package does not know where this clone has its data; Dataset.get_local_copy "
            "needs this in clearml.conf",
            substitution(new),
            level="note",
        )
        said = "clearml.conf says where this clone has its data"
        yield Check("substitution", said, (note,) if new else ())


def _lost(name: str, root: Root) -> Finding | None:
    """Why a root cannot be read on this machine."""
    setting = override_name(name, root.mount)
    place = root.where
    repair = f"mount it, or: git config {setting} FOLDER"
    if root.folder is None:
        return _unreadable(name, root)
    if not root.folder.is_dir():
        return Finding(f"its data is not at {place}", repair, name)
    return None


def _unreadable(name: str, root: Root) -> Finding | None:
    """Why a root that is a URL cannot be read; the store itself is not asked."""
    from dsv_git.scan.storage.opening import missing_package

    try:
        url = root.location
    except InputError as error:
        return refused(error, f"correct it in {name}/manifest.yaml", name)
    package = missing_package(url) if isinstance(url, Url) else None
    if package is None:
        return None
    return Finding(f"its data is at {root.where}, which needs a package", package, name)


def _rule(workspace: Workspace, data: Data, root: Root) -> dict[str, str]:
    """The shared address of a root, and where this clone has it instead; none where it is the
    same."""
    if root.override is None or root.folder is None:
        return {}
    if data.url:
        shared = address(data.url, f"{root.mount}/" if root.mount else "")
    else:
        shared = address(shared_root(workspace, root.declared), "")
    here = address(shared_root(workspace, root.override), "")
    return {} if shared == here else {shared: here}


def substitution(rules: Mapping[str, str]) -> str:
    """The block of clearml.conf that leads from shared addresses to this clone's. A text in quotes
    is the same in HOCON as in JSON."""
    lines = [
        f"{{ registered_prefix: {json.dumps(old)}, local_prefix: {json.dumps(here)} }}"
        for old, here in sorted(rules.items())
    ]
    inner = ",\n".join(f"  {line}" for line in lines)
    return f"sdk.storage.path_substitution: [\n{inner}\n]"


def _configuration(environment: Mapping[str, str]) -> str:
    """The text of the configuration file; empty where there is none."""
    told = environment.get("CLEARML_CONFIG_FILE") or environment.get("TRAINS_CONFIG_FILE")
    place = Path(told).expanduser() if told else Path(environment.get("HOME", "")) / "clearml.conf"
    try:
        return place.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _set_up(environment: Mapping[str, str]) -> Check:
    """Whether ClearML is configured: a cheap look, for its package takes half a second to load."""
    by = configured_by(environment)
    found = []
    if find_spec("clearml") is None:
        found.append(Finding("ClearML's package is not installed", "pip install clearml"))
    if by is None:
        found.append(
            Finding(
                "registry: clearml, and ClearML is not configured on this machine",
                "clearml-init, or set CLEARML_API_HOST, CLEARML_API_ACCESS_KEY and "
                "CLEARML_API_SECRET_KEY",
            )
        )
    return Check("clearml", f"ClearML is configured by {by}", tuple(found))
