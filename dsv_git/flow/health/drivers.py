"""What `dsv doctor` looks at for git to merge and show manifests as it should: the drivers of this
clone and the attributes that name them; and settings of this clone that name no manifest."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.drafting.attributes import ATTRIBUTES
from dsv_git.flow.health.finding import Check, Finding
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.drivers import attributes_of, unset_drivers
from dsv_git.manifest.manifest import DECLARATION
from dsv_git.manifest.names import printable
from dsv_git.manifest.yamltext import nearest

_WANTED: Final = {
    "files/_.jsonl": {"merge": "dsv", "diff": "dsv", "text": "unset", "filter": "unset"},
    "versions/1.json": {"merge": "dsv", "text": "unset", "filter": "unset"},
    DECLARATION: {"merge": "dsv"},
}
"""The attributes that files of a manifest must have."""


def driver_checks(workspace: Workspace) -> Iterator[Check]:
    """The drivers, the attributes, and the roots of this clone."""
    missing = unset_drivers(workspace.repository)
    text = f"git merges and shows manifests as plain text here: {', '.join(missing)} is not set"
    found = (Finding(text, "dsv init"),) if missing else ()
    yield Check("drivers", "git merges manifests by entry and shows lists readably", found)
    yield Check("attributes", "git leaves manifests as they are", tuple(_attributes(workspace)))
    yield Check("roots", "every dsv.*.root names a manifest", tuple(_roots(workspace)))


def _attributes(workspace: Workspace) -> Iterator[Finding]:
    """One finding, of the first file whose attributes are others."""
    wanted = {
        f"{workspace.path_of(name)}/{file}": values
        for name in workspace.names[:1]
        for file, values in _WANTED.items()
    }
    told = attributes_of(workspace.repository, wanted) if wanted else {}
    for path, values in wanted.items():
        other = {name: told[path][name] for name in values if told[path][name] != values[name]}
        if other:
            said = ", ".join(f"{name} is {value}" for name, value in other.items())
            message = f"git treats {path} in another way than manifests need: {said}"
            yield Finding(message, _repair(workspace))
            return


def _repair(workspace: Workspace) -> str:
    file = f"{workspace.config.manifests}/.gitattributes"
    return f"write these lines at the end of {file}:\n{ATTRIBUTES.decode()}"


def _roots(workspace: Workspace) -> Iterator[Finding]:
    """Settings `dsv.NAME.root` and `dsv.NAME/MOUNT.root` whose manifest is on no branch."""
    names = _with_mounts(workspace)
    for key in workspace.repository.config_names("dsv"):
        name = key.removeprefix("dsv.").removesuffix(".root")
        if not key.endswith(".root") or name in names or _had(workspace, name):
            continue
        near = nearest(name, names)
        message = f"git config {printable(key)} is set, and there is no such manifest"
        if near is not None:
            repair = f"git config --rename-section {_typed(f'dsv.{name}')} {_typed(f'dsv.{near}')}"
            yield Finding(f"{message}: did you mean {near}?", repair)
        else:
            repair = f"git config --unset {_typed(key)}, if it is of no use any more"
            yield Finding(message, repair, level="note")


def _typed(text: str) -> str:
    return quote(printable(text))


def _with_mounts(workspace: Workspace) -> list[str]:
    found = []
    for name in workspace.names:
        found.append(name)
        try:
            mounts = workspace.manifest(name).declaration.data.roots
        except InputError:
            continue
        found += [f"{name}/{mount}" for mount in mounts if mount]
    return found


def _had(workspace: Workspace, name: str) -> bool:
    """Whether a commit of any branch has the manifest."""
    tried = (name, name.rpartition("/")[0])
    paths = [f"{workspace.path_of(one)}/{DECLARATION}" for one in tried if one]
    asked = ("--literal-pathspecs", "rev-list", "--all", "--max-count=1", "--", *paths)
    return bool(workspace.repository.git.text(*asked))
