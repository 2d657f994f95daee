"""What the child does: it reads requests, one a line, and answers each, until there are no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from dsv_git.errors import DsvError
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.register.facts import facts_of
from dsv_git.flow.register.order import (
    Alive,
    Answer,
    Describing,
    Done,
    Failed,
    Located,
    Order,
    Registering,
    Request,
    Told,
)
from dsv_git.flow.register.page import reports_of
from dsv_git.flow.register.registration import Registration
from dsv_git.flow.register.registries import open_registry
from dsv_git.flow.workspace import Workspace
from dsv_git.registry.port import Registry

MANY: Final = 100_000
"""Entries above which a hook leaves a version to `dsv sync`."""

INTERVAL: Final = 0.2
"""Seconds between two signs of life."""

_requests = msgspec.json.Decoder(Request)


@dataclass
class Service:
    """Answers requests, over one session with the registry."""

    workspace: Workspace
    branch: str | None
    say: Callable[[Answer], None]
    _registry: Registry | None = field(default=None, init=False)
    _refused: DsvError | None = field(default=None, init=False)
    _said: float = field(default=0.0, init=False)
    _sent: int = field(default=0, init=False)

    def serve(self, lines: Iterable[bytes]) -> None:
        """Answers every request; an error ends the request, not the service."""
        for line in lines:
            self.say(self._served(_requests.decode(line)))

    def _served(self, request: Request) -> Done:
        try:
            self._answer(request)
        except DsvError as error:
            return Done(error.message, error.hint)
        return Done()

    def _answer(self, request: Request) -> None:
        if isinstance(request, Registering):
            self._register(request)
            return
        trouble: DsvError | None = None
        for version in request.versions:
            error = self._trouble(version, whole=isinstance(request, Describing))
            if error is None:
                continue
            if trouble is not None and trouble.message == error.message:
                break  # twice the same is the server, or the way to it
            trouble = error  # one that was deleted there is nothing to the others
        if trouble is not None:
            raise trouble

    def _trouble(self, version: Located, *, whole: bool) -> DsvError | None:
        try:
            self.say(Told(version.id, self._tell(version, whole=whole)))
        except DsvError as error:
            return error
        return None

    def _register(self, request: Registering) -> None:
        workspace = self.workspace
        root = workspace.objects.resolve(f"{request.tip}:{workspace.config.manifests}")
        records = Records(workspace, workspace.manifest_trees(root) if root else {})
        orders = []
        for order in request.orders:
            large = self._large(order) if request.defer else None
            if large is None:
                orders.append(order)
            else:
                name = order.manifest, order.version
                self.say(Failed(order.key, *name, large, "dsv sync", 1))
        if not orders:
            return  # nobody asks a server for nothing
        session = Registration(workspace, records, self._opened(), self.branch)
        for outcome in session.run(orders):
            self.say(outcome)

    def _tell(self, version: Located, *, whole: bool) -> tuple[str, ...]:
        """Tells the registry; gives what could not be shown."""
        workspace = self.workspace
        manifest = workspace.manifest_at(version.tree, version.manifest, version.manifest)
        facts = facts_of(workspace, manifest.declaration, version.commit, self.branch)
        if not whole:
            self._opened().locate(version.id, facts)
            return ()
        page = reports_of(workspace, manifest, version.commit)
        self._opened().describe(version.id, facts, page)
        return page.notes

    def _large(self, order: Order) -> str | None:
        """Why a version is too much work for a hook."""
        manifest = self.workspace.manifest_at(order.tree, order.manifest, order.manifest)
        if manifest.declaration.data.upload:
            return "its files are uploaded"
        entries = sum(manifest.files.read(path).count(b"\n") for path in manifest.lists)
        return f"it has {entries:,} files" if entries > MANY else None

    def _alive(self, sent: int) -> None:
        """Says that something moves, a few times a second at most."""
        self._sent += sent
        now = time.monotonic()
        if now - self._said > INTERVAL:
            self.say(Alive(self._sent))
            self._said, self._sent = now, 0

    def _opened(self) -> Registry:
        if self._refused is not None:
            raise self._refused
        if self._registry is None:
            try:
                self._registry = open_registry(self.workspace, self._alive)
            except DsvError as error:
                self._refused = error  # one wait for a server that is not there is enough
                raise
        return self._registry
