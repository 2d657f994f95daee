"""Who registers: this process, or a child that can be killed when a server hangs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from dsv_git.errors import ExitCode, Unreachable
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.register.child import Child
from dsv_git.flow.register.order import (
    Describing,
    Done,
    Failed,
    Located,
    Locating,
    Order,
    Registered,
    Registering,
    Told,
)
from dsv_git.flow.register.registration import Registration
from dsv_git.flow.workspace import Workspace
from dsv_git.registry.port import Registry
from dsv_git.scan.progress import Progress, Silent

SILENCE: Final = 180.0
"""Seconds without a sign of life after which `dsv sync` gives a registration up."""


@dataclass(frozen=True)
class Watcher:
    """Who watches a registration: with `verbose` what a registry's package says goes to the
    terminal, not to the log."""

    verbose: bool = False
    progress: Progress = field(default_factory=Silent)


NOBODY: Final = Watcher()


@dataclass(frozen=True)
class Telling:
    """What a registry could be told, and what stopped the rest."""

    told: tuple[Told, ...] = ()
    problem: Unreachable | None = None

    @property
    def ids(self) -> frozenset[str]:
        """The versions that it was told of."""
        return frozenset(one.id for one in self.told)


class Registrar(Protocol):
    """Registers versions in order, and tells the registry what changed about registered ones."""

    def register(self, orders: Sequence[Order]) -> Iterator[Registered | Failed]:
        """Registers versions, parents first, or says of each why it stays pending."""

    def locate(self, versions: Sequence[Located]) -> Telling:
        """Tells which commits hold versions now."""

    def describe(self, versions: Sequence[Located]) -> Telling:
        """Tells what manifests say of versions now."""

    def close(self) -> None:
        """Ends it; there is no more to do."""


@dataclass
class Here:
    """Registers in this process, in a registry that cannot hang and has nothing to be told."""

    workspace: Workspace
    records: Records
    registry: Registry
    branch: str | None

    def register(self, orders: Sequence[Order]) -> Iterator[Registered | Failed]:
        """Registers versions."""
        session = Registration(self.workspace, self.records, self.registry, self.branch)
        return session.run(orders)

    def locate(self, versions: Sequence[Located]) -> Telling:
        """Nothing to tell."""
        return Telling(tuple(Told(one.id) for one in versions))

    describe = locate

    def close(self) -> None:
        """Nothing to end."""


@dataclass
class Apart:
    """Registers in a child, for ClearML's package can hang where nothing but SIGKILL ends it.

    With `seconds` all must be done in that time; without, only a long `silence` ends it.
    """

    workspace: Workspace
    tip: str
    branch: str | None
    seconds: float | None = None
    watcher: Watcher = NOBODY
    silence: float = SILENCE

    def __post_init__(self) -> None:
        self._child = Child(
            self.workspace.repository,
            self.branch,
            deadline=self.seconds,
            silence=self.silence,
            verbose=self.watcher.verbose,
            sent=lambda size: self.watcher.progress.advance(0, size),
        )

    def register(self, orders: Sequence[Order]) -> Iterator[Registered | Failed]:
        """Registers versions; what the child does not get to stays pending."""
        waiting = {order.key: order for order in orders}
        self.watcher.progress.expect(len(waiting))
        try:
            request = Registering(self.tip, tuple(orders), defer=self.seconds is not None)
            for answer in self._child.ask(request):
                if isinstance(answer, (Registered, Failed)):
                    waiting.pop(answer.key)
                    self.watcher.progress.advance(1, 0)
                    yield answer
                elif isinstance(answer, Done) and answer.problem:
                    raise Unreachable(answer.problem, hint=answer.hint)
        except Unreachable as error:
            for order in waiting.values():
                hint = error.hint or "dsv sync"
                code = int(ExitCode.UNREACHABLE)
                yield Failed(order.key, order.manifest, order.version, error.message, hint, code)

    def locate(self, versions: Sequence[Located]) -> Telling:
        """Tells which commits hold versions now."""
        return self._tell(Locating(tuple(versions)))

    def describe(self, versions: Sequence[Located]) -> Telling:
        """Tells what manifests say of versions now."""
        return self._tell(Describing(tuple(versions)))

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    def _tell(self, request: Locating | Describing) -> Telling:
        told: list[Told] = []
        if not request.versions:
            return Telling()
        try:
            for answer in self._child.ask(request):
                if isinstance(answer, Told):
                    told.append(answer)
                elif isinstance(answer, Done) and answer.problem:
                    raise Unreachable(answer.problem, hint=answer.hint)
        except Unreachable as error:
            return Telling(tuple(told), error)
        return Telling(tuple(told))
