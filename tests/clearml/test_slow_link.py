"""Large versions over a slow line: a hook gives up in one line, `dsv sync` waits as long as
anything moves."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from dsv_git.flow.history.pending import pending
from dsv_git.flow.history.view import look
from dsv_git.flow.register.order import Registered, order_of
from dsv_git.flow.register.registrar import Apart
from dsv_git.flow.register.service import MANY
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import encode_entries
from tests.clearml.versions import completed
from tests.clearml_server import ClearMLServer
from tests.conftest import SOURCE, Repo

ENTRIES = 25_000
HOOK = 1
"""Seconds that a hook has here."""
SILENCE = 4.5
"""Seconds. What the network's own buffers hold, some 6 MB here, must be on the line in less."""
TEN_MEGABIT = 1_250_000
TWENTY_MEGABIT = 2_500_000
MANIFEST = """format: 1
project: Data/Animals
version: 1.0
data: {root: /data/pets}
samples: 0
layout: {depth: 1}
"""


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[ClearMLServer]:
    """A server behind a line of so many bytes per second, or a fast one."""
    bandwidth = getattr(request, "param", None)
    latency = 0.1 if bandwidth else 0.0
    with ClearMLServer(bandwidth=bandwidth, latency=latency) as running:
        yield running


def stage(repo: Repo, entries: int) -> None:
    """Stages a version of so many entries whose files are nowhere."""
    text = repo.path / ".dsv.yaml"
    text.write_text(text.read_text() + f"register: {{timeout: {HOOK}}}\n")
    repo.write("manifests/pets/manifest.yaml", MANIFEST)
    for start in range(0, entries, 5_000):
        rows = [
            Entry(f"{number:06}.jpg", number + 1, f"xxh3:{number:032x}", "cat", "train")
            for number in range(start, min(entries, start + 5_000))
        ]
        repo.write(f"manifests/pets/files/{start:06}.jsonl", encode_entries(rows))
    repo.git("add", "-A")


def told(repo: Repo) -> list[str]:
    """The lines that a commit says of the version; it succeeds."""
    return repo.run("git", "commit", "-qm", "Add pets").stderr.splitlines()


def links(server: ClearMLServer, version: str) -> int:
    """How many entries the state of a version has."""
    (path,) = (p for p in server.files if version in p and p.endswith("state.json"))
    return len(json.loads(server.files.read(path))["dataset_link_entries"])


def seconds_on_the_line(server: ClearMLServer, bandwidth: int) -> float:
    """How long what was sent since the last time took at least."""
    return sum(call.size for call in server.calls) / bandwidth


@pytest.mark.parametrize("server", [TEN_MEGABIT], indirect=True)
def test_what_a_hook_has_no_time_for_dsv_sync_registers(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    stage(clearml_repo, ENTRIES)
    (line,) = told(clearml_repo)
    assert line.startswith("dsv: pets@1.0 stays pending: "), line
    assert line.endswith("(dsv sync)"), line
    assert completed(server) == []

    server.forget_calls()
    said = clearml_repo.dsv("sync")
    (version,) = completed(server)
    assert version in said
    assert links(server, version) == ENTRIES
    assert seconds_on_the_line(server, TEN_MEGABIT) > 4 * HOOK


@pytest.mark.parametrize("server", [TWENTY_MEGABIT], indirect=True)
def test_a_slow_upload_is_no_silence(
    clearml_repo: Repo, server: ClearMLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(clearml_repo, 3 * ENTRIES)
    clearml_repo.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "Add pets")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    tip = clearml_repo.git("rev-parse", "HEAD")
    workspace = Workspace.open(clearml_repo.path)
    ready, _ = pending(look(workspace, tip).resolver)
    apart = Apart(workspace, tip, "main", silence=SILENCE)
    try:
        (done,) = apart.register([order_of(item, "clearml") for item in ready])
    finally:
        apart.close()
    assert isinstance(done, Registered), done
    assert completed(server) == [done.id]
    assert seconds_on_the_line(server, TWENTY_MEGABIT) > 1.3 * SILENCE


def test_a_hook_leaves_many_entries_to_dsv_sync(clearml_repo: Repo, server: ClearMLServer) -> None:
    stage(clearml_repo, MANY + 1)
    (clearml_repo.path / ".dsv.yaml").write_text("registry: clearml\n")
    clearml_repo.git("add", "-A")
    (line,) = told(clearml_repo)
    assert line.startswith("dsv: pets@1.0 stays pending: it has 100,001 files"), line
    assert line.endswith("(dsv sync)"), line
    assert server.tasks == {}
    assert [call for call in server.calls if call.endpoint != "auth.login"] == []
