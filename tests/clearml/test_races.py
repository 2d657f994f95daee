"""Two clones register at the same time: each call of one is held up while the other does all of
its own. Both get the ID of one version."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path

import pytest

from dsv_git.errors import InputError, Unreachable
from tests.clearml.versions import Version, completed, connect, draft
from tests.clearml_server import Call, ClearMLServer, Way
from tests.clearml_server.store import now
from tests.conftest import Repo

OLD = timedelta(hours=1, minutes=1)


@pytest.fixture
def server(server: ClearMLServer, monkeypatch: pytest.MonkeyPatch) -> ClearMLServer:
    """A server that ClearML's package talks to, in this process too."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


def calls_of(server: ClearMLServer, version: Version) -> int:
    """How many calls a registration takes, without the login."""
    registry = connect("counting")
    server.forget_calls()
    registry.register(version)
    calls = len(server.calls)
    emptied(server)
    return calls


def interleaved(
    server: ClearMLServer, slow: Version, fast: Version, at: int
) -> tuple[Future[str], Future[str]]:
    """Registers `slow` from one clone; before its call number `at` is answered, another clone
    registers `fast`, from its first call to its last."""
    registries = connect("slow"), connect("fast")
    held, go_on = threading.Event(), threading.Event()
    server.forget_calls()

    def hold(call: Call) -> None:
        if call.n == at:
            held.set()
            assert go_on.wait(60)

    server.on_call = hold
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(registries[0].register, slow)
        assert held.wait(60)
        other = pool.submit(registries[1].register, fast)
        wait([other])
        go_on.set()
    server.on_call = lambda _: None
    return one, other


def emptied(server: ClearMLServer) -> None:
    """A server with nothing in it."""
    server.store.projects.clear()
    server.store.tasks.clear()
    server.store.events.clear()


def test_two_clones_that_register_one_version_get_one_id(server: ClearMLServer) -> None:
    version = draft("a", "1.0")
    for at in range(1, calls_of(server, version) + 1):
        slow, fast = (one.result() for one in interleaved(server, version, version, at))
        told = f"held up at call {at}"
        assert completed(server) == [slow] == [fast], told
        assert {task["status"] for task in server.tasks.values()} == {"completed"}, told
        assert connect("third").register(version) == fast, told
        emptied(server)


def test_of_two_contents_of_one_name_the_first_to_be_complete_stays(server: ClearMLServer) -> None:
    slow, fast = draft("a", "1.0"), draft("b", "1.0", content=2)
    calls = calls_of(server, slow)
    for at in range(1, calls + 1):
        one, other = interleaved(server, slow, fast, at)
        first, second = (one, other) if at == calls else (other, one)
        assert completed(server) == [first.result()], f"held up at call {at}"
        with pytest.raises(InputError, match=f"registered by Ada as {first.result()}") as error:
            second.result()
        assert error.value.hint == "dsv bump pets"
        emptied(server)


def test_a_lost_race_is_lost_though_its_end_was_lost_too(server: ClearMLServer) -> None:
    slow, fast = draft("a", "1.0"), draft("b", "1.0", content=2)
    calls = calls_of(server, slow)
    loser, winner = connect("slow"), connect("fast")
    server.forget_calls()

    def other_first(call: Call) -> None:
        if call.endpoint == "tasks.completed":
            server.on_call = lambda _: None
            winner.register(fast)
            server.fail(2, Way.ERROR)  # the query of the loser; it never learns that it lost

    server.on_call = other_first
    with pytest.raises(Unreachable):
        loser.register(slow)
    assert len(server.calls) > calls
    assert len(completed(server)) == 2
    with pytest.raises(InputError, match="with other content"):
        connect("slow").register(slow)
    assert completed(server) == [winner.find("b" * 64)]


def half_made(server: ClearMLServer, clone: str) -> str:
    """The ID of a version that a clone began and did not complete."""
    registry = connect(clone)
    server.fail(calls_of(server, draft("c", "3.0")) - 2, Way.ERROR)
    with pytest.raises(Unreachable):
        registry.register(draft("a", "1.0"))
    (one,) = (one for one, task in server.tasks.items() if task["status"] != "completed")
    return one


def test_what_another_clone_is_making_is_left_alone(server: ClearMLServer) -> None:
    half = half_made(server, "there")
    made = connect("here").register(draft("a", "1.0"))
    assert set(server.tasks) == {half, made}
    assert completed(server) == [made]


def test_what_another_clone_left_long_ago_is_taken_away(server: ClearMLServer) -> None:
    half = half_made(server, "there")
    server.tasks[half]["last_update"] = now() - OLD
    made = connect("here").register(draft("a", "1.0"))
    assert list(server.tasks) == [made]


def test_our_own_half_made_version_goes_when_another_clone_was_quicker(
    server: ClearMLServer,
) -> None:
    half_made(server, "here")
    made = connect("there").register(draft("a", "1.0"))
    assert connect("here").register(draft("a", "1.0")) == made
    assert list(server.tasks) == [made]


def test_two_clones_that_commit_at_the_same_time_hold_one_id(
    clearml_repo: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    clearml_repo.commit("Set up")
    other = Repo(tmp_path / "clone", clearml_repo.env)
    clearml_repo.run("git", "clone", "-q", str(clearml_repo.path), str(other.path))
    for name in ("user.name", "user.email"):
        other.git("config", name, clearml_repo.git("config", name))
    data = clearml_repo.write("data/cat/a.jpg", "a").parent.parent
    other.dsv("init")
    for repo in (clearml_repo, other):
        repo.dsv("add", str(data), "--name", "pets", "--labels", "{label}/*")
        repo.git("add", "manifests")
    both = threading.Barrier(2)

    def meet(call: Call) -> None:
        if call.endpoint == "tasks.create":
            both.wait(60)

    server.on_call = meet
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda repo: repo.git("commit", "-qm", "Add pets"), (clearml_repo, other)))
    server.on_call = lambda _: None
    (one,) = completed(server)
    assert len(server.tasks) == 2
    records = [
        r.git("show", "HEAD:manifests/pets/versions/1.0.json") for r in (clearml_repo, other)
    ]
    assert records[0] == records[1]
    assert one in records[0]


def test_another_content_under_a_name_is_refused_in_one_line(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    data = clearml_repo.write("data/cat/a.jpg", "a").parent.parent
    clearml_repo.commit("Set up")
    clearml_repo.dsv("add", str(data), "--name", "pets", "--project", "Data/Animals")
    made = connect("there").register(draft("a", "1.0"))
    clearml_repo.git("add", "-A")
    told = clearml_repo.run("git", "commit", "-qm", "Add pets").stderr
    assert told.startswith("dsv: pets@1.0 stays pending: ClearML has Data/Animals/pets 1.0 with")
    assert f"registered by Ada as {made} (dsv bump pets)\n" in told
    assert told.count("\n") == 1
    clearml_repo.dsv("bump", "pets")
    clearml_repo.commit("Bump pets")
    assert len(completed(server)) == 2
