"""The table of endpoints, and what one of them is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.clearml_server.errors import missing_field
from tests.clearml_server.store import Json, Store


@dataclass(frozen=True)
class Question:
    """A request to the API after HTTP and login.

    `data` is the body's object, `batch` what came as JSON lines, `login` makes a token.
    """

    data: Json
    batch: list[Json] = field(default_factory=list)
    worker: str = ""
    login: Callable[[], str] = str

    def need(self, name: str) -> object:
        """A field that must be there."""
        value = self.data.get(name)
        if value is None:
            raise missing_field(name)
        return value

    @property
    def force(self) -> bool:
        """Whether the change is meant in spite of the status."""
        return bool(self.data.get("force"))


Handle = Callable[[Store, Question], Json]


@dataclass(frozen=True)
class Endpoint:
    """A handler and the API version that its answer names."""

    handle: Handle
    version: str


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(name: str, version: str = "1.0") -> Callable[[Handle], Handle]:
    """Makes a function the handler of `service.action`."""

    def enter(handle: Handle) -> Handle:
        ENDPOINTS[name] = Endpoint(handle, version)
        return handle

    return enter
