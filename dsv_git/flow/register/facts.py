"""What is said of a version beside its content: from its manifest, and from the commit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from dsv_git.flow.register.content import shared_root
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import describe, newest_touching
from dsv_git.gitrepo.remote import remote_of
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.declaration import FILE, Declaration
from dsv_git.registry.port import Facts, Origin


def facts_of(
    workspace: Workspace, declaration: Declaration, commit: str, branch: str | None
) -> Facts:
    """The facts of a version that a commit made on a branch."""
    repository = workspace.repository
    data = declaration.data
    places = [data.url] if data.url else [shared_root(workspace, r) for r in data.roots.values()]
    origin = Origin(
        commit=commit,
        branch=branch,
        repository=repository_url(repository, branch),
        author=describe(repository, commit).author,
    )
    return Facts(
        manifest=declaration.name,
        description=declaration.description,
        tags=declaration.tags,
        properties=_properties(declaration),
        data_path=", ".join(places),
        origin=origin,
    )


def repository_url(repository: Repository, branch: str | None) -> str:
    """The address of the branch's remote, without a user's name and password; else empty."""
    remote = remote_of(repository, branch or "")
    return without_credentials(remote.url) if remote else ""


def without_credentials(url: str) -> str:
    """A remote's address without what may be a secret. An scp-like address holds none."""
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = parts.username if parts.scheme == "ssh" and parts.username else ""
    return urlunsplit(
        parts._replace(netloc=f"{user}@{host}" if user else host, query="", fragment="")
    )


def facts_digest(workspace: Workspace, declaration: Declaration, commit: str) -> str:
    """A digest of what a manifest says of a version, with its reports as they are in a commit."""
    resolve = workspace.objects.resolve
    said = [
        declaration.description,
        list(declaration.tags),
        sorted(_properties(declaration).items()),
        declaration.data.url,
        sorted(declaration.data.roots.items()),
        sorted((path, resolve(f"{commit}:{path}") or "") for path in {*_reports(declaration)}),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _properties(declaration: Declaration) -> Mapping[str, str]:
    """A person's own, and how the version was made, unless a person says that otherwise."""
    made_by = {"made_by": declaration.made_by} if declaration.made_by else {}
    return {**made_by, **declaration.properties}


def last_said(workspace: Workspace, declaration: Declaration, tip: str) -> str | None:
    """The last commit up to `tip` that changed what its manifest says of a version."""
    own = f"{workspace.path_of(declaration.name)}/{FILE}"
    paths = [f":(literal,top){path}" for path in (own, *_reports(declaration))]
    return newest_touching(workspace.repository, tip, *paths)


def _reports(declaration: Declaration) -> tuple[str, ...]:
    named = declaration.reports
    return (*named.tables, *named.figures, *named.media)
