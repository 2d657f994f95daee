"""A commit never fails and never waits for ClearML, whatever ClearML does: one line says so, and
`dsv sync` makes good for it."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dsv_git.flow.register.order import Located
from dsv_git.flow.register.registrar import Apart
from dsv_git.flow.workspace import Workspace
from tests.clearml.versions import completed
from tests.clearml_server import Call, ClearMLServer, Way
from tests.conftest import SOURCE, Repo

DSV = (sys.executable, "-m", "dsv_git")
PENDING = "dsv: pets@1.0 stays pending: "
PLACES = {
    "the file server": "tasks.started",
    "tasks.create": "tasks.get_all_ex",
    "tasks.completed": "events.add_batch",
    "the last query": "tasks.completed",
}
"""Which call comes before the one that fails."""


@pytest.fixture
def team(clearml_repo: Repo, server: ClearMLServer) -> Iterator[Repo]:
    """A repository whose next commit makes a version; in the end, no output has told the secret."""
    clearml_repo.commit("Set up")
    clearml_repo.write("data/cat/a.jpg", "a")
    clearml_repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    clearml_repo.git("add", "-A")
    yield clearml_repo
    log = clearml_repo.path / ".git/dsv/registry.log"
    if log.exists():
        for secret in (server.login.secret_key, server.login.access_key, "Traceback"):
            assert secret not in log.read_text()


def committed(repo: Repo, server: ClearMLServer) -> str:
    """What a commit says on stderr; it succeeds, and says no secret."""
    done = repo.run("git", "commit", "-qm", "Add pets")
    for secret in (server.login.secret_key, server.login.access_key):
        assert secret not in done.stdout + done.stderr
    return done.stderr


def one_line(repo: Repo, server: ClearMLServer) -> str:
    """The line that a commit says of a version that stays pending."""
    told = committed(repo, server)
    assert told.startswith(PENDING), told
    assert told.count("\n") == 1, told
    assert repo.status == ""
    assert not (repo.path / "manifests/pets/versions").exists()
    return told


def synced(repo: Repo, server: ClearMLServer) -> None:
    """After a sync there is one version, and its record is in git."""
    told = repo.run(*DSV, "sync")
    assert told.stderr == ""
    (one,) = completed(server)
    assert list(server.tasks) == [one]
    assert f"pets@1.0 = {one}" in told.stdout
    assert f'"{one}"' in repo.git("show", "HEAD:manifests/pets/versions/1.0.json")
    assert repo.status == ""


def quick(repo: Repo) -> None:
    """Gives registrations in hooks three seconds."""
    config = (repo.path / ".dsv.yaml").read_text()
    repo.write(".dsv.yaml", config + "register: {timeout: 3}\n")
    repo.git("add", ".dsv.yaml")


def fail_after(server: ClearMLServer, endpoint: str, way: Way) -> None:
    """Lets the call fail that comes after the first one of an endpoint."""

    def plan(call: Call) -> None:
        if call.endpoint == endpoint:
            server.on_call = lambda _: None
            server.fail(1, way)

    server.on_call = plan


@pytest.mark.parametrize(
    ("way", "place"),
    [
        (Way.REFUSE, "the login"),
        (Way.GARBAGE, "the login"),
        (Way.HANG, "tasks.create"),
        (Way.ERROR, "tasks.create"),
        (Way.DIE_AFTER, "tasks.create"),
        (Way.UNAUTHORIZED, "the file server"),
        (Way.GATEWAY, "tasks.completed"),
        (Way.DIE, "tasks.completed"),
        (Way.BROKEN, "the last query"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name.lower(),
)
def test_a_commit_succeeds_and_a_sync_makes_good(
    team: Repo, server: ClearMLServer, way: Way, place: str
) -> None:
    if way is Way.HANG:
        quick(team)
    if place == "the login":
        server.fail(1, way)
    else:
        fail_after(server, PLACES[place], way)
    told = one_line(team, server)
    assert "dsv sync" in told or "clearml-init" in told
    assert (way is Way.HANG) == ("did not answer within 3 s" in told)
    server.on_call = lambda _: None
    server.start()
    synced(team, server)


def self_signed(folder: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody knows."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {key}"
    subprocess.run([*made.split(), "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=greet)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def unknown_certificate(tmp_path: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody knows."""
    yield from self_signed(tmp_path)


def test_a_certificate_that_nobody_knows(
    team: Repo, server: ClearMLServer, unknown_certificate: str
) -> None:
    team.env["CLEARML_API_HOST"] = unknown_certificate
    told = one_line(team, server)
    assert "TLS" in told
    assert "api.verify_certificate" in told


def test_nothing_is_configured(team: Repo, server: ClearMLServer) -> None:
    for name in server.environment:
        del team.env[name]
    told = one_line(team, server)
    for word in (
        "not configured",
        "clearml-init",
        "CLEARML_API_HOST",
        "CLEARML_API_ACCESS_KEY",
        "CLEARML_API_SECRET_KEY",
    ):
        assert word in told


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CLEARML_API_SECRET_KEY", "no-such-key", "refused the login"),
        ("CLEARML_API_HOST", "http://nowhere.invalid", "is not reachable"),
        ("CLEARML_API_HOST", "https://{plain}", "TLS"),
    ],
    ids=["credentials", "name", "plain"],
)
def test_what_is_configured_is_wrong(
    team: Repo, server: ClearMLServer, name: str, value: str, says: str
) -> None:
    team.env[name] = value.format(plain=server.api_url.removeprefix("http://"))
    told = one_line(team, server)
    assert says in told
    assert value not in told or "CLEARML_API_SECRET_KEY" not in name
    team.env[name] = server.environment[name]
    synced(team, server)


