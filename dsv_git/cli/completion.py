"""What the shell offers for an argument. It must be quick, and where nothing can be read silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from dsv_git.errors import DsvError

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def folders(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """The shell's own folders."""
    return _by_the_shell(incomplete, "dir")


def files(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """The shell's own files and folders."""
    return _by_the_shell(incomplete, "file")


def manifests(
    ctx: click.Context,
    param: click.Parameter,
    incomplete: str,
) -> list[str]:
    """The manifests of the working tree, without those that the line names already."""
    given = ctx.params.get(param.name or "")
    named = given if isinstance(given, (list, tuple)) else ()
    return [name for name in _names() if name.startswith(incomplete) and name not in named]


def versions(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[str]:
    """The manifests, and as N@V the versions of one: where it is the only one, or `N@` is there
    (bash takes an `@` for the end of a word, and offers nothing behind it)."""
    name, at, _ = incomplete.partition("@")
    found = [other for other in _names() if (other == name if at else other.startswith(name))]
    known = [f"{found[0]}@{version}" for version in _versions(found[0])] if len(found) == 1 else []
    return [text for text in (*found, *known) if text.startswith(incomplete)]


def _by_the_shell(incomplete: str, kind: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type=kind)]


def _names() -> tuple[str, ...]:
    from dsv_git.cli.terminal import workspace

    with suppress(DsvError, OSError):
        return workspace().names
    return ()


def _versions(name: str) -> Iterator[str]:
    from dsv_git.checks.subject import recorded_versions
    from dsv_git.cli.terminal import workspace

    with suppress(DsvError, OSError):
        manifest = workspace().manifest(name)
        found = dict.fromkeys(recorded_versions(manifest))
        with suppress(DsvError):
            found[manifest.declaration.version] = None
        yield from found
