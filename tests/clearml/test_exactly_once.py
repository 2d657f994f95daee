"""Whatever call of a registration fails in whatever way: after a retry there is one version, and
nothing tells it from one that was registered without a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dsv_git.errors import Unreachable
from tests.clearml.versions import Kept, Version, completed, connect, draft, orphans, whole
from tests.clearml_server import Call, ClearMLServer, Way

KEY = "b"


@pytest.fixture
def server(server: ClearMLServer, monkeypatch: pytest.MonkeyPatch) -> ClearMLServer:
    """A server that ClearML's package talks to, in this process too."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


def child_of(server: ClearMLServer) -> Version:
    """The draft of a child; its parent is registered."""
    return draft(KEY, "1.1", connect().register(draft("a", "1.0")))


def first_of_all(server: ClearMLServer) -> Version:
    """The draft of a version without parents, in a server that has no project yet."""
    assert not server.projects
    return draft(KEY, "1.1")


def named(server: ClearMLServer) -> dict[str, Any]:
    """All that the server holds of its tasks."""
    return whole(server, {one: f"TASK {n}" for n, one in enumerate(server.tasks)})


@pytest.fixture(params=[child_of, first_of_all], ids=["child", "first"])
def prepare(request: pytest.FixtureRequest) -> Callable[[ClearMLServer], Version]:
    """What makes the draft that is to be registered."""
    chosen: Callable[[ClearMLServer], Version] = request.param
    return chosen


def undisturbed(server: ClearMLServer, version: Version) -> tuple[list[Call], dict[str, Any]]:
    """The calls of a registration, login included, and all that it leaves."""
    server.forget_calls()
    connect().register(version)
    assert not orphans(server)
    return list(server.calls), named(server)


def test_a_registration_takes_few_calls(
    server: ClearMLServer, prepare: Callable[[ClearMLServer], Version]
) -> None:
    calls, left = undisturbed(server, prepare(server))
    uploads = [call for call in calls if call.server == "files"]
    assert len(uploads) == 2 + 3
    assert len(calls) - len(uploads) <= 15
    assert len(left["files"]) == len(left["tasks"]) * len(uploads)
    assert {e["type"] for e in left["events"]} == {"plot", "training_debug_image"}
    assert all(task["status"] == "completed" for task in left["tasks"].values())


@pytest.mark.parametrize("way", list(Way), ids=lambda way: way.name.lower())
def test_any_call_may_fail_and_a_retry_leaves_one_whole_version(
    server: ClearMLServer, way: Way, prepare: Callable[[ClearMLServer], Version]
) -> None:
    version = prepare(server)
    before, earlier = Kept(server), list(server.tasks)
    calls, left = undisturbed(server, version)
    if prepare is first_of_all:  # from there on nothing is another than for a child
        calls = calls[: [call.endpoint for call in calls].index("tasks.started") + 1]
    for call in calls:
        told = f"{way} at call {call.n}, {call.endpoint}"
        before.restore()
        server.fail(call.n, way)
        assert fails(version, 0.25 if way is Way.HANG else 30) or way is Way.UNAUTHORIZED, told
        server.start()
        registry = connect()
        made = registry.register(version)
        assert list(server.tasks) == completed(server) == [*earlier, made], told
        assert named(server) == left, told
        assert registry.find(version.key) == made, told
        # The file server keeps what was uploaded for a version that was never completed.
        assert len({path.split("/")[3] for path in orphans(server)}) <= 1, told


def fails(version: Version, silence: float) -> bool:
    """Whether a registration fails; if so then in one line."""
    try:
        connect(silence=silence).register(version)
    except Unreachable as error:
        return "\n" not in error.message
    return False
