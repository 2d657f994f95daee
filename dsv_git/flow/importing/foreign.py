"""Versions of another registry: where they come from, and how git names and dates them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.importing.version import CLEARML
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.bump import check_version
from dsv_git.registry.foreign import Foreign, Foreigners


@contextmanager
def open_source() -> Iterator[Foreigners]:
    """ClearML, as it is configured here. Raises Unreachable."""
    from tempfile import TemporaryDirectory

    from dsv_git.registry.clearml.adoption import ClearMLSource
    from dsv_git.registry.clearml.session import open_session

    with TemporaryDirectory(prefix="dsv-") as folder:
        yield ClearMLSource(open_session(), Path(folder))


def refuse_other_registry(workspace: Workspace) -> None:
    """Raises InputError where versions would be registered in another registry, again."""
    if workspace.config.registry != CLEARML:
        raise InputError(
            "an imported version keeps its ID in ClearML, and this repository registers in "
            f"{workspace.config.registry}",
            hint="write registry: clearml into .dsv.yaml, and commit it",
        )


def names_of(family: Iterable[Foreign]) -> dict[str, str]:
    """The version of each ID, as a manifest can have it; one without any is called by the start of
    its ID."""
    return {one.id: check_version(_plain(one.held.version) or one.id[:8]) for one in family}


def _plain(version: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in version)
    return text.replace("@", "-").replace("#", "-").strip()


def git_date(created: str) -> str:
    """RFC 3339 as git takes a date; empty for what is none."""
    try:
        then = datetime.fromisoformat(created.replace("Z", "+00:00"))
    except ValueError:
        return ""
    then = then if then.tzinfo else then.replace(tzinfo=timezone.utc)
    return f"@{int(then.timestamp())} +0000"
