"""Whose description `manifest.yaml` has: it is one version's, and not the next one's."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import NextVersion
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.composing import editor
from dsv_git.manifest.manifest import DECLARATION, Manifest
from dsv_git.manifest.parsing import parse_declaration


def described(
    workspace: Workspace, manifest: Manifest, text: str, following: NextVersion, wanted: str | None
) -> str:
    """`text`, the `manifest.yaml` of the version that follows, with its description: `wanted`, else
    what a person wrote since HEAD; the former version's is taken out of a new one."""
    if wanted is not None:
        edit = editor(text)
        return (edit.set_text("description", wanted) if wanted else edit.remove("description")).text
    said = manifest.declaration.description
    if following.is_new and said and said == _committed(workspace, manifest.name):
        return editor(text).remove("description").text
    return text


def _committed(workspace: Workspace, name: str) -> str | None:
    """The description that HEAD has; None where there is none to read."""
    place = f"{workspace.path_of(name)}/{DECLARATION}"
    found = workspace.objects.read(f"HEAD:{place}")
    try:
        return parse_declaration(found[2].decode(), name, place).description if found else None
    except (InputError, UnicodeDecodeError):
        return None
