"""The embedded registry: no service, an ID that every clone mints alike."""

from __future__ import annotations

from collections.abc import Iterable

from dsv_git.manifest.declaration import Declaration
from dsv_git.registry.page import Page
from dsv_git.registry.port import Draft, Facts, Held, Use

NAME = "local"


class LocalRegistry:
    """IDs are `local:` and the first 32 hexadecimal digits of the key. It stores nothing: git has
    the content, and the record is written from the key alone."""

    name = NAME

    def find(self, key: str) -> str | None:
        """The ID, for a key is all there is to a version here."""
        return f"{NAME}:{key[:32]}"

    def register(self, draft: Draft) -> str:
        """The ID of the draft's key."""
        return f"{NAME}:{draft.key[:32]}"

    def archive(self, version_id: str) -> None:
        """Nothing: an ID that no record names is out of sight."""

    def describe(self, version_id: str, facts: Facts, page: Page) -> None:
        """Nothing: what is said of a version is in git."""

    def locate(self, version_id: str, facts: Facts) -> None:
        """Nothing: git knows its commits."""

    def read(self, ids: tuple[str, ...]) -> tuple[Held, ...]:  # noqa: ARG002
        """None: what there is to know is in git."""
        return ()

    def versions(self, declarations: Iterable[Declaration]) -> tuple[Held, ...]:  # noqa: ARG002
        """None: what there is to know is in git."""
        return ()

    def uses(self, ids: tuple[str, ...]) -> tuple[Use, ...]:  # noqa: ARG002
        """None: there are no tasks here."""
        return ()