@pytest.fixture
def black_hole() -> Iterator[str]:
    """An address that takes no connection and refuses none: its queue is full."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        for one in waiting:
            one.close()


def test_a_server_that_swallows_everything_is_asked_once_in_a_quarter_of_an_hour(
    team: Repo, server: ClearMLServer, black_hole: str, tmp_path: Path
) -> None:
    team.env["CLEARML_API_HOST"] = black_hole
    started = tmp_path / "started"
    counting = team.write(
        "../python", f'#!/bin/sh\necho >>"{started}"\nexec "{sys.executable}" "$@"\n'
    )
    counting.chmod(0o755)
    team.git("config", "dsv.python", str(counting))
    assert "no connection in 2 s" in one_line(team, server)
    at_first = len(started.read_text())
    for number in range(10):
        assert code_commit(team, str(number)) == ""
    assert len(started.read_text()) == at_first
    mark = team.path / ".git/dsv/pending"
    assert int(mark.read_text()) > 0
    mark.write_text("1\n")
    assert code_commit(team, "later").startswith(PENDING)
    assert code_commit(team, "and again") == ""
    assert len(started.read_text()) == at_first + 1
    team.env.update(server.environment)
    synced(team, server)


def code_commit(repo: Repo, text: str) -> str:
    """What a commit without data says."""
    repo.write("train.py", text)
    repo.git("add", "train.py")
    return repo.run("git", "commit", "-qm", text).stderr


@pytest.mark.parametrize("way", [Way.ERROR, Way.REFUSE])
def test_which_commit_holds_a_version_is_told_later(
    team: Repo, server: ClearMLServer, way: Way
) -> None:
    def plan(call: Call) -> None:
        if call.endpoint == "tasks.completed":
            server.on_call = lambda _: server.fail(1, way)

    server.on_call = plan
    assert committed(team, server).startswith("dsv: pets@1.0 = ")
    (task,) = server.tasks.values()
    head = team.git("rev-parse", "HEAD")
    assert task["script"]["version_num"] != head
    server.start()
    server.on_call = lambda _: None
    assert team.run(*DSV, "sync").stderr == ""
    assert task["script"]["version_num"] == head
    assert task["hyperparams"]["properties"]["git_commit"]["value"] == head


def test_a_version_that_was_deleted_there_keeps_nothing_from_the_others(
    team: Repo, server: ClearMLServer
) -> None:
    team.dsv("add", "data", "--name", "animals", "--labels", "{label}/*")
    team.commit("Add both")
    first, second = sorted(server.tasks)  # in this order they are told
    del server.tasks[first]
    team.git("commit", "-q", "--amend", "-m", "Add both of them")
    assert server.tasks[second]["script"]["version_num"] == team.git("rev-parse", "HEAD")


def test_a_new_description_is_told_later(team: Repo, server: ClearMLServer) -> None:
    committed(team, server)
    (task,) = server.tasks.values()
    manifest = team.path / "manifests/pets/manifest.yaml"
    manifest.write_text(manifest.read_text() + "description: all cats\n")
    fail_after(server, "tasks.edit", Way.ERROR)
    team.commit("Describe them")
    properties = task["hyperparams"]["properties"]
    server.start()
    assert team.run(*DSV, "sync").stderr == ""
    assert task["comment"] == "all cats"
    assert task["hyperparams"]["properties"] == properties
    server.forget_calls()
    team.dsv("sync")
    assert server.calls == ()


def test_a_server_that_dies_after_the_login_is_waited_for_once(
    team: Repo, server: ClearMLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    committed(team, server)
    (one,) = server.tasks
    tip = team.git("rev-parse", "HEAD")
    located = Located(one, "pets", team.git("rev-parse", "HEAD:manifests/pets"), tip)
    server.forget_calls()
    server.fail(2, Way.HANG, then=Way.HANG)
    apart = Apart(Workspace.open(team.path), tip, "main", silence=5.0)
    try:
        assert apart.locate([located]).told == ()
        assert [call.endpoint for call in server.calls] == ["auth.login", "tasks.edit"]
        assert apart.describe([located]).told == ()
        assert len(server.calls) == 2
    finally:
        apart.close()


def test_many_pending_versions_wait_for_a_silent_server_twice_at_most(
    team: Repo, server: ClearMLServer
) -> None:
    for name in ("birds", "dogs", "fish"):
        team.dsv("add", "data", "--name", name, "--labels", "{label}/*")
    team.git("add", "-A")
    server.forget_calls()
    server.fail(2, Way.GATEWAY, then=Way.GATEWAY)
    told = committed(team, server).splitlines()
    assert len(told) == 4
    assert all("stays pending" in line and "502" in line for line in told)
    assert [call.endpoint for call in server.calls] == ["auth.login", *["projects.get_all_ex"] * 2]
